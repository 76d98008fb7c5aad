import { expect, it } from 'vitest'
import { banFilterOf } from './bans.service.ts'

it('narrows by the jail of the page and by what was typed', () => {
  expect(banFilterOf({})).toEqual({})
  expect(banFilterOf({ jail: 'sshd' })).toEqual({ jail: 'sshd' })
  expect(banFilterOf({ jail: 'sshd', search: 'DE jail:sshd' })).toEqual({ jail: 'sshd', country: 'DE' })
  expect(banFilterOf({ origin: 'blocklist', search: 'DE' })).toEqual({ origin: 'blocklist', country: 'DE' })
  expect(banFilterOf({ search: 'ssh 203.0.113.0/24' })).toMatchObject({
    text: 'ssh',
    addresses: { from: expect.any(Uint8Array), to: expect.any(Uint8Array) },
  })
})

it('finds nothing where two jails are meant, or nothing was understood', () => {
  expect(banFilterOf({ jail: 'sshd', search: 'jail:nginx' })).toBeUndefined()
  expect(banFilterOf({ search: 'jail:' })).toBeUndefined()
  expect(banFilterOf({ search: 'jail: DE' })).toEqual({ country: 'DE' })
})
