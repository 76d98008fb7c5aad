import { expect, it } from 'vitest'
import { parseJournalRecord } from './journal-records.ts'

/** As journalctl 252 writes an entry. */
const entry = (fields: Record<string, unknown>) =>
  JSON.stringify({
    __CURSOR: 's=6b2;i=1;b=51c;m=5d3;t=64f;x=9a1',
    __REALTIME_TIMESTAMP: '1767225600123456',
    _PID: '77',
    ...fields,
  })
const ban = { logger: 'actions', level: 'NOTICE', message: '[sshd] Ban 203.0.113.1', pid: 77 }

it.each([
  [
    'fail2ban itself',
    {
      SYSLOG_IDENTIFIER: 'fail2ban',
      LOGGER: 'fail2ban.actions',
      PRIORITY: '5',
      MESSAGE: '[sshd] Ban 203.0.113.1',
    },
    ban,
  ],
  [
    'syslog, with the logger as the identifier',
    { SYSLOG_IDENTIFIER: 'fail2ban.actions', MESSAGE: 'NOTICE [sshd] Ban 203.0.113.1' },
    ban,
  ],
  [
    'the standard output of its service',
    {
      SYSLOG_IDENTIFIER: 'fail2ban-server',
      MESSAGE: '2026-01-01 00:00:00,123 fail2ban.actions        [77]: NOTICE  [sshd] Ban 203.0.113.1',
    },
    ban,
  ],
  ['another message of its unit', { SYSLOG_IDENTIFIER: 'systemd', MESSAGE: 'Started fail2ban.' }, undefined],
  ['bytes that are no text', { LOGGER: 'fail2ban.actions', PRIORITY: '5', MESSAGE: [255] }, { message: '' }],
])('parseJournalRecord reads an entry of %s', (_from, fields, record) => {
  const found = parseJournalRecord(entry(fields))
  expect(found?.at).toBe(1_767_225_600_123)
  if (record === undefined) expect(found?.record).toBeUndefined()
  else expect(found?.record).toMatchObject(record)
})

it.each(['', 'x', '[]', '{}', '{"__CURSOR":"a b","__REALTIME_TIMESTAMP":"1"}'])(
  'parseJournalRecord reads nothing from %j',
  (line) => {
    expect(parseJournalRecord(line)).toBeUndefined()
  },
)
