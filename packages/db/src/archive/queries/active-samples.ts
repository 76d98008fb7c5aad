import { type Bounds, DAY_MS } from '@bangui/shared'
import { countAllActive } from './active.ts'
import type { Reading } from './reading.ts'
import { andJail, andOrigin, timeIndexOf } from './scope.ts'

/** A longer span is sampled; each sampled ban is weighted by the sampling step. */
const MAX_SAMPLED_BANS = 100_000
/** Bans that began longer before the span are not counted, even where they ended in it. */
const MAX_LOOK_BACK_MS = 30 * DAY_MS

/**
 * Returns how many bans were in force at the end of each of `count` time buckets; the last one ends now. Every ban that
 * is still in force counts; of the ended ones, those that began in the span or as long before it (30 days at most),
 * sampled when they are many.
 */
export function sampleActiveBans(
  reading: Reading,
  { from, to, start, size, count, now }: Bounds & { start: number; size: number; count: number; now: number },
): number[] {
  const changes = Array<number>(count + 1).fill(0)
  // a bucket has the count at its end
  const bucketAt = (time: number) => Math.max(0, Math.min(count, Math.ceil((time - start) / size) - 1))
  const add = (row: { at: number; until: number | null }, weight: number) => {
    change(changes, bucketAt(row.at), weight)
    if (row.until !== null && row.until <= now) change(changes, bucketAt(row.until), -weight)
  }
  for (const row of listActiveSpans(reading, to)) add({ ...row, until: null }, 1)
  const ended = listEnded(reading, { from: Math.max(0, from - Math.min(to - from, MAX_LOOK_BACK_MS)), to })
  for (const row of ended.rows) add(row, ended.weight)
  let inForce = 0
  const samples = changes.slice(0, count).map((value) => Math.round((inForce += value)))
  return to > now ? [...samples.slice(0, -1), countAllActive(reading)] : samples
}

interface Span {
  readonly at: number
  readonly until: number | null
}

const listActiveSpans = (reading: Reading, to: number): Span[] =>
  reading.all<Span>(
    `select b.at, b.until from bans b indexed by bans_active where b.active = 1 and b.at < ?
      ${andJail(reading)} ${andOrigin(reading)}`,
    to,
  )

/** Returns ended bans of a span. Ids grow roughly with time, so every n-th id is a fair sample. */
function listEnded(reading: Reading, { from, to }: Bounds): { rows: Span[]; weight: number } {
  const source = `bans b indexed by ${timeIndexOf(reading)}
    where b.at >= ? and b.at < ? ${andJail(reading)} ${andOrigin(reading)}`
  const count =
    reading.get<{ count: number }>(`select count(*) as count from ${source}`, from, to)?.count ?? 0
  const weight = Math.max(1, Math.ceil(count / MAX_SAMPLED_BANS))
  const rows = reading.all<Span>(
    `select b.at, b.until from ${source} and b.id % ? = 0 and b.active = 0 and b.until is not null`,
    from,
    to,
    weight,
  )
  return { rows, weight }
}

function change(changes: number[], index: number, by: number): void {
  changes[index] = (changes[index] ?? 0) + by
}
