import { keyedSingleFlight } from '@bangui/async'
import { forward, type WorkerRpc } from '@bangui/async/worker'
import { REPEAT_OFFENDER_BANS, type CountryStats } from '@bangui/shared'
import type { ArchiveReader, ReadOptions, StatsQuery } from './archive.ts'
import { isWide } from './queries/describe-address.ts'
import { toOverview } from './queries/overview.ts'
import { createCachedCountries } from './cached-countries.ts'
import { createCachedAggregates, type CachedAggregates } from './cached-aggregates.ts'
import type { ReaderMethods } from './reader-methods.ts'
import { startWorker, type RpcFactory } from './archive-worker.ts'

/** How often the cached aggregates are checked for their age. */
const REFRESH_INTERVAL_MS = 5000

/** A worker ends after this time without a call. */
const WORKER_IDLE_MS = 60_000

/** The reading side of the archive; the writing worker answers the rest. */
export interface ReaderOfWorkers extends Omit<ArchiveReader, 'countActive' | 'lastSeq'> {
  close(): Promise<void>
}

/** More addresses are looked up in the worker for long scans. */
const MAX_QUICK_ADDRESSES = 1_000

/** More than there are countries. */
const MAX_COUNTRIES = 1000

type TopQuery = StatsQuery & { readonly limit: number }

/**
 * Reads the archive at `path` in two workers, each with its own connection: one for queries that take milliseconds, one
 * for long scans. Each runs only while it is needed.
 */
export function createArchiveReader(path: string, start: RpcFactory = startWorker): ReaderOfWorkers {
  const reader = start<ReaderMethods>('reader', path, { idleMs: WORKER_IDLE_MS })
  const analyst = start<ReaderMethods>('reader', path, { idleMs: WORKER_IDLE_MS })
  const closing = new AbortController()
  const aggregates = createCachedAggregates({
    count: (query, options) => analyst.call('count', [query], untilClosed(closing.signal, options)),
    lastBanId: () => reader.call('lastBanId', []),
  })
  // after a failure, the next caller counts again and gets the reason
  const timer = setInterval(
    () => void aggregates.refreshDue(Date.now()).catch(() => undefined),
    REFRESH_INTERVAL_MS,
  )
  timer.unref()

  // every open map asks at the same moment
  const activeCountries = keyedSingleFlight<CountryStats[]>()
  // both ends of a span without a name are counted ban by ban, and an hour may have millions
  const workerForTotals = ({ named }: StatsQuery) => (named ? reader : analyst)

  return {
    ...forward(reader, [
      'listActive',
      'findActive',
      'getBan',
      'listLines',
      'listEventsAfter',
      'listEvents',
      'recordedTimes',
    ]),
    findCovers: (addresses) =>
      (addresses.length > MAX_QUICK_ADDRESSES ? analyst : reader).call('findCovers', [addresses]),
    // a page that needs a long scan must not keep quick queries waiting
    listHistory: async (query) =>
      (await reader.call('listHistoryQuickly', [query])) ?? (await analyst.call('listHistory', [query])),
    describeAddress: (address) =>
      (isWide(address) ? analyst : reader).call('describeAddress', [address, Date.now()]),
    trend: (query) => workerForTotals(query).call('trend', [query]),
    byJail: (query) => workerForTotals(query).call('byJail', [query]),
    byCountry: (query) => workerForTotals(query).call('byCountry', [query]),
    addressesByCountry: createCachedCountries((bounds, options) =>
      analyst.call('countCountries', [bounds], untilClosed(closing.signal, options)),
    ),
    activeByCountry: async ({ now, limit }) =>
      (
        await activeCountries('', () => reader.call('activeByCountry', [{ now, limit: MAX_COUNTRIES }]))
      ).slice(0, limit),
    ...aggregateQueries(workerForTotals, aggregates),
    async close() {
      clearInterval(timer)
      closing.abort()
      await Promise.all([reader.close(), analyst.close()])
    },
  }
}

/** Adds the closing of the archive to what ends a scan. */
const untilClosed = (closing: AbortSignal, { signal, ...options }: ReadOptions = {}): ReadOptions => ({
  ...options,
  signal: signal ? AbortSignal.any([signal, closing]) : closing,
})

type Figures = Pick<ArchiveReader, 'overview' | 'topAddresses' | 'topNetworks' | 'repeatOffenders'>

/** The queries that need cached aggregates. */
function aggregateQueries(
  workerForTotals: (query: StatsQuery) => WorkerRpc<ReaderMethods>,
  aggregates: CachedAggregates,
): Figures {
  return {
    async overview(query, options) {
      const [totals, aggregate] = await Promise.all([
        workerForTotals(query).call('overviewTotals', [query.bounds]),
        aggregates.find(query, options),
      ])
      return toOverview(totals, aggregate, query.now)
    },
    async topAddresses(query: TopQuery, options?: ReadOptions) {
      const { topAddresses, asOf } = await aggregates.find(query, options)
      return topAddresses.slice(0, query.limit).map((row) => ({ ...row, asOf }))
    },
    async topNetworks(query: TopQuery, options?: ReadOptions) {
      const { topNetworks, asOf } = await aggregates.find(query, options)
      return topNetworks.slice(0, query.limit).map((row) => ({ ...row, asOf }))
    },
    async repeatOffenders(query: TopQuery, options?: ReadOptions) {
      const { topAddresses, asOf } = await aggregates.find(query, options)
      const repeatOffenders = topAddresses.filter(({ bans }) => bans >= REPEAT_OFFENDER_BANS)
      return repeatOffenders.slice(0, query.limit).map((row) => ({ ...row, asOf }))
    },
  }
}
