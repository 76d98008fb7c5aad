import { keyedSingleFlight, mutex, semaphore, type KeyedSingleFlight } from '@bangui/async'
import type { WorkerRpc } from '@bangui/async/worker'
import { REPEAT_OFFENDER_BANS, type AddressStats, type CountryStats, type HostScope } from '@bangui/shared'
import type { ArchiveReader, ReadOptions, StatsQuery } from './reader-port.ts'
import { isWide } from './queries/describe-address.ts'
import type { TopAddress } from './queries/distinct.ts'
import { toOverview, type OverviewTotals } from './queries/overview.ts'
import { createCachedCountries } from './cached-countries.ts'
import { createCachedAggregates, MAX_SPANS_AT_ONCE, type CachedAggregates } from './cached-aggregates.ts'
import type { ReaderMethods } from './reader-methods.ts'
import { startWorker, type RpcFactory } from './archive-worker.ts'

/** How often the cached aggregates are checked for their age. */
const REFRESH_INTERVAL_MS = 5000

/** A worker ends after this time without a call. */
const WORKER_IDLE_MS = 30_000
/** The same of the worker for what is asked once an hour. */
const HOURLY_IDLE_MS = 1

/** What the reading workers answer; the writing worker answers the rest. */
export type ReaderOfWorkers = Omit<ArchiveReader, 'countActive' | 'lastSeq'>

/** The reading side of the archive. */
export interface ArchiveReaders {
  forHosts(scope: HostScope): ReaderOfWorkers
  close(): Promise<void>
}

/** More addresses are looked up in the worker for long scans. */
const MAX_QUICK_ADDRESSES = 1_000

/** More than there are countries. */
const MAX_COUNTRIES = 1000

type TopQuery = StatsQuery & { readonly limit: number }

/** The numbers of so many choices of hosts are cached. */
const MAX_CACHED_SCOPES = 32

/** What is cached of the numbers of some hosts. */
interface CachedNumbers {
  readonly aggregates: CachedAggregates
  readonly addressesByCountry: ArchiveReader['addressesByCountry']
}

/**
 * Reads the archive at `path` in three workers, each with its own connection: one for queries that take milliseconds, one
 * for long scans, one for what is asked once an hour. Each runs only while it is needed.
 */
export function createArchiveReaders(path: string, start: RpcFactory = startWorker): ArchiveReaders {
  const reader = start<ReaderMethods>('reader', path, { idleMs: WORKER_IDLE_MS })
  const analyst = start<ReaderMethods>('reader', path, { idleMs: WORKER_IDLE_MS })
  const hourly = start<ReaderMethods>('reader', path, { idleMs: HOURLY_IDLE_MS })
  const closing = new AbortController()
  const cache = createNumbersCache({ reader, analyst, closing: closing.signal })
  // after a failure, the next caller counts again and gets the reason
  const timer = setInterval(
    () => void cache.refreshDue(Date.now()).catch(() => undefined),
    REFRESH_INTERVAL_MS,
  )
  timer.unref()
  // every open map asks at the same moment
  const activeCountries = keyedSingleFlight<CountryStats[]>()
  return {
    forHosts: (scope) => readerOf(scope, { reader, analyst, hourly, cache, activeCountries }),
    async close() {
      clearInterval(timer)
      closing.abort()
      await Promise.all([reader.close(), analyst.close(), hourly.close()])
    },
  }
}

interface Workers {
  readonly reader: WorkerRpc<ReaderMethods>
  readonly analyst: WorkerRpc<ReaderMethods>
}

/** Returns the cached numbers of hosts; of the choices of hosts, those that were asked for last are kept. */
function createNumbersCache({ reader, analyst, closing }: Workers & { readonly closing: AbortSignal }) {
  const kept = new Map<string, CachedNumbers>()
  const inTurn = { aggregates: semaphore(MAX_SPANS_AT_ONCE), countries: mutex() }
  const create = (scope: HostScope): CachedNumbers => ({
    aggregates: createCachedAggregates(
      {
        count: (query, options) => analyst.call('count', [scope, query], untilClosed(closing, options)),
        banRevision: () => reader.call('banRevision', [scope]),
      },
      inTurn.aggregates,
    ),
    addressesByCountry: createCachedCountries(
      (span, options) => analyst.call('countCountries', [scope, span], untilClosed(closing, options)),
      inTurn.countries,
    ),
  })
  return {
    of(scope: HostScope): CachedNumbers {
      const key = keyOf(scope)
      const numbers = kept.get(key) ?? create(scope)
      kept.delete(key)
      kept.set(key, numbers)
      for (const oldest of [...kept.keys()].slice(0, -MAX_CACHED_SCOPES)) kept.delete(oldest)
      return numbers
    },
    async refreshDue(now: number): Promise<void> {
      for (const { aggregates } of kept.values()) await aggregates.refreshDue(now)
    },
  }
}

