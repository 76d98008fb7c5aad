import type { LockOutReport } from '@bangui/shared'
import { expect, it } from 'vitest'
import { describeLockedOut, describeLookedAt, describeUnknown } from './lock-out-report.ts'

const found = {
  address: '192.0.2.7',
  jail: 'sshd',
  reason: 'failures' as const,
  failures: 3,
  at: null,
  ssh: false,
  users: ['anna'],
}

it.each([
  [
    found,
    'This would have banned 192.0.2.7, from which anna has signed in: 3 lines of the log of sshd count as failures, enough for a ban.',
  ],
  [
    { ...found, users: ['anna', 'bob'], ssh: true, failures: 1 },
    'This would have banned 192.0.2.7, from which anna and bob have signed in and an SSH connection is open: 1 line of the log of sshd counts as a failure, enough for a ban.',
  ],
  [
    { ...found, users: [], reason: 'banned' as const, jail: 'a\u202eb' },
    'a\\u{202e}b bans 192.0.2.7, and will block it by its new actions.',
  ],
])('%o', (given, text) => {
  expect(describeLockedOut(given)).toBe(text)
})

const report = (addresses: number, lines: number): LockOutReport => ({
  lockedOut: [],
  addresses,
  lines,
  unknown: [],
})

it('says what was looked at, and what was not', () => {
  expect(describeLookedAt(report(1, 20))).toContain(
    'the last 20 lines of the logs for 1 address from which people sign in',
  )
  expect(describeLookedAt(report(0, 20))).toContain('knows no address')
  expect(describeLookedAt(report(1, 0))).toContain('no log lines')
  expect(describeUnknown('sshd: it has no log.')).toBe('Not looked at: sshd: it has no log.')
})
