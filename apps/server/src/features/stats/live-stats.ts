import type { LiveCounts } from '@bangui/fail2ban'
import {
  type AddressStats,
  type Bounds,
  boundsBefore,
  type CountryStats,
  HOUR_SECONDS,
  type JailStats,
  type NetworkStats,
  type StatsOverview,
  type StatsTrend,
} from '@bangui/shared'
import type { HostDeps } from '../../deps.ts'
import {
  addressesByCountryOf,
  addressStatsOf,
  countryStatsOf,
  networkStatsOf,
  type FoldOptions,
} from './fold-live-addresses.ts'
import {
  boundsOfAll,
  itemsOf,
  jailStatsOf,
  pointsOf,
  sparklineSeconds,
  trendBuckets,
  trendOf,
} from './fold-live.ts'

export type LiveDeps = Pick<HostDeps, 'host' | 'geo' | 'state' | 'clock'>

interface Span {
  readonly bounds: Bounds
  readonly signal?: AbortSignal | undefined
}

export interface LiveTop extends Span {
  readonly limit: number
}

export interface LiveTrendOptions {
  readonly buckets: number
  readonly measure: 'bans' | 'failures'
  readonly signal?: AbortSignal | undefined
}

/** The numbers of a span from fail2ban's own database. It keeps no failures, and no bans in force of the past. */
export async function liveOverview(
  deps: LiveDeps,
  bounds: Bounds,
  signal?: AbortSignal,
): Promise<StatsOverview> {
  const [counts, recordedSince] = await Promise.all([
    countBans(deps, { bounds, signal }),
    deps.host.history.recordedSince({ signal }),
  ])
  signal?.throwIfAborted()
  const within = boundsOfAll(bounds, counts.buckets)
  const isLate = recordedSince > (boundsBefore(bounds) ?? within).from
  return {
    ...within,
    ...figuresOf(counts),
    activeBans: deps.state.get().serverStatus.currentlyBanned,
    // what fail2ban keeps no more is not zero
    previous: counts.previous && !isLate ? figuresOf(counts.previous) : null,
    sparklines: sparklinesOf(counts, within),
    notKept: ['failures', 'activeBans'],
    ...(isLate && { recordedSince }),
    asOf: deps.clock(),
  }
}

const figuresOf = ({ bans, addresses, newAddresses }: NonNullable<LiveCounts['previous']>) => ({
  bans,
  failures: 0,
  addresses,
  newAddresses,
})

/** A series of values that fail2ban does not keep has no points. */
function sparklinesOf({ buckets, firsts }: LiveCounts, bounds: Bounds): StatsOverview['sparklines'] {
  const bucketSeconds = sparklineSeconds(bounds)
  const first = firsts.map(({ start, count }) => ({ at: start, count }))
  return {
    bucketSeconds,
    bans: pointsOf(itemsOf(buckets), bounds, bucketSeconds),
    newAddresses: pointsOf(first, bounds, bucketSeconds),
    failures: [],
    activeBans: [],
  }
}

/** Bans over time by jail. fail2ban keeps no failures: none of the time is recorded. */
export async function liveTrend(
  deps: LiveDeps,
  bounds: Bounds,
  { buckets, measure, signal }: LiveTrendOptions,
): Promise<StatsTrend> {
  const needed = Math.min(HOUR_SECONDS, trendBuckets(bounds, buckets).seconds)
  const [counts, bansSince] = await Promise.all([
    countBans(deps, { bounds, signal }, needed),
    deps.host.history.recordedSince({ signal }),
  ])
  const trend = trendOf(measure === 'bans' ? counts.buckets : [], bounds, buckets)
  const recordedSince = measure === 'bans' ? bansSince : bounds.to
  return { ...trend, ...(recordedSince > trend.start && { recordedSince }) }
}

export async function liveByJail(deps: LiveDeps, top: LiveTop): Promise<JailStats[]> {
  const { buckets } = await countBans(deps, top)
  return jailStatsOf(buckets, deps.clock()).slice(0, top.limit)
}

export async function liveByCountry(deps: LiveDeps, top: LiveTop): Promise<CountryStats[]> {
  const { packed } = await countBans(deps, top)
  return countryStatsOf(packed, foldOptions(deps, top))
}

/** Distinct addresses by country. */
export async function liveAddressesByCountry(deps: LiveDeps, top: LiveTop): Promise<CountryStats[]> {
  const { packed, addresses } = await countBans(deps, top)
  return addressesByCountryOf({ packed, addresses }, foldOptions(deps, top))
}

export async function liveTopNetworks(deps: LiveDeps, top: LiveTop): Promise<NetworkStats[]> {
  const { topNetworks } = await countBans(deps, top)
  return networkStatsOf(topNetworks, foldOptions(deps, top))
}

/** The addresses banned most, at least `least` times. */
export async function liveTopAddresses(deps: LiveDeps, top: LiveTop, least = 1): Promise<AddressStats[]> {
  const { topAddresses } = await countBans(deps, top)
  return addressStatsOf(topAddresses, least, foldOptions(deps, top))
}

/**
 * Counts in hours, which suffice for all but short spans. All statistics of a span use the same bucket length where it divides
 * the needed one: concurrent requests then share one count.
 */
function countBans({ host }: LiveDeps, { bounds, signal }: Span, needed = HOUR_SECONDS): Promise<LiveCounts> {
  const { from, to } = bounds
  const usual = Math.min(HOUR_SECONDS, sparklineSeconds({ from, to }))
  const bucketSeconds = needed % usual === 0 ? usual : needed
  return host.history.count({ from, to, bucketSeconds }, { signal })
}

const foldOptions = ({ geo, clock }: LiveDeps, { limit, signal }: LiveTop): FoldOptions => ({
  countryOf: geo.countryOf,
  asOf: clock(),
  limit,
  signal,
})
