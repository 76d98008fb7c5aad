import { expect, it } from 'vitest'
import { createDueJails } from './due-jails.ts'

function setUp() {
  const time = { now: 0 }
  return { time, due: createDueJails(() => time.now) }
}

it('a jail is due when its time has come, once, and the longest due is first', () => {
  const { time, due } = setUp()
  due.add('sshd', { after: 300 })
  due.add('web', { after: 200 })
  expect(due.take()).toBeUndefined()
  time.now = 300
  expect(due.take()).toEqual({ jail: 'web', reason: 'changed' })
  expect(due.take()).toEqual({ jail: 'sshd', reason: 'changed' })
  expect(due.take()).toBeUndefined()
})

it('a jail is due again after what happened last, however much happens before it is taken', () => {
  const { time, due } = setUp()
  for (let at = 0; at <= 1_000; at += 100) {
    time.now = at
    due.add('sshd', { after: 500, reason: 'new' })
  }
  expect(due.take()).toEqual({ jail: 'sshd', reason: 'new' })
  expect(due.take()).toBeUndefined()
  time.now = 1_500
  expect(due.take()).toEqual({ jail: 'sshd', reason: 'new' })
  time.now = 9_000
  expect(due.take()).toBeUndefined()
})

it('the reason that needs most counts', () => {
  const { due } = setUp()
  due.add('sshd', { reason: 'restored' })
  due.add('sshd')
  due.add('sshd', { reason: 'new' })
  expect(due.take()).toEqual({ jail: 'sshd', reason: 'changed' })
})

it('a postponed jail is due after that time, and delays no other', () => {
  const { time, due } = setUp()
  due.postpone('sshd', 1_000)
  due.add('sshd')
  due.add('web')
  expect(due.take()?.jail).toBe('web')
  expect(due.take()).toBeUndefined()
  time.now = 1_000
  expect(due.take()?.jail).toBe('sshd')
})
