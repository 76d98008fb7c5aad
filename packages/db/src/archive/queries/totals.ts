import { type Bounds, type CountryStats, HOUR_MS, type JailStats, type StatsTrend } from '@bangui/shared'
import type { OverviewNumbers, StatsQuery } from '../reader-port.ts'
import { timeBucketsOf, minuteBucketsOf, withBeginning, type TimeBuckets } from './time-buckets.ts'
import { ownLogJails, readRollUpRows, type RollUpRow } from './roll-up-rows.ts'
import { floor, rollUpRangesOf } from './roll-up-ranges.ts'
import type { Reading } from './reading.ts'
import { andJail, andOrigin, inHosts, timeIndexOf } from './scope.ts'
import { recordedTimes } from './recorded-since.ts'

export type Totals = Omit<OverviewNumbers, 'addresses'>

/** One time bucket for the whole span. */
const wholeSpan = { size: HOUR_MS * 24 * 1_000_000, start: 0 }

/** Returns the totals of a span. */
export function totalsOf(reading: Reading, bounds: Bounds): Totals {
  const totals = { bans: 0, failures: 0, newAddresses: 0 }
  for (const row of readRollUpRows(reading, { ...bounds, ...wholeSpan, by: 'jail' })) addRow(totals, row)
  return totals
}

/** Returns bans and failures by the name of the jail, most bans first. */
export function byJail(reading: Reading, { bounds, now }: StatsQuery): JailStats[] {
  const names = jailNames(reading)
  const ofOwnLog = new Set(ownLogJails(reading))
  const counts = new Map<string, { bans: number; failures: number; echoes: number | undefined }>()
  for (const row of readRollUpRows(reading, { ...bounds, ...wholeSpan, by: 'jail', echoes: true })) {
    const name = names.get(row.jail) ?? ''
    const count = counts.get(name) ?? { bans: 0, failures: 0, echoes: undefined }
    count.bans += row.bans
    if (ofOwnLog.has(row.jail)) count.echoes = (count.echoes ?? 0) + row.failures
    else count.failures += row.failures
    counts.set(name, count)
  }
  return [...counts]
    .filter(([, { bans, failures, echoes = 0 }]) => bans + failures + echoes > 0)
    .map(([key, { bans, failures, echoes }]) => ({
      key,
      bans,
      failures,
      asOf: now,
      ...(echoes !== undefined && { echoes }),
    }))
    .sort(
      (one, other) => other.bans - one.bans || other.failures - one.failures || compare(one.key, other.key),
    )
}

/** Returns bans by country, most first. */
export function byCountry(
  reading: Reading,
  { bounds, limit, now }: StatsQuery & { readonly limit: number },
): CountryStats[] {
  const numbers = new Map<string, number>()
  for (const { source, from, to } of rollUpRangesOf(bounds)) {
    const text =
      source === 'bans'
        ? `select b.country, count(*) as bans from bans b indexed by ${timeIndexOf(reading)}
           where b.at >= ? and b.at < ? ${andJail(reading)} ${andOrigin(reading)} group by b.country`
        : `select country, sum(bans) as bans from country_${source}
           where ${inHosts(reading)} and start >= ? and start < ? ${andOrigin(reading, 'origin')} group by country`
    for (const { country, bans } of reading.all<{ country: string; bans: number }>(text, from, to))
      numbers.set(country, (numbers.get(country) ?? 0) + bans)
  }
  return [...numbers]
    .filter(([, bans]) => bans > 0)
    .map(([key, bans]) => ({ key, bans, asOf: now }))
    .sort((one, other) => other.bans - one.bans || compare(one.key, other.key))
    .slice(0, limit)
}

/** Above this, buckets of minutes, which need every ban, would keep quick queries waiting. */
const MAX_BANS_BY_MINUTE = 100_000

/** Returns buckets of minutes where a span is short and has few bans; failures are stored by the hour. */
function trendBuckets(reading: Reading, bounds: Bounds, query: TrendQuery): TimeBuckets {
  const minutes = query.measure === 'bans' ? minuteBucketsOf(bounds, query.buckets) : undefined
  const about =
    minutes &&
    reading.get<{ bans: number | null }>(
      `select sum(bans) as bans from jail_hours
       where start >= ? and start < ? ${andJail(reading, 'jail_id')} ${andOrigin(reading, 'origin')}`,
      floor(bounds.from, HOUR_MS),
      bounds.to,
    )?.bans
  return minutes && (about ?? 0) <= MAX_BANS_BY_MINUTE ? minutes : timeBucketsOf(bounds, query.buckets)
}

type TrendQuery = StatsQuery & { readonly buckets: number; readonly measure: 'bans' | 'failures' }

/** Returns counts over time by the name of the jail, most first, in buckets of whole hours or days, or of minutes for a few hours of bans. */
export function trend(reading: Reading, query: TrendQuery): StatsTrend {
  const bounds = withBeginning(reading, query.bounds)
  const buckets = trendBuckets(reading, bounds, query)
  const names = jailNames(reading)
  const counts = new Map<string, number[]>()
  for (const row of readRollUpRows(reading, { ...bounds, ...buckets, by: 'both' })) {
    const name = names.get(row.jail) ?? ''
    const series = counts.get(name) ?? Array<number>(buckets.count).fill(0)
    addCount(series, indexOf(buckets, row), row[query.measure])
    counts.set(name, series)
  }
  const series = [...counts]
    .map(([jail, values]) => ({ jail, points: values, total: total(values) }))
    .filter((one) => one.total > 0)
    .sort((one, other) => other.total - one.total || compare(one.jail, other.jail))
    .map(({ jail, points: values }) => ({ jail, points: values }))
  const { [query.measure]: since } = recordedTimes(reading)
  return {
    bucketSeconds: buckets.size / 1000,
    start: buckets.start,
    series,
    ...(since > buckets.start && { recordedSince: since }),
  }
}

export type TotalsOverTime = { readonly [TKey in keyof Totals]: number[] }

/** Returns the counts of each time bucket, of all jails together. */
export function totalsOverTime(reading: Reading, bounds: Bounds, buckets: TimeBuckets): TotalsOverTime {
  const zeros = () => Array<number>(buckets.count).fill(0)
  const totals = { bans: zeros(), failures: zeros(), newAddresses: zeros() }
  for (const row of readRollUpRows(reading, { ...bounds, ...buckets, by: 'time' })) {
    const index = indexOf(buckets, row)
    addCount(totals.bans, index, row.bans)
    addCount(totals.failures, index, row.failures)
    addCount(totals.newAddresses, index, row.newAddresses)
  }
  return totals
}

export const total = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0)

function jailNames(reading: Reading): ReadonlyMap<number, string> {
  const rows = reading.all<{ id: number; name: string }>('select id, name from archive_jails')
  return new Map(rows.map(({ id, name }) => [id, name]))
}

const indexOf = ({ start, size }: TimeBuckets, { time }: RollUpRow) => Math.floor((time - start) / size)

function addCount(counts: number[], index: number, count: number): void {
  counts[index] = (counts[index] ?? 0) + count
}

function addRow(totals: { -readonly [TKey in keyof Totals]: number }, row: RollUpRow): void {
  totals.bans += row.bans
  totals.failures += row.failures
  totals.newAddresses += row.newAddresses
}

const compare = (one: string, other: string) => (one < other ? -1 : 1)
