import type { Bounds } from '@bangui/shared'
import { expect, it } from 'vitest'
import { overviewTotals } from './overview.ts'
import { byJail, totalsOf, trend } from './totals.ts'
import { createTestArchive } from './test-archive.ts'

const hour = 3_600_000
const now = Date.UTC(2026, 5, 1, 12)
const spans: readonly (readonly [string, Bounds])[] = [
  ['whole days', { from: now - 90 * 24 * hour - 12 * hour, to: now + 12 * hour }],
  ['whole hours', { from: now - 24 * hour, to: now }],
  ['hours that are cut', { from: now - 5 * hour - 1, to: now + 7 }],
]

it.each(spans)(
  'failures of jails that read fail2ban’s own log are in no total of %s',
  async (_what, bounds) => {
    const archive = await createTestArchive([
      { address: '192.0.2.1', at: now - 2 * hour, jail: 'sshd' },
      { address: '192.0.2.1', at: now - 2 * hour, jail: 'again' },
    ])
    archive.addFailures('sshd', now - 2 * hour, 5)
    archive.addFailures('again', now - 2 * hour, 70)
    archive.reading.sqlite.exec(`update archive_jails set reads_own_log = 1 where name = 'again'`)
    const { reading } = archive
    const query = { named: null, bounds, now }
    expect(totalsOf(reading, bounds)).toMatchObject({ bans: 2, failures: 5 })
    expect(overviewTotals(reading, bounds).totals).toMatchObject({ bans: 2, failures: 5 })
    expect(byJail(reading, query)).toEqual([
      { key: 'sshd', bans: 1, failures: 5, asOf: now },
      { key: 'again', bans: 1, failures: 0, echoes: 70, asOf: now },
    ])
    const jails = (measure: 'bans' | 'failures') =>
      trend(reading, { ...query, measure, buckets: 30 }).series.map(({ jail }) => jail)
    expect(jails('failures')).toEqual(['sshd'])
    expect(jails('bans').toSorted()).toEqual(['again', 'sshd'])
  },
)
