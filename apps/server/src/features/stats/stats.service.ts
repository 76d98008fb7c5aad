import { withTimeout } from '@bangui/async'
import type { ReadOptions, StatsQuery } from '@bangui/db'
import {
  boundsOf,
  REPEAT_OFFENDER_BANS,
  type CountryStats,
  type CountryInput,
  type OriginStats,
  type StatsInput,
  type StatsOverview,
  type StatsTrend,
  type TopInput,
  type TrendInput,
} from '@bangui/shared'
import type { ScopeDeps } from '../../deps.ts'
import { onlyHost } from '../../hosts/only-host.ts'
import { AppError } from '../../lib/errors.ts'
import { requireKeptOrigin } from '../history/history-filter.ts'
import { liveReadingLate } from '../history/live-history.ts'
import {
  liveAddressesByCountry,
  liveByCountry,
  liveByJail,
  liveOverview,
  liveTopAddresses,
  liveTopNetworks,
  liveTrend,
  type LiveDeps,
  type LiveTop,
} from './live-stats.ts'

type StatsDeps = Pick<ScopeDeps, 'archive' | 'scope' | 'geo' | 'clock' | 'operations'>
type Signal = AbortSignal | undefined

/** The numbers of a span, with those of the span before. */
export function getOverview(deps: StatsDeps, input: StatsInput, signal: Signal): Promise<StatsOverview> {
  const query = queryOf(deps, input)
  return counting(deps, { input, signal }, (options) =>
    input.source === 'live'
      ? liveOverview(liveDepsOf(deps), query.bounds, options.signal)
      : deps.archive.overview(query, options),
  )
}

/** Bans or failures over time by jail. */
export function getTrend(deps: StatsDeps, input: TrendInput, signal: Signal): Promise<StatsTrend> {
  const { buckets, measure } = input
  const query = queryOf(deps, input)
  return counting(deps, { input, signal }, (options) =>
    input.source === 'live'
      ? liveTrend(liveDepsOf(deps), query.bounds, { buckets, measure, signal: options.signal })
      : deps.archive.trend({ ...query, buckets, measure }),
  )
}

export const listByJail = topList({
  archived: async ({ archive }, query) => (await archive.byJail(query)).slice(0, query.limit),
  live: liveByJail,
})

/** Returns the bans by origin, which fail2ban's own database does not have. @throws AppError origin_not_kept */
export async function listByOrigin(deps: StatsDeps, input: TopInput, signal: Signal): Promise<OriginStats[]> {
  if (input.source === 'live') throw new AppError('origin_not_kept')
  const query = queryOf(deps, input)
  const rows = await counting(deps, { input, signal }, () => deps.archive.byOrigin(query))
  return rows.slice(0, input.limit)
}

/** Returns counts by country; the bans active now come from the archive, whichever source the past is read from. */
export function listByCountry(deps: StatsDeps, input: CountryInput, signal: Signal): Promise<CountryStats[]> {
  const { measure, limit, origin } = input
  if (measure === 'active') return deps.archive.activeByCountry({ now: deps.clock(), origin, limit })
  const list = measure === 'addresses' ? listAddressesByCountry : listBansByCountry
  return list(deps, input, signal)
}

const listBansByCountry = topList({
  archived: ({ archive }, query) => archive.byCountry(query),
  live: liveByCountry,
})

const listAddressesByCountry = topList({
  archived: ({ archive }, query, options) => archive.addressesByCountry(query, options),
  live: liveAddressesByCountry,
})

export const listTopAddresses = topList({
  archived: ({ archive }, query, options) => archive.topAddresses(query, options),
  live: liveTopAddresses,
})

export const listTopNetworks = topList({
  archived: ({ archive }, query, options) => archive.topNetworks(query, options),
  live: liveTopNetworks,
})

export const listRepeatOffenders = topList({
  archived: ({ archive }, query, options) => archive.repeatOffenders(query, options),
  live: (deps, top) => liveTopAddresses(deps, top, REPEAT_OFFENDER_BANS),
})

interface TopSources<TFigure> {
  readonly archived: (
    deps: StatsDeps,
    query: StatsQuery & { readonly limit: number },
    options: ReadOptions,
  ) => Promise<TFigure[]>
  readonly live: (deps: LiveDeps, top: LiveTop) => Promise<TFigure[]>
}

/** A list with most bans first, from the source that is asked for. */
function topList<TFigure>({ archived, live }: TopSources<TFigure>) {
  return (deps: StatsDeps, input: TopInput, signal: Signal): Promise<TFigure[]> => {
    const { limit } = input
    const query = queryOf(deps, input)
    return counting(deps, { input, signal }, (options) =>
      input.source === 'live'
        ? live(liveDepsOf(deps), { bounds: query.bounds, limit, signal: options.signal })
        : archived(deps, { ...query, limit }, options),
    )
  }
}

const liveDepsOf = ({ scope, geo, clock }: StatsDeps): LiveDeps => ({ ...onlyHost(scope), geo, clock })

function queryOf({ clock }: StatsDeps, input: StatsInput): StatsQuery {
  requireKeptOrigin(input)
  const { range, origin } = input
  const now = clock()
  return { named: typeof range === 'string' ? range : null, bounds: boundsOf(range, now), origin, now }
}

/** How long numbers of fail2ban's own database may take, in milliseconds: a disk can hang, and others ask, too. */
export const LIVE_FIGURES_TIMEOUT_MS = 60_000

/** Counts; under the client's id as an operation that is shown and can be cancelled. */
async function counting<TResult>(
  deps: StatsDeps,
  { input, signal }: { readonly input: StatsInput; readonly signal: Signal },
  work: (options: ReadOptions) => Promise<TResult>,
): Promise<TResult> {
  const { operationId: id } = input
  if (id === undefined) return orCancelled(signal, () => inTime(input, { signal }, work))
  const request = { id, kind: 'statistics', title: 'Counting bans', total: null, cancellable: true } as const
  // what counts over several hosts is shown with the first of them
  const [host] = deps.scope
  return deps.operations.show({ ...request, host }, ({ signal: cancelled, progress }) => {
    const either = signal ? AbortSignal.any([signal, cancelled]) : cancelled
    return orCancelled(either, () => inTime(input, { signal: either, onProgress: progress }, work))
  })
}

/** The archive answers in bounded time by itself; fail2ban's own database is read by one thread for all. */
function inTime<TResult>(
  { source }: StatsInput,
  options: ReadOptions,
  work: (options: ReadOptions) => Promise<TResult>,
): Promise<TResult> {
  if (source !== 'live') return work(options)
  const milliseconds = LIVE_FIGURES_TIMEOUT_MS
  const onTimeout = () => {
    throw liveReadingLate(milliseconds)
  }
  const timeout = { milliseconds, signal: options.signal, onTimeout }
  return withTimeout((signal) => work({ ...options, signal }), timeout)
}

/** Runs work; an error after a cancellation becomes `operation_cancelled`. */
async function orCancelled<TResult>(signal: Signal, work: () => Promise<TResult>): Promise<TResult> {
  try {
    return await work()
  } catch (error) {
    throw signal?.aborted ? new AppError('operation_cancelled', {}, { cause: error }) : error
  }
}