const keyOf = (scope: HostScope): string =>
  scope === 'all' ? scope : scope.toSorted((one, other) => one - other).join(' ')

interface ReaderContext extends Workers {
  readonly hourly: WorkerRpc<ReaderMethods>
  readonly cache: Pick<ReturnType<typeof createNumbersCache>, 'of'>
  readonly activeCountries: KeyedSingleFlight<CountryStats[]>
}

function readerOf(
  scope: HostScope,
  { reader, analyst, hourly, cache, activeCountries }: ReaderContext,
): ReaderOfWorkers {
  // both ends of a span without a name are counted ban by ban, and an hour may have millions
  const workerForTotals = ({ named }: StatsQuery) => (named ? reader : analyst)
  return {
    listActive: (query) => reader.call('listActive', [scope, query]),
    findActive: (...args) => reader.call('findActive', [scope, ...args]),
    getBan: (id) => reader.call('getBan', [scope, id]),
    listLines: (banId) => reader.call('listLines', [scope, banId]),
    listEventsAfter: (...args) => reader.call('listEventsAfter', [scope, ...args]),
    listEvents: (query) => reader.call('listEvents', [scope, query]),
    listActivity: async (query) =>
      (await reader.call('listActivityQuickly', [scope, query])) ??
      (await analyst.call('listActivity', [scope, query])),
    countActivity: (query) => analyst.call('countActivity', [scope, query]),
    recordedTimes: () => reader.call('recordedTimes', [scope]),
    findCovers: (addresses) =>
      (addresses.length > MAX_QUICK_ADDRESSES ? analyst : reader).call('findCovers', [scope, addresses]),
    // a page that needs a long scan must not keep quick queries waiting
    listHistory: async (query) =>
      (await reader.call('listHistoryQuickly', [scope, query])) ??
      (await analyst.call('listHistory', [scope, query])),
    describeAddress: (address) =>
      (isWide(address) ? analyst : reader).call('describeAddress', [scope, address, Date.now()]),
    trend: (query) => workerForTotals(query).call('trend', [scope, query]),
    byJail: (query) => workerForTotals(query).call('byJail', [scope, query]),
    byCountry: (query) => workerForTotals(query).call('byCountry', [scope, query]),
    byOrigin: (query) => workerForTotals(query).call('byOrigin', [scope, query]),
    banPatterns: (query) => hourly.call('banPatterns', [scope, query]),
    addressesByCountry: (...args) => cache.of(scope).addressesByCountry(...args),
    activeByCountry: async ({ now, origin, limit }) => {
      const counted = await activeCountries(`${keyOf(scope)} ${origin ?? ''}`, () =>
        reader.call('activeByCountry', [scope, { now, origin, limit: MAX_COUNTRIES }]),
      )
      return counted.slice(0, limit)
    },
    ...aggregateQueries((query, options) => cache.of(scope).aggregates.find(query, options), {
      totals: (query) => workerForTotals(query).call('overviewTotals', [scope, query]),
    }),
  }
}

/** Adds the closing of the archive to what ends a scan. */
const untilClosed = (closing: AbortSignal, { signal, ...options }: ReadOptions = {}): ReadOptions => ({
  ...options,
  signal: signal ? AbortSignal.any([signal, closing]) : closing,
})

type NumberReader = Pick<ArchiveReader, 'overview' | 'topAddresses' | 'topNetworks' | 'repeatOffenders'>

/** The queries that need cached aggregates. */
function aggregateQueries(
  find: CachedAggregates['find'],
  { totals: totalsOf }: { readonly totals: (query: StatsQuery) => Promise<OverviewTotals> },
): NumberReader {
  return {
    async overview(query, options) {
      const [totals, aggregate] = await Promise.all([totalsOf(query), find(query, options)])
      return toOverview(totals, aggregate, query.now)
    },
    async topAddresses(query: TopQuery, options?: ReadOptions) {
      const { topAddresses, asOf } = await find(query, options)
      return topAddresses.slice(0, query.limit).map((row) => toStats(row, asOf))
    },
    async topNetworks(query: TopQuery, options?: ReadOptions) {
      const { topNetworks, asOf } = await find(query, options)
      return topNetworks.slice(0, query.limit).map((row) => ({ ...row, asOf }))
    },
    async repeatOffenders(query: TopQuery, options?: ReadOptions) {
      const { topOnOneHost, asOf } = await find(query, options)
      const repeatOffenders = topOnOneHost.filter(({ most }) => most >= REPEAT_OFFENDER_BANS)
      return repeatOffenders
        .toSorted((one, other) => other.bans - one.bans)
        .slice(0, query.limit)
        .map((row) => toStats(row, asOf))
    },
  }
}

function toStats(top: TopAddress, asOf: number): AddressStats {
  const { key, bans, country, jails, firstAt, lastAt } = top
  return { key, bans, country, jails, firstAt, lastAt, asOf }
}
