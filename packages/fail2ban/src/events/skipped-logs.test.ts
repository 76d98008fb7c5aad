import { expect, test } from 'vitest'
import { createSkippedLogs } from './skipped-logs.ts'

const log = { path: '/var/log/fail2ban.log.1.gz', inode: '7', size: 10, changedAt: 1 }
const failure = (code: string) => Object.assign(new Error(code), { code })

test.each([[failure('Z_DATA_ERROR')], [new RangeError('too long')]])(
  'a log is not tried again after %o, but what takes its place is',
  (error) => {
    let now = 0
    const skipped = createSkippedLogs(() => now)
    skipped.add(log, error)
    now = 1e12
    expect(skipped.has(log)).toBe(true)
    expect(skipped.has({ ...log, changedAt: 2 })).toBe(false)
  },
)

test('a log for which there was no room is tried again after a minute', () => {
  let now = 0
  const skipped = createSkippedLogs(() => now)
  expect([skipped.has(log), skipped.last()]).toEqual([false, null])
  skipped.add(log, failure('ENOSPC'))
  now = 59_000
  expect(skipped.has(log)).toBe(true)
  now = 60_001
  expect(skipped.has(log)).toBe(false)
  expect(skipped.last()).toEqual({ path: log.path, reason: 'ENOSPC' })
})
