import type { Bounds, CountryStats, JailStats, StatsTrend } from '@bangui/shared'
import type { Figures, StatsQuery } from '../archive.ts'
import { bucketsOf, minuteBucketsOf, withBeginning, type Buckets } from './buckets.ts'
import { ownLogJails, readCells, type Cell } from './cells.ts'
import { floor, HOUR, piecesOf } from './pieces.ts'
import type { Reading } from './reading.ts'
import { recordedTimes } from './recorded-since.ts'

export type Sums = Omit<Figures, 'addresses'>

/** Nothing in the span has to be told apart by time. */
const whole = { size: HOUR * 24 * 1_000_000, start: 0 }

/** What roll-ups say of a span. */
export function sumsOf(reading: Reading, bounds: Bounds): Sums {
  const sums = { bans: 0, failures: 0, newAddresses: 0 }
  for (const cell of readCells(reading, { ...bounds, ...whole, by: 'jail' })) addCell(sums, cell)
  return sums
}

/** Bans and failures by jail, most bans first. */
export function byJail(reading: Reading, { bounds, now }: StatsQuery): JailStats[] {
  const figures = new Map<number, { -readonly [TKey in keyof Sums]: number }>()
  for (const cell of readCells(reading, { ...bounds, ...whole, by: 'jail', echoes: true })) {
    const figure = figures.get(cell.jail) ?? { bans: 0, failures: 0, newAddresses: 0 }
    addCell(figure, cell)
    figures.set(cell.jail, figure)
  }
  const names = jailNames(reading)
  const ofOwnLog = new Set(ownLogJails(reading))
  return [...figures]
    .filter(([, { bans, failures }]) => bans + failures > 0)
    .map(([jail, { bans, failures }]) => {
      const figure = { key: names.get(jail) ?? '', bans, failures, asOf: now }
      return ofOwnLog.has(jail) ? { ...figure, failures: 0, echoes: failures } : figure
    })
    .sort(
      (one, other) => other.bans - one.bans || other.failures - one.failures || compare(one.key, other.key),
    )
}

/** Bans by country, most first. */
export function byCountry(
  reading: Reading,
  { bounds, limit, now }: StatsQuery & { readonly limit: number },
): CountryStats[] {
  const figures = new Map<string, number>()
  for (const { source, from, to } of piecesOf(bounds)) {
    const text =
      source === 'bans'
        ? `select b.country, count(*) as bans from bans b indexed by bans_at
           where b.at >= ? and b.at < ? group by b.country`
        : `select country, sum(bans) as bans from country_${source} where start >= ? and start < ? group by country`
    for (const { country, bans } of reading.all<{ country: string; bans: number }>(text, from, to))
      figures.set(country, (figures.get(country) ?? 0) + bans)
  }
  return [...figures]
    .filter(([, bans]) => bans > 0)
    .map(([key, bans]) => ({ key, bans, asOf: now }))
    .sort((one, other) => other.bans - one.bans || compare(one.key, other.key))
    .slice(0, limit)
}

/** More bans than this in a few hours are not looked at singly: quick answers would wait for it. */
const MOST_SINGLY = 100_000

/** Points of minutes where a span is short and has few bans; failures are kept by the hour. */
function trendBuckets(reading: Reading, bounds: Bounds, query: TrendQuery): Buckets {
  const minutes = query.measure === 'bans' ? minuteBucketsOf(bounds, query.buckets) : undefined
  const about =
    minutes &&
    reading.get<{ bans: number | null }>(
      'select sum(bans) as bans from jail_hours where start >= ? and start < ?',
      floor(bounds.from, HOUR),
      bounds.to,
    )?.bans
  return minutes && (about ?? 0) <= MOST_SINGLY ? minutes : bucketsOf(bounds, query.buckets)
}

type TrendQuery = StatsQuery & { readonly buckets: number; readonly measure: 'bans' | 'failures' }

/** Counts over time by jail, most first, in points of whole hours or days; of minutes for a few hours of bans. */
export function trend(reading: Reading, query: TrendQuery): StatsTrend {
  const bounds = withBeginning(reading, query.bounds)
  const buckets = trendBuckets(reading, bounds, query)
  const points = new Map<number, number[]>()
  for (const cell of readCells(reading, { ...bounds, ...buckets, by: 'both' })) {
    const series = points.get(cell.jail) ?? Array<number>(buckets.count).fill(0)
    addPoint(series, indexOf(buckets, cell), cell[query.measure])
    points.set(cell.jail, series)
  }
  const names = jailNames(reading)
  const series = [...points]
    .map(([jail, values]) => ({ jail: names.get(jail) ?? '', points: values, total: total(values) }))
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

export type Points = { readonly [TKey in keyof Sums]: number[] }

/** Counts over time of all jails together. */
export function pointsOf(reading: Reading, bounds: Bounds, buckets: Buckets): Points {
  const zeros = () => Array<number>(buckets.count).fill(0)
  const points = { bans: zeros(), failures: zeros(), newAddresses: zeros() }
  for (const cell of readCells(reading, { ...bounds, ...buckets, by: 'time' })) {
    const index = indexOf(buckets, cell)
    addPoint(points.bans, index, cell.bans)
    addPoint(points.failures, index, cell.failures)
    addPoint(points.newAddresses, index, cell.newAddresses)
  }
  return points
}

export const total = (points: readonly number[]): number => points.reduce((sum, point) => sum + point, 0)

function jailNames(reading: Reading): ReadonlyMap<number, string> {
  const rows = reading.all<{ id: number; name: string }>('select id, name from archive_jails')
  return new Map(rows.map(({ id, name }) => [id, name]))
}

const indexOf = ({ start, size }: Buckets, { time }: Cell) => Math.floor((time - start) / size)

function addPoint(points: number[], index: number, count: number): void {
  points[index] = (points[index] ?? 0) + count
}

function addCell(sums: { -readonly [TKey in keyof Sums]: number }, cell: Cell): void {
  sums.bans += cell.bans
  sums.failures += cell.failures
  sums.newAddresses += cell.newAddresses
}

const compare = (one: string, other: string) => (one < other ? -1 : 1)
