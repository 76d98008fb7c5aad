import { DAY_MS, HOUR_MS } from './time-units.ts'
import * as z from 'zod'
import type { Bounds } from './bounds.ts'
import { Time } from './time.ts'

/** The lengths of the named ranges, in milliseconds; `all` has no beginning. */
const spans = {
  '24h': DAY_MS,
  '7d': 7 * DAY_MS,
  '30d': 30 * DAY_MS,
  '90d': 90 * DAY_MS,
  '365d': 365 * DAY_MS,
} as const

/** The named ranges: rolling, ending now. Their results are cached. */
export const NamedRange = z.enum(['24h', '7d', '30d', '90d', '365d', 'all'])
export type NamedRange = z.infer<typeof NamedRange>

/** A range: a named one, or from (inclusive) to (exclusive). */
export const Range = z.union([
  NamedRange,
  z
    .object({ from: Time.min(0), to: Time.min(0) })
    .refine(({ from, to }) => from < to, 'A range has to end after it begins.'),
])
export type Range = z.infer<typeof Range>

/**
 * Returns the bounds of a range now. Named ranges are whole UTC hours that end with the current one, whole UTC days from
 * 90 days on, so that roll-ups can answer them; other ranges are exact to the millisecond. The future has nothing to
 * count: `all`, and ranges that would end later, end with the current hour.
 */
export function boundsOf(range: Range, now: number): Bounds {
  const end = ceil(now + 1, HOUR_MS)
  if (range === 'all') return { from: 0, to: end }
  if (typeof range === 'object')
    return { from: range.from, to: Math.max(range.from + 1, Math.min(range.to, end)) }
  const to = spans[range] >= 90 * DAY_MS ? ceil(now + 1, DAY_MS) : end
  return { from: to - spans[range], to }
}

const ceil = (time: number, unit: number) => Math.ceil(time / unit) * unit
