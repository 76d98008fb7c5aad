import { parseAddress } from '@bangui/shared'
import { describe, expect, it } from 'vitest'
import { allowListOf, createAllowList, type Allowed } from './allow-list.ts'
import { createBanApi } from '../../../test/ban-api.ts'
import { insertIgnore } from '@bangui/db'

const own = (entry: string, note: string | null = null): Allowed => ({
  entry,
  source: 'bangui',
  note,
  by: 'anna',
})
const other = (entry: string): Allowed => ({ entry, source: 'config', note: null, by: null })

const addressOf = (text: string) => {
  const address = parseAddress(text)
  if (!address) throw new Error(text)
  return address
}

describe('an allow list', () => {
  const list = createAllowList([
    own('198.51.100.0/24', 'office'),
    other('198.51.100.7'),
    other('198.51.0.0/16'),
    own('2a00:1::/32'),
    other('host.example.org'),
  ])

  it.each([
    ['198.51.100.8', '198.51.100.0/24', '198.51.100.0/24'],
    ['198.51.100.7', '198.51.100.7', '198.51.100.7'],
    ['198.51.7.7', '198.51.0.0/16', '198.51.0.0/16'],
    ['198.51.100.0/25', '198.51.100.0/24', '198.51.100.0/24'],
    ['198.0.0.0/8', undefined, '198.51.100.0/24'],
    ['198.52.0.0/16', undefined, undefined],
    ['2a00:1::5', '2a00:1::/32', '2a00:1::/32'],
    ['2a00::/16', undefined, '2a00:1::/32'],
    ['::/1', undefined, '2a00:1::/32'],
    ['2a00:2::/32', undefined, undefined],
  ])('has %s covered by %s, and touched by %s', (text, covering, touching) => {
    expect(list.covers(addressOf(text))?.entry).toBe(covering)
    expect(list.touches(addressOf(text))?.entry).toBe(touching)
  })

  it('has the note of the entry that somebody added, also where the configuration has it', () => {
    const both = createAllowList([own('192.0.2.1', 'mine'), other('192.0.2.1')])
    expect(both.covers(addressOf('192.0.2.1'))).toEqual(own('192.0.2.1', 'mine'))
  })

  it('has the addresses of a host name', () => {
    const named = createAllowList([own('office.example.org', 'mine')], {
      addressesOf: new Map([['office.example.org', ['192.0.2.1', '2a00:1::5']]]),
    })
    expect(named.covers(addressOf('192.0.2.1'))?.entry).toBe('office.example.org')
    expect(named.touches(addressOf('2a00:1::/64'))?.entry).toBe('office.example.org')
    expect(named.covers(addressOf('192.0.2.2'))).toBeUndefined()
  })

  it('has another version where it covers something else, in whatever order', () => {
    const { version } = createAllowList([own('192.0.2.1'), other('192.0.2.2')])
    expect(createAllowList([other('192.0.2.2'), own('192.0.2.1', 'a note')]).version).toBe(version)
    expect(createAllowList([own('192.0.2.1')]).version).not.toBe(version)
  })

  it('is that of a jail, with what the jail ignores where it runs', async () => {
    await using at = await createBanApi()
    const entry = { everyHost: false, note: null, by: 'anna', addedAt: 1, expiresAt: null }
    await insertIgnore(at.deps.hostDb, { ...entry, address: '192.0.2.1', jail: null })
    await insertIgnore(at.deps.hostDb, { ...entry, address: '192.0.2.2', jail: 'stopped' })
    const covered = async (jail: string, text: string) =>
      (await allowListOf(at.deps, jail)).covers(addressOf(text))?.source
    expect(await covered('sshd', '192.0.2.1')).toBe('bangui')
    expect(await covered('sshd', '192.0.2.2')).toBeUndefined()
    expect(await covered('sshd', '198.51.100.9')).toBe('config')
    expect(await covered('stopped', '192.0.2.2')).toBe('bangui')
    expect(await covered('stopped', '198.51.100.9')).toBeUndefined()
  })
})
