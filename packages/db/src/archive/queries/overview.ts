import { boundsBefore, type Bounds, type StatsOverview } from '@bangui/shared'
import { countAllActive } from './active.ts'
import { sparklineOf, withBeginning } from './buckets.ts'
import { failuresSince, recordedSince } from './recorded-since.ts'
import type { Reading } from './reading.ts'
import { pointsOf, sumsOf, total, type Points, type Sums } from './sums.ts'

/** The part of an overview that roll-ups tell. */
export interface OverviewSums {
  readonly span: Bounds
  readonly sums: Sums
  readonly previous: Sums | null
  /** null: before both spans */
  readonly failuresSince: number | null
  /** null: before both spans */
  readonly recordedSince: number | null
  readonly activeBans: number
  readonly bucketSeconds: number
  readonly points: Points
}

/** Sums of a span and the one before, and the curves. */
export function overviewSums(reading: Reading, bounds: Bounds): OverviewSums {
  const span = withBeginning(reading, bounds)
  const before = boundsBefore(bounds)
  const buckets = sparklineOf(span)
  const points = pointsOf(reading, bounds.from === 0 ? span : bounds, buckets)
  const recorded = recordedSince(reading, before?.from ?? span.from)
  return {
    span,
    sums: {
      bans: total(points.bans),
      failures: total(points.failures),
      newAddresses: total(points.newAddresses),
    },
    // what was not recorded is not zero
    previous: before && recorded === null ? sumsOf(reading, before) : null,
    recordedSince: recorded,
    failuresSince: failuresSince(reading, before?.from ?? span.from),
    activeBans: countAllActive(reading),
    bucketSeconds: Math.round(buckets.size / 1000),
    points,
  }
}

/** What has to be counted beside the sums. */
export interface OverviewCounts {
  readonly addresses: number
  readonly previousAddresses: number
  readonly activePoints: readonly number[]
  readonly asOf: number
}

/** Both together. The curve of bans in force ends with now, where the span does. */
export function toOverview(sums: OverviewSums, counts: OverviewCounts, now: number): StatsOverview {
  const { span, activeBans, points } = sums
  const length = points.bans.length
  const activePoints = Array.from({ length }, (_, index) => counts.activePoints[index] ?? activeBans)
  if (span.to > now) activePoints[length - 1] = activeBans
  return {
    ...span,
    ...sums.sums,
    addresses: counts.addresses,
    activeBans,
    ...(sums.failuresSince !== null && { failuresSince: sums.failuresSince }),
    ...(sums.recordedSince !== null && { recordedSince: sums.recordedSince }),
    previous: sums.previous && { ...sums.previous, addresses: counts.previousAddresses },
    sparklines: { bucketSeconds: sums.bucketSeconds, ...points, activeBans: activePoints },
    asOf: counts.asOf,
  }
}
