import { type Bounds, DAY_MS, HOUR_MS, minuteBucketMs } from '@bangui/shared'
import { ceil, floor } from './roll-up-ranges.ts'
import type { Reading } from './reading.ts'
import { andJail } from './scope.ts'

/** Time buckets of equal length over a span; `start` and `size` in milliseconds. */
export interface TimeBuckets {
  readonly start: number
  readonly size: number
  readonly count: number
}

/** Returns at most `wanted` buckets of whole hours or, for long spans, whole days. */
export function timeBucketsOf({ from, to }: Bounds, wanted: number): TimeBuckets {
  const least = (to - from) / wanted
  const unit = least > DAY_MS / 2 || to - from > 90 * DAY_MS ? DAY_MS : HOUR_MS
  const start = floor(from, unit)
  const size = Math.max(unit, ceil((to - start) / wanted, unit))
  return { start, size, count: Math.ceil((to - start) / size) }
}

/** Returns buckets of minutes for a short span; undefined for a longer one. Only for what is stored one by one. */
export function minuteBucketsOf(bounds: Bounds, wanted: number): TimeBuckets | undefined {
  const size = minuteBucketMs(bounds, wanted)
  if (size === undefined) return undefined
  const start = floor(bounds.from, size)
  return { start, size, count: Math.ceil((bounds.to - start) / size) }
}

/** Returns 24 to 60 buckets for a sparkline; they are shorter than an hour where the span is shorter than a day. */
export function sparklineBucketsOf(bounds: Bounds): TimeBuckets {
  const { from, to } = bounds
  if (to - from >= DAY_MS) return timeBucketsOf(bounds, 60)
  const size = Math.max(1000, ceil((to - from) / 24, 1000))
  return { start: from, size, count: Math.ceil((to - from) / size) }
}

/** Returns the bounds of a span; a span from 0 begins with the first day that has data. */
export function withBeginning(reading: Reading, bounds: Bounds): Bounds {
  if (bounds.from > 0) return bounds
  const first = reading.get<{ start: number | null }>(
    `select min(start) as start from jail_days where true ${andJail(reading, 'jail_id')}`,
  )?.start
  return { from: Math.max(0, Math.min(first ?? bounds.to, bounds.to - DAY_MS)), to: bounds.to }
}
