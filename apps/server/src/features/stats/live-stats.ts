import type { LiveCounts } from '@bangui/fail2ban'
import {
  boundsBefore,
  type AddressFigure,
  type Bounds,
  type CountryFigure,
  type JailFigure,
  type NetworkFigure,
  type StatsOverview,
  type StatsTrend,
} from '@bangui/shared'
import type { Deps } from '../../deps.ts'
import {
  addressFiguresOf,
  countryFiguresOf,
  networkFiguresOf,
  type FoldOptions,
} from './fold-live-addresses.ts'
import {
  boundsOfAll,
  itemsOf,
  jailFiguresOf,
  pointsOf,
  sparklineSeconds,
  sumOf,
  trendBuckets,
  trendOf,
} from './fold-live.ts'

export type LiveDeps = Pick<Deps, 'host' | 'geo' | 'state' | 'clock'>

export interface LiveTop {
  readonly bounds: Bounds
  readonly limit: number
  readonly signal?: AbortSignal | undefined
}

const HOUR = 3_600

/** The figures of a span from fail2ban's own database. It keeps no failures, and no bans in force of the past. */
export async function liveOverview(
  deps: LiveDeps,
  bounds: Bounds,
  signal?: AbortSignal,
): Promise<StatsOverview> {
  const before = boundsBefore(bounds)
  const now = await countBans(deps, bounds, sparklineBase(bounds))
  signal?.throwIfAborted()
  const previous = before && (await countBans(deps, before))
  signal?.throwIfAborted()
  const older = before && before.from > 0 ? await countBans(deps, { from: 0, to: before.from }) : null
  const within = boundsOfAll(bounds, now.buckets)
  const known = new Set([...(previous?.addresses ?? []), ...(older?.addresses ?? [])].map(nameOf))
  const knownBefore = new Set(older?.addresses.map(nameOf))
  const fresh = now.addresses.filter(({ address }) => !known.has(address))
  return {
    ...within,
    ...figuresOf(now, fresh.length),
    activeBans: deps.state.get().serverStatus.currentlyBanned,
    previous: previous && figuresOf(previous, countNew(previous, knownBefore)),
    sparklines: sparklinesOf(now, fresh, within),
    notKept: ['failures', 'activeBans'],
    asOf: deps.clock(),
  }
}

const nameOf = ({ address }: { readonly address: string }) => address

const countNew = ({ addresses }: LiveCounts, known: ReadonlySet<string>) =>
  addresses.reduce((count, { address }) => count + (known.has(address) ? 0 : 1), 0)

const figuresOf = ({ buckets, addresses }: LiveCounts, newAddresses: number) => ({
  bans: sumOf(buckets),
  failures: 0,
  addresses: addresses.length,
  newAddresses,
})

/** A series of what is not kept has no points. */
function sparklinesOf(
  { buckets }: LiveCounts,
  fresh: LiveCounts['addresses'],
  bounds: Bounds,
): StatsOverview['sparklines'] {
  const bucketSeconds = sparklineSeconds(bounds)
  const firsts = fresh.map(({ firstAt }) => ({ at: firstAt, count: 1 }))
  return {
    bucketSeconds,
    bans: pointsOf(itemsOf(buckets), bounds, bucketSeconds),
    newAddresses: pointsOf(firsts, bounds, bucketSeconds),
    failures: [],
    activeBans: [],
  }
}

/** Hours are fine enough for anything but a short span. */
const sparklineBase = (bounds: Bounds) => Math.min(HOUR, sparklineSeconds(bounds))

/** Bans over time by jail; failures are not kept by fail2ban. */
export async function liveTrend(
  deps: LiveDeps,
  bounds: Bounds,
  { buckets, measure }: { readonly buckets: number; readonly measure: 'bans' | 'failures' },
): Promise<StatsTrend> {
  const counts = await countBans(deps, bounds, Math.min(HOUR, trendBuckets(bounds, buckets).seconds))
  return trendOf(measure === 'bans' ? counts.buckets : [], bounds, buckets)
}

export async function liveByJail(deps: LiveDeps, { bounds, limit }: LiveTop): Promise<JailFigure[]> {
  const { buckets } = await countBans(deps, bounds)
  return jailFiguresOf(buckets, deps.clock()).slice(0, limit)
}

export async function liveByCountry(deps: LiveDeps, top: LiveTop): Promise<CountryFigure[]> {
  const { addresses } = await countBans(deps, top.bounds)
  return countryFiguresOf(addresses, foldOptions(deps, top))
}

export async function liveTopNetworks(deps: LiveDeps, top: LiveTop): Promise<NetworkFigure[]> {
  const { addresses } = await countBans(deps, top.bounds)
  return networkFiguresOf(addresses, foldOptions(deps, top))
}

/** The addresses banned most, at least `least` times. */
export async function liveTopAddresses(deps: LiveDeps, top: LiveTop, least = 1): Promise<AddressFigure[]> {
  const { addresses } = await countBans(deps, top.bounds)
  return addressFiguresOf(addresses, least, foldOptions(deps, top))
}

const countBans = ({ host }: LiveDeps, { from, to }: Bounds, bucketSeconds = HOUR): Promise<LiveCounts> =>
  host.countLiveBans({ from, to, bucketSeconds })

const foldOptions = ({ geo, clock }: LiveDeps, { limit, signal }: LiveTop): FoldOptions => ({
  countryOf: geo.countryOf,
  asOf: clock(),
  limit,
  signal,
})
