import fc from 'fast-check'
import type { Bounds } from '@bangui/shared'
import { expect, it } from 'vitest'
import { sparklineBucketsOf } from './time-buckets.ts'
import { countDistinct, type Distinct } from './distinct.ts'
import { overviewTotals } from './overview.ts'
import type { Reading } from './reading.ts'
import { byCountry, byJail, totalsOverTime, totalsOf, total, trend } from './totals.ts'
import { createTestArchive, type TestBan } from './test-archive.ts'

const hour = 3_600_000
const start = Date.UTC(2026, 0, 1)

/** Times that like to fall on the edges of hours and days. */
const times = fc.oneof(
  fc.integer({ min: 0, max: 100 * 24 }).map((hours) => start + hours * hour),
  fc.integer({ min: 0, max: 100 * 24 * hour }).map((offset) => start + offset),
)
const spans = fc
  .tuple(times, times)
  .filter(([one, other]) => one !== other)
  .map(([one, other]): Bounds => ({ from: Math.min(one, other), to: Math.max(one, other) }))

const shortSpans = fc
  .tuple(times, fc.integer({ min: 1, max: 30 * hour }))
  .map(([from, length]): Bounds => ({ from, to: from + length }))

const pick = <TItem>(items: readonly TItem[], index: number): TItem => items[index % items.length] as TItem

/** Bans that need no seed: a fixed walk over times, addresses, jails and countries. */
const bans: readonly TestBan[] = Array.from({ length: 3000 }, (_, index) => ({
  address:
    index % 7 === 0 ? `2001:db8:${1 + (index % 5)}::${1 + (index % 11)}` : `10.0.${index % 13}.${index % 31}`,
  at: start + ((index * 7_919_777) % (100 * 24 * hour)),
  jail: pick(['sshd', 'nginx', 'postfix'], index),
  country: pick(['DE', 'FR', '??', 'US'], index * 3),
})).filter(
  (ban, index, all) =>
    all.findIndex(
      (other) => other.address === ban.address && other.jail === ban.jail && other.at === ban.at,
    ) === index,
)

const inSpan = ({ from, to }: Bounds) => bans.filter(({ at }) => at >= from && at < to)

function finish(reading: Reading, bounds: Bounds): Distinct {
  const steps = countDistinct(reading, bounds)
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
  }
}

function countBy(list: readonly TestBan[], keyOf: (ban: TestBan) => string): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const ban of list) counts[keyOf(ban)] = (counts[keyOf(ban)] ?? 0) + 1
  return counts
}

const toRecord = (rows: readonly { key: string; bans: number }[]) =>
  Object.fromEntries(rows.map(({ key, bans: count }) => [key, count]))

it('sums any span as counting ban by ban does', async () => {
  const { reading } = await createTestArchive(bans)
  const firsts = Object.values(
    Object.groupBy(bans, ({ address }) => address) as Record<string, TestBan[]>,
  ).map((list) => Math.min(...list.map(({ at }) => at)))
  fc.assert(
    fc.property(fc.oneof(spans, shortSpans), fc.integer({ min: 1, max: 100 }), (bounds, buckets) => {
      const query = { named: null, bounds, now: 5 }
      const expected = inSpan(bounds)
      const news = firsts.filter((at) => at >= bounds.from && at < bounds.to).length
      expect(totalsOf(reading, bounds)).toEqual({ bans: expected.length, failures: 0, newAddresses: news })
      expect(toRecord(byJail(reading, query))).toEqual(countBy(expected, ({ jail }) => jail ?? ''))
      expect(toRecord(byCountry(reading, { ...query, limit: 500 }))).toEqual(
        countBy(expected, ({ country }) => country ?? ''),
      )
      const { series, bucketSeconds } = trend(reading, { ...query, buckets, measure: 'bans' })
      expect(series.reduce((sum, { points }) => sum + total(points), 0)).toBe(expected.length)
      expect(bucketSeconds % (bounds.to - bounds.from > 6 * hour ? 3600 : 60)).toBe(0)
      expect(series.every(({ points }) => points.length <= buckets)).toBe(true)
      const points = totalsOverTime(reading, bounds, sparklineBucketsOf(bounds))
      expect([total(points.bans), total(points.newAddresses)]).toEqual([expected.length, news])
    }),
    { numRuns: 60 },
  )
})

