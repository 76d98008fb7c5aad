import type { Bounds } from '@bangui/shared'
import { countAllActive } from './active.ts'
import type { Reading } from './reading.ts'

/** So many bans of a long span are looked at; each then stands for as many as there are between. */
const SAMPLES = 100_000
/** Bans that began earlier and ended in the span are not seen. */
const LOOK_BACK = 30 * 86_400_000

/**
 * How many bans were in force at the end of each of `count` points; the last is now. Every ban that is still in force
 * is seen; of those that ended, those that began in the span or as long before (30 days at most), sampled when many.
 */
export function countActivePoints(
  reading: Reading,
  { from, to, start, size, count, now }: Bounds & { start: number; size: number; count: number; now: number },
): number[] {
  const changes = Array<number>(count + 1).fill(0)
  // point i tells of its end, the last of now
  const pointAt = (time: number) => Math.max(0, Math.min(count, Math.ceil((time - start) / size) - 1))
  const add = (row: { at: number; until: number | null }, weight: number) => {
    change(changes, pointAt(row.at), weight)
    if (row.until !== null && row.until <= now) change(changes, pointAt(row.until), -weight)
  }
  for (const row of listActiveSpans(reading, to)) add({ ...row, until: null }, 1)
  const ended = listEnded(reading, { from: Math.max(0, from - Math.min(to - from, LOOK_BACK)), to })
  for (const row of ended.rows) add(row, ended.weight)
  let inForce = 0
  const points = changes.slice(0, count).map((value) => Math.round((inForce += value)))
  return to > now ? [...points.slice(0, -1), countAllActive(reading)] : points
}

interface Span {
  readonly at: number
  readonly until: number | null
}

const listActiveSpans = (reading: Reading, to: number): Span[] =>
  reading.all<Span>(
    'select b.at, b.until from bans b indexed by bans_active where b.active = 1 and b.at < ?',
    to,
  )

/** Ids grow with time, more or less: every n-th of them is a fair sample. */
function listEnded(reading: Reading, { from, to }: Bounds): { rows: Span[]; weight: number } {
  const count =
    reading.get<{ count: number }>(
      'select count(*) as count from bans b indexed by bans_at where b.at >= ? and b.at < ?',
      from,
      to,
    )?.count ?? 0
  const weight = Math.max(1, Math.ceil(count / SAMPLES))
  const rows = reading.all<Span>(
    `select b.at, b.until from bans b indexed by bans_at
     where b.at >= ? and b.at < ? and b.id % ? = 0 and b.active = 0 and b.until is not null`,
    from,
    to,
    weight,
  )
  return { rows, weight }
}

function change(changes: number[], index: number, by: number): void {
  changes[index] = (changes[index] ?? 0) + by
}
