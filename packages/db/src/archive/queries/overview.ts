import { boundsBefore, type Bounds, type StatsOverview } from '@bangui/shared'
import { countAllActive } from './active.ts'
import { sparklineBucketsOf, withBeginning } from './time-buckets.ts'
import { failuresSince, recordedSince } from './recorded-since.ts'
import type { Reading } from './reading.ts'
import { totalsOverTime, totalsOf, total, type TotalsOverTime, type Totals } from './totals.ts'

/** The part of an overview that roll-ups answer. */
export interface OverviewTotals {
  readonly span: Bounds
  readonly totals: Totals
  readonly previous: Totals | null
  /** null: before both spans */
  readonly failuresSince: number | null
  /** null: before both spans */
  readonly recordedSince: number | null
  readonly activeBans: number
  readonly bucketSeconds: number
  readonly overTime: TotalsOverTime
}

/** Returns the totals of a span and of the span before it, and the sparklines. */
export function overviewTotals(reading: Reading, bounds: Bounds): OverviewTotals {
  const span = withBeginning(reading, bounds)
  const before = boundsBefore(bounds)
  const buckets = sparklineBucketsOf(span)
  const overTime = totalsOverTime(reading, bounds.from === 0 ? span : bounds, buckets)
  const recorded = recordedSince(reading, before?.from ?? span.from)
  return {
    span,
    totals: {
      bans: total(overTime.bans),
      failures: total(overTime.failures),
      newAddresses: total(overTime.newAddresses),
    },
    // what was not recorded is not zero
    previous: before && recorded === null ? totalsOf(reading, before) : null,
    recordedSince: recorded,
    failuresSince: failuresSince(reading, before?.from ?? span.from),
    activeBans: countAllActive(reading),
    bucketSeconds: Math.round(buckets.size / 1000),
    overTime,
  }
}

/** What roll-ups cannot answer. */
export interface OverviewCounts {
  readonly addresses: number
  readonly previousAddresses: number
  readonly activeSamples: readonly number[]
  readonly asOf: number
}

/** Merges both parts. The sparkline of active bans ends with the present number where the span ends now. */
export function toOverview(fromRollUps: OverviewTotals, counts: OverviewCounts, now: number): StatsOverview {
  const { span, activeBans, overTime, totals, previous } = fromRollUps
  const length = overTime.bans.length
  const activeSamples = Array.from({ length }, (_, index) => counts.activeSamples[index] ?? activeBans)
  if (span.to > now) activeSamples[length - 1] = activeBans
  return {
    ...span,
    ...totals,
    addresses: counts.addresses,
    activeBans,
    ...(fromRollUps.failuresSince !== null && { failuresSince: fromRollUps.failuresSince }),
    ...(fromRollUps.recordedSince !== null && { recordedSince: fromRollUps.recordedSince }),
    previous: previous && { ...previous, addresses: counts.previousAddresses },
    sparklines: { bucketSeconds: fromRollUps.bucketSeconds, ...overTime, activeBans: activeSamples },
    asOf: counts.asOf,
  }
}