it('tells the minutes of a few hours apart, but for failures and for a flood of bans', async () => {
  const { reading } = await createTestArchive([
    { address: '10.0.0.1', at: start + 61_000, jail: 'sshd' },
    { address: '10.0.0.2', at: start + 59 * 60_000, jail: 'sshd' },
    { address: '10.0.0.3', at: start + hour, jail: 'sshd' },
  ])
  const query = { named: null, bounds: { from: start + 30_000, to: start + hour }, now: 5, buckets: 60 }
  const minutes = trend(reading, { ...query, measure: 'bans' })
  expect(minutes).toMatchObject({ start, bucketSeconds: 60 })
  expect(minutes.series[0]?.points.flatMap((count, minute) => (count > 0 ? [minute] : []))).toEqual([1, 59])
  expect(trend(reading, { ...query, measure: 'failures' }).bucketSeconds).toBe(3600)
  const sixHours = { ...query, bounds: { from: start, to: start + 6 * hour }, measure: 'bans' } as const
  expect(trend(reading, sixHours).bucketSeconds).toBe(600)
  expect(
    trend(reading, { ...sixHours, bounds: { from: start, to: start + 6 * hour + 1 } }).bucketSeconds,
  ).toBe(3600)
  reading.sqlite.prepare('update jail_hours set bans = 100001 where start = ?').run(start)
  expect(trend(reading, sixHours).bucketSeconds).toBe(3600)
})

it('counts distinct addresses and top lists as counting ban by ban does', async () => {
  const { reading } = await createTestArchive(bans)
  fc.assert(
    fc.property(fc.oneof(spans, shortSpans, fc.constant({ from: 0, to: start * 2 })), (bounds) => {
      const expected = countBy(inSpan(bounds), ({ address }) => address)
      const { addresses, topAddresses, topNetworks } = finish(reading, bounds)
      expect(addresses).toBe(Object.keys(expected).length)
      const counts = Object.values(expected).sort((one, other) => other - one)
      expect(topAddresses.map((row) => row.bans)).toEqual(counts.slice(0, 500))
      for (const { key, bans: count } of topAddresses) expect(expected[key]).toBe(count)
      const networks = topNetworks.reduce((sum, row) => sum + row.bans, 0)
      expect(networks).toBe(inSpan(bounds).length)
    }),
    { numRuns: 60 },
  )
  expect(reading.all('select name from temp.sqlite_schema')).toEqual([])
})

it('says of a top address its country, jails, first and last time', async () => {
  const { reading } = await createTestArchive([
    { address: '10.0.0.1', at: start + 1, jail: 'sshd', country: 'DE' },
    { address: '10.0.0.1', at: start + 5, jail: 'nginx', country: 'DE' },
    { address: '10.0.0.2', at: start + 9, country: 'DE' },
    { address: '10.0.0.0/8', at: start + 9 },
    { address: 'example.org', at: start + 2 },
  ])
  const { topAddresses, topNetworks } = finish(reading, { from: start, to: start + hour })
  const [first] = topAddresses
  expect(first).toEqual({
    key: '10.0.0.1',
    bans: 2,
    most: 2,
    country: 'DE',
    jails: 2,
    firstAt: start + 1,
    lastAt: start + 5,
    asOf: 0,
  })
  expect(topNetworks).toEqual([
    { key: '10.0.0.0/24', bans: 3, addresses: 2, country: 'DE', asOf: 0 },
    { key: '10.0.0.0/8', bans: 1, addresses: 1, country: null, asOf: 0 },
  ])
})

it('counts failures by the hour, each hour where it begins', async () => {
  const archive = await createTestArchive()
  archive.addFailures('sshd', start + 1, 5)
  archive.addFailures('sshd', start + hour + 1, 7)
  const failures = (from: number, to: number) => totalsOf(archive.reading, { from, to }).failures
  expect(failures(start, start + 2 * hour)).toBe(12)
  expect(failures(start + 1, start + 2 * hour)).toBe(7)
  expect(failures(start, start + 1)).toBe(5)
  expect(failures(start, start + hour + 1)).toBe(12)
})

it('gives an overview of all from the first day on, with nothing before to compare with', async () => {
  const { reading } = await createTestArchive(bans)
  const { span, totals, previous, overTime } = overviewTotals(reading, {
    from: 0,
    to: start + 100 * 24 * hour,
  })
  expect(span.from).toBe(start)
  expect([totals.bans, previous]).toEqual([bans.length, null])
  expect(overTime.bans).toHaveLength(50)
})
