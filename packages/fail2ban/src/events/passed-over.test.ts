import { expect, test } from 'vitest'
import { createPassedOver } from './passed-over.ts'

const log = { path: '/var/log/fail2ban.log.1.gz', inode: '7', size: 10, changedAt: 1 }
const failure = (code: string) => Object.assign(new Error(code), { code })

test.each([[failure('Z_DATA_ERROR')], [new RangeError('too long')]])(
  'a log is not tried again after %o, but what takes its place is',
  (error) => {
    let now = 0
    const passedOver = createPassedOver(() => now)
    passedOver.add(log, error)
    now = 1e12
    expect(passedOver.has(log)).toBe(true)
    expect(passedOver.has({ ...log, changedAt: 2 })).toBe(false)
  },
)

test('a log for which there was no room is tried again after a minute', () => {
  let now = 0
  const passedOver = createPassedOver(() => now)
  expect([passedOver.has(log), passedOver.last()]).toEqual([false, null])
  passedOver.add(log, failure('ENOSPC'))
  now = 59_000
  expect(passedOver.has(log)).toBe(true)
  now = 60_001
  expect(passedOver.has(log)).toBe(false)
  expect(passedOver.last()).toEqual({ path: log.path, reason: 'ENOSPC' })
})
