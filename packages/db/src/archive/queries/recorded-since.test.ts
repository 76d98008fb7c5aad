import { expect, it } from 'vitest'
import { overviewTotals } from './overview.ts'
import { recordedTimes } from './recorded-since.ts'
import { trend } from './totals.ts'
import { createTestArchive } from './test-archive.ts'

const day = 86_400_000
const now = Date.UTC(2026, 5, 1, 12)

it('compares nothing with a time that was not recorded, and says since when it was', async () => {
  const archive = await createTestArchive([
    { address: '192.0.2.1', at: now - 14 * day },
    { address: '192.0.2.2', at: now - day },
  ])
  archive.reading.sqlite.exec(`update migrations set applied_at = ${now - 3 * day} where name = 'archive'`)
  const span = (days: number) => overviewTotals(archive.reading, { from: now - days * day, to: now })
  expect(span(365)).toMatchObject({ previous: null, recordedSince: now - 14 * day, totals: { bans: 2 } })
  expect(span(10)).toMatchObject({ previous: null, recordedSince: now - 14 * day })
  expect(span(7)).toMatchObject({ previous: { bans: 1 }, recordedSince: null })
})

it('of an empty archive says since when it is there', async () => {
  const archive = await createTestArchive([])
  archive.reading.sqlite.exec(`update migrations set applied_at = ${now - day} where name = 'archive'`)
  const found = overviewTotals(archive.reading, { from: now - 7 * day, to: now })
  expect(found).toMatchObject({ previous: null, recordedSince: now - day })
})

it('does not take a permanent ban, which fail2ban keeps for ever, for a history', async () => {
  const archive = await createTestArchive([
    { address: '192.0.2.1', at: now - 200 * day, duration: -1, until: null, active: true },
    { address: '192.0.2.2', at: now - 4 * day },
  ])
  archive.reading.sqlite.exec(`update migrations set applied_at = ${now - 3 * day} where name = 'archive'`)
  const found = overviewTotals(archive.reading, { from: now - 365 * day, to: now })
  expect(found).toMatchObject({ recordedSince: now - 4 * day })
})

it('tells with a trend since when what it counts is recorded', async () => {
  const archive = await createTestArchive([{ address: '192.0.2.1', at: now - 4 * day }])
  archive.reading.sqlite.exec(`update migrations set applied_at = ${now - 3 * day} where name = 'archive'`)
  const since = (measure: 'bans' | 'failures', days: number) =>
    trend(archive.reading, {
      bounds: { from: now - days * day, to: now },
      named: null,
      now,
      buckets: 60,
      measure,
    }).recordedSince
  expect(since('bans', 7)).toBe(now - 4 * day)
  expect(since('failures', 7)).toBe(now - 3 * day)
  expect(since('bans', 3)).toBeUndefined()
})

it('keeps to what the roll-ups have after the bans themselves were deleted', async () => {
  const archive = await createTestArchive([
    { address: '192.0.2.1', at: now - 200 * day, until: null, active: true },
    { address: '192.0.2.2', at: now - 4 * day },
  ])
  archive.reading.sqlite.exec(`update migrations set applied_at = ${now - 3 * day} where name = 'archive';
    delete from bans where active = 0`)
  expect(recordedTimes(archive.reading)).toEqual({ bans: now - 4 * day, failures: now - 3 * day })
})
