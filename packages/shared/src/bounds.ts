import { MINUTE_MS } from './time-units.ts'
/** A range in epoch milliseconds, `from` inclusive, `to` exclusive; `from` is 0 for `all`. */
export interface Bounds {
  readonly from: number
  readonly to: number
}

/** Returns the previous range of the same length; null for `all`. */
export function boundsBefore({ from, to }: Bounds): Bounds | null {
  if (from === 0) return null
  return { from: Math.max(0, from - (to - from)), to: from }
}

/** Lengths of the buckets of a short range, in minutes. */
const steps = [1, 2, 5, 10, 15, 20, 30]

/** Returns the bucket length in milliseconds for at most `wanted` buckets over at most six hours; undefined for longer ranges. */
export function minuteBucketMs({ from, to }: Bounds, wanted: number): number | undefined {
  if (to - from > 360 * MINUTE_MS) return undefined
  const step = steps.find((minutes) => {
    const size = minutes * MINUTE_MS
    return Math.ceil((to - Math.floor(from / size) * size) / size) <= wanted
  })
  return step && step * MINUTE_MS
}
