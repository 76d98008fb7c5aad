import { minutesOf, type Bounds } from '@bangui/shared'
import { ceil, DAY, floor, HOUR } from './pieces.ts'
import type { Reading } from './reading.ts'

/** Points of equal length over a span; `size` in milliseconds. */
export interface Buckets {
  readonly start: number
  readonly size: number
  readonly count: number
}

/** The next whole hours or days that make at most `wanted` points, and where they begin; long spans take days. */
export function bucketsOf({ from, to }: Bounds, wanted: number): Buckets {
  const least = (to - from) / wanted
  const unit = least > DAY / 2 || to - from > 90 * DAY ? DAY : HOUR
  const start = floor(from, unit)
  const size = Math.max(unit, ceil((to - start) / wanted, unit))
  return { start, size, count: Math.ceil((to - start) / size) }
}

/** The same in minutes, for a short span of things that are kept singly; undefined for a longer one. */
export function minuteBucketsOf(bounds: Bounds, wanted: number): Buckets | undefined {
  const size = minutesOf(bounds, wanted)
  if (size === undefined) return undefined
  const start = floor(bounds.from, size)
  return { start, size, count: Math.ceil((bounds.to - start) / size) }
}

/** Points for a small curve: 24 to 60 of them, shorter than an hour for less than a day. */
export function sparklineOf(bounds: Bounds): Buckets {
  const { from, to } = bounds
  if (to - from >= DAY) return bucketsOf(bounds, 60)
  const size = Math.max(1000, ceil((to - from) / 24, 1000))
  return { start: from, size, count: Math.ceil((to - from) / size) }
}

/** `all` begins with the first day that has any data. */
export function withBeginning(reading: Reading, bounds: Bounds): Bounds {
  if (bounds.from > 0) return bounds
  const first = reading.get<{ start: number | null }>('select min(start) as start from jail_days')?.start
  return { from: Math.max(0, Math.min(first ?? bounds.to, bounds.to - DAY)), to: bounds.to }
}
