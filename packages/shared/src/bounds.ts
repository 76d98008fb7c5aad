import { MINUTE_MS } from './time-units.ts'
/** A range in epoch milliseconds, `from` inclusive, `to` exclusive; `from` 0 for all there is. */
export interface Bounds {
  readonly from: number
  readonly to: number
}

/** The span of the same length before, to compare with; null for `all`. */
export function boundsBefore({ from, to }: Bounds): Bounds | null {
  if (from === 0) return null
  return { from: Math.max(0, from - (to - from)), to: from }
}

/** Steps of a short span, in minutes. */
const steps = [1, 2, 5, 10, 15, 20, 30]

/** Points of at most `wanted` over a span of at most six hours, in milliseconds; undefined where hours do. */
export function minutesOf({ from, to }: Bounds, wanted: number): number | undefined {
  if (to - from > 360 * MINUTE_MS) return undefined
  const step = steps.find((minutes) => {
    const size = minutes * MINUTE_MS
    return Math.ceil((to - Math.floor(from / size) * size) / size) <= wanted
  })
  return step && step * MINUTE_MS
}
