import { expect, it } from 'vitest'
import { createBantimes } from './bantimes.ts'

it('bantimes are those that the daemon has now, and a look says which have changed', async () => {
  const daemon = new Map([
    ['sshd', 600],
    ['web', -1],
  ])
  const bantimes = createBantimes({ listBantimes: async () => new Map(daemon) })
  expect(bantimes.get('sshd')).toBeUndefined()
  expect(await bantimes.refresh()).toEqual(['sshd', 'web'])
  expect(await bantimes.refresh()).toEqual([])
  expect([bantimes.isCurrent('sshd'), bantimes.isCurrent('other')]).toEqual([true, false])
  bantimes.outdate()
  expect(bantimes.isCurrent('sshd')).toBe(false)
  daemon.set('sshd', 60)
  daemon.delete('web')
  expect(await bantimes.refresh()).toEqual(['sshd'])
  expect([bantimes.get('sshd'), bantimes.get('web')]).toEqual([60, undefined])
})
