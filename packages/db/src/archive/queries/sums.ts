import type { Bounds, CountryFigure, JailFigure, StatsTrend } from '@bangui/shared'
import type { Figures, StatsQuery } from '../archive.ts'
import { ceil, DAY, floor, HOUR, piecesOf, wholeHours, type Piece } from './pieces.ts'
import type { Reading } from './reading.ts'

export type Measure = 'bans' | 'failures' | 'newAddresses'
export type Sums = Omit<Figures, 'addresses'>

const columns: Readonly<Record<Measure, string>> = {
  bans: 'bans',
  failures: 'failures',
  newAddresses: 'new_addresses',
}

/** A ban that was its address's first; of several at once, one. */
const isFirst = `b.at = (select a.first_at from addresses a where a.address = b.address)
  and not exists (
    select 1 from bans o indexed by bans_identity where o.address = b.address and o.at = b.at and o.jail_id < b.jail_id
  )`

interface Cell {
  readonly bucket: number
  readonly jail: number
  readonly count: number
}

interface Buckets {
  readonly start: number
  readonly size: number
}

/** Counts by jail and bucket, exact to the millisecond (failures: to the hour). */
function* countCells(reading: Reading, measure: Measure, query: Bounds & Buckets): Generator<Cell> {
  const { start, size } = query
  const bounds = measure === 'failures' ? wholeHours(query) : query
  for (const piece of piecesOf(bounds, size % DAY === 0 && start % DAY === 0 ? 'days' : 'hours'))
    yield* reading.all<Cell>(
      `select (${timeOf(piece)} - ?) / ? as bucket, jail_id as jail, ${countOf(piece, measure)} as count
       from ${tableOf(piece)} where ${timeOf(piece)} >= ? and ${timeOf(piece)} < ?
       ${piece.source === 'bans' && measure === 'newAddresses' ? `and ${isFirst}` : ''} group by 1, 2`,
      start,
      size,
      piece.from,
      piece.to,
    )
}

const timeOf = ({ source }: Piece) => (source === 'bans' ? 'b.at' : 'start')
const tableOf = ({ source }: Piece) => (source === 'bans' ? 'bans b indexed by bans_at' : `jail_${source}`)
const countOf = ({ source }: Piece, measure: Measure) =>
  source === 'bans' ? 'count(*)' : `sum(${columns[measure]})`

/** One bucket for the whole span; days wherever it has some. */
const wholeSpan = (bounds: Bounds) => ({ ...bounds, start: 0, size: 1_000_000 * DAY })

function sum(reading: Reading, measure: Measure, bounds: Bounds): number {
  let total = 0
  for (const { count } of countCells(reading, measure, wholeSpan(bounds))) total += count
  return total
}

/** What roll-ups say of a span. */
export const sumsOf = (reading: Reading, bounds: Bounds): Sums => ({
  bans: sum(reading, 'bans', bounds),
  failures: sum(reading, 'failures', bounds),
  newAddresses: sum(reading, 'newAddresses', bounds),
})

/** Bans and failures by jail, most bans first. */
export function byJail(reading: Reading, { bounds, now }: StatsQuery): JailFigure[] {
  const figures = new Map<number, { bans: number; failures: number }>()
  for (const measure of ['bans', 'failures'] as const)
    for (const { jail, count } of countCells(reading, measure, wholeSpan(bounds))) {
      const figure = figures.get(jail) ?? { bans: 0, failures: 0 }
      figure[measure] += count
      figures.set(jail, figure)
    }
  const names = jailNames(reading)
  return [...figures]
    .filter(([, { bans, failures }]) => bans + failures > 0)
    .map(([jail, figure]) => ({ key: names.get(jail) ?? '', ...figure, asOf: now }))
    .sort(
      (one, other) => other.bans - one.bans || other.failures - one.failures || compare(one.key, other.key),
    )
}

/** Bans by country, most first. */
export function byCountry(
  reading: Reading,
  { bounds, limit, now }: StatsQuery & { readonly limit: number },
): CountryFigure[] {
  const figures = new Map<string, number>()
  for (const piece of piecesOf(bounds))
    for (const { country, count } of reading.all<{ country: string; count: number }>(
      `select country, ${countOf(piece, 'bans')} as count
       from ${tableOf(piece).replace('jail_', 'country_')} where ${timeOf(piece)} >= ? and ${timeOf(piece)} < ?
       group by country`,
      piece.from,
      piece.to,
    ))
      figures.set(country, (figures.get(country) ?? 0) + count)
  return [...figures]
    .filter(([, bans]) => bans > 0)
    .map(([key, bans]) => ({ key, bans, asOf: now }))
    .sort((one, other) => other.bans - one.bans || compare(one.key, other.key))
    .slice(0, limit)
}

/** Counts over time by jail, most first, in points of whole hours or days. */
export function trend(
  reading: Reading,
  query: StatsQuery & { readonly buckets: number; readonly measure: 'bans' | 'failures' },
): StatsTrend {
  const bounds = withBeginning(reading, query.bounds)
  const { start, size, count } = bucketsOf(bounds, query.buckets)
  const points = new Map<number, number[]>()
  for (const cell of countCells(reading, query.measure, { ...bounds, start, size })) {
    const series = points.get(cell.jail) ?? Array<number>(count).fill(0)
    add(series, cell)
    points.set(cell.jail, series)
  }
  const names = jailNames(reading)
  const series = [...points]
    .map(([jail, values]) => ({ jail: names.get(jail) ?? '', points: values }))
    .sort((one, other) => total(other.points) - total(one.points) || compare(one.jail, other.jail))
    .filter((one) => total(one.points) > 0)
  return { bucketSeconds: size / 1000, start, series }
}

/** Counts over time in `count` points of equal length, of all jails. */
export function countPoints(
  reading: Reading,
  measure: Measure,
  { count, ...query }: Bounds & Buckets & { readonly count: number },
): number[] {
  const points = Array<number>(count).fill(0)
  for (const cell of countCells(reading, measure, query)) add(points, cell)
  return points
}

/** The next whole hours or days that make at most `wanted` points, and where they begin; long spans take days. */
export function bucketsOf({ from, to }: Bounds, wanted: number): Buckets & { readonly count: number } {
  const least = (to - from) / wanted
  const unit = least > DAY / 2 || to - from > 90 * DAY ? DAY : HOUR
  const start = floor(from, unit)
  const size = Math.max(unit, ceil((to - start) / wanted, unit))
  return { start, size, count: Math.ceil((to - start) / size) }
}

/** `all` begins with the first day that anything is known of. */
export function withBeginning(reading: Reading, bounds: Bounds): Bounds {
  if (bounds.from > 0) return bounds
  const first = reading.get<{ start: number | null }>('select min(start) as start from jail_days')?.start
  return { from: Math.min(first ?? bounds.to - DAY, bounds.to - DAY), to: bounds.to }
}

function jailNames(reading: Reading): ReadonlyMap<number, string> {
  const rows = reading.all<{ id: number; name: string }>('select id, name from archive_jails')
  return new Map(rows.map(({ id, name }) => [id, name]))
}

function add(points: number[], { bucket, count }: Cell): void {
  points[bucket] = (points[bucket] ?? 0) + count
}

const total = (points: readonly number[]) => points.reduce((sumSoFar, point) => sumSoFar + point, 0)
const compare = (one: string, other: string) => (one < other ? -1 : 1)
