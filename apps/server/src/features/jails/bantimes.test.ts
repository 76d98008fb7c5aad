import { expect, it } from 'vitest'
import { createBantimes } from './bantimes.ts'

it('bantimes are those that the daemon has now, and a look says which have changed', async () => {
  const daemon = new Map([
    ['sshd', 600],
    ['web', -1],
  ])
  const bantimes = createBantimes({ jails: { listBantimes: async () => [...daemon] } })
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

it('a look that was under way when a bantime was set is followed by another', async () => {
  const answers: ((bantime: number) => void)[] = []
  const bantimes = createBantimes({
    jails: {
      listBantimes: () => new Promise((resolve) => answers.push((bantime) => resolve([['sshd', bantime]]))),
    },
  })
  const first = bantimes.refresh()
  bantimes.outdate()
  const second = bantimes.refresh()
  answers[0]?.(3600)
  await expect.poll(() => answers.length).toBe(2)
  answers[1]?.(7200)
  await Promise.all([first, second])
  expect(bantimes.get('sshd')).toBe(7200)
  expect(bantimes.isCurrent('sshd')).toBe(true)
})
