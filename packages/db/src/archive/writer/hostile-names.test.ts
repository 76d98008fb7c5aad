import { expect, it } from 'vitest'
import { openTempWriter } from '../../testing/temp-writer.ts'
import { describeAddress } from '../queries/describe-address.ts'
import { openReading } from '../queries/reading.ts'

const names = [
  '__proto__',
  'constructor',
  '\0',
  '\ud800',
  'a'.repeat(255),
  '=cmd()',
  "'; drop table bans; --",
  '%_',
  '0.0.0.0/0',
  '::ffff:1.2.3.4',
  'fe80::1%eth0',
  '1.2.3.4/33',
  '01.2.3.4',
]

it.each(names)('a jail and an address named %j are kept like any other', async (name) => {
  const { writer, bans, path } = await openTempWriter()
  const at = Date.UTC(2026, 4, 1)
  const line = { jail: name, address: name, at }
  await writer.ingest({
    events: [
      { event: { type: 'ban', restored: false, ...line }, country: null, bantime: 600 },
      { event: { type: 'failure', failedAt: at, ...line }, country: null, bantime: null },
    ],
    cursor: null,
  })
  const [ban] = bans()
  expect(bans()).toHaveLength(1)
  const active = [{ address: ban?.address ?? '', bannedAt: at, duration: 600, country: null }]
  expect((await writer.syncActive(name, active, { asOf: at + 1, reason: 'unknown' })).events).toEqual([])
  expect(describeAddress(openReading(path), name, at)).toMatchObject({
    active: [{ address: ban?.address, jail: ban?.jail }],
    totals: { bans: 1, jails: 1 },
  })
})
