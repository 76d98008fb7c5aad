import type { LiveCounts } from '@bangui/fail2ban'
import {
  type Bounds,
  DAY_SECONDS,
  HOUR_SECONDS,
  type JailStats,
  minuteBucketMs,
  type StatsTrend,
} from '@bangui/shared'

type Buckets = LiveCounts['buckets']

/** Lengths that a point of a sparkline may have, in seconds; longer ones are days, doubled. */
const lengths = [
  60,
  120,
  300,
  600,
  900,
  1_800,
  HOUR_SECONDS,
  7_200,
  10_800,
  14_400,
  21_600,
  28_800,
  43_200,
  DAY_SECONDS,
]

/** Seconds of a point, so that a span has 24 to 60 of them where it is long enough. */
export function sparklineSeconds({ from, to }: Bounds): number {
  const least = (to - from) / 1_000 / 60
  if (least < 60)
    return lengths.find((length) => length >= least && least > 30) ?? Math.max(1, Math.ceil(least))
  let length = lengths.find((each) => each >= least) ?? DAY_SECONDS
  while (length < least) length *= 2
  return length
}

/**
 * Returns the beginning and length of time buckets, at most `wanted`, as the archive does: whole hours; days for long spans;
 * minutes for a span of at most six hours.
 */
export function trendBuckets({ from, to }: Bounds, wanted: number): { start: number; seconds: number } {
  const size = minuteBucketMs({ from, to }, wanted)
  if (size !== undefined) return { start: from - (from % size), seconds: size / 1_000 }
  const unit =
    (to - from) / wanted > DAY_SECONDS * 500 || to - from > 90 * DAY_SECONDS * 1_000
      ? DAY_SECONDS
      : HOUR_SECONDS
  const start = from - (from % (unit * 1_000))
  const units = Math.ceil((to - start) / wanted / (unit * 1_000))
  return { start, seconds: Math.max(1, units) * unit }
}

/** Returns the bounds of "all": from the first bucket on, a day at least. */
export function boundsOfAll({ from, to }: Bounds, buckets: Buckets): Bounds {
  if (from > 0) return { from, to }
  const aDay = to - DAY_SECONDS * 1_000
  return {
    from: Math.max(
      0,
      buckets.reduce((least, { start }) => Math.min(least, start), aDay),
    ),
    to,
  }
}

/** Returns time buckets of equal length; events before or after count into the outermost. */
export function pointsOf(
  items: Iterable<{ readonly at: number; readonly count: number }>,
  { from, to }: Bounds,
  seconds: number,
): number[] {
  const points = Array<number>(Math.max(1, Math.ceil((to - from) / (seconds * 1_000)))).fill(0)
  for (const { at, count } of items) {
    const index = Math.min(points.length - 1, Math.max(0, Math.floor((at - from) / (seconds * 1_000))))
    points[index] = (points[index] ?? 0) + count
  }
  return points
}

/** Bans over time by jail, most first. */
export function trendOf(buckets: Buckets, bounds: Bounds, wanted: number): StatsTrend {
  const within = boundsOfAll(bounds, buckets)
  const { start, seconds: bucketSeconds } = trendBuckets(within, wanted)
  const ofJail = Map.groupBy(buckets, ({ jail }) => jail)
  const series = sumsByJail(buckets).map(([jail]) => ({
    jail,
    points: pointsOf(itemsOf(ofJail.get(jail) ?? []), { from: start, to: within.to }, bucketSeconds),
  }))
  return { bucketSeconds, start, series }
}

/** Bans by jail, most first; fail2ban's database keeps no failures. */
export const jailStatsOf = (buckets: Buckets, asOf: number): JailStats[] =>
  sumsByJail(buckets).map(([key, bans]) => ({ key, bans, failures: 0, asOf }))

/** When how many bans were, for {@link pointsOf}. */
export function* itemsOf(buckets: Buckets): Generator<{ at: number; count: number }> {
  for (const { start, bans } of buckets) yield { at: start, count: bans }
}

function sumsByJail(buckets: Buckets): [string, number][] {
  const sums = new Map<string, number>()
  for (const { jail, bans } of buckets) sums.set(jail, (sums.get(jail) ?? 0) + bans)
  return [...sums].sort(([nameA, a], [nameB, b]) => b - a || (nameA < nameB ? -1 : 1))
}
