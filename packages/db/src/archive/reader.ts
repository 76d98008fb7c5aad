import type { CountryStats } from '@bangui/shared'
import type { ArchiveReader, ReadOptions, StatsQuery } from './archive.ts'
import { isWide } from './queries/describe-address.ts'
import { toOverview } from './queries/overview.ts'
import { createCountries } from './reader-countries.ts'
import { createDigests, type Digests } from './reader-digests.ts'
import type { ReaderMethods } from './reader-methods.ts'
import { createSharedWork } from './reader-shared-work.ts'
import { startWorker, type RpcFactory, type WorkerRpc } from './worker-rpc.ts'

/** How often it is looked whether figures grow old, in milliseconds. */
const REFRESH_INTERVAL = 5000

/** How long a worker stays when nobody asks it, in milliseconds. */
const IDLE = 60_000

/** What is answered here; the rest is where it is written. */
export interface ReaderOfWorkers extends Omit<ArchiveReader, 'countActive' | 'lastSeq'> {
  close(): Promise<void>
}

/** So many addresses are looked up while others wait. */
const SOON = 1_000

/** More than there are. */
const COUNTRIES = 1000

type TopQuery = StatsQuery & { readonly limit: number }

/**
 * Reads the archive at `path` in two workers, each with its own connection: one for queries that take milliseconds,
 * one that counts. Each runs only while it is needed.
 */
export function createArchiveReader(path: string, start: RpcFactory = startWorker): ReaderOfWorkers {
  const reader = start<ReaderMethods>('reader', path, { idle: IDLE })
  const analyst = start<ReaderMethods>('reader', path, { idle: IDLE })
  const closing = new AbortController()
  const digests = createDigests({
    count: (query, options) => analyst.call('count', [query], untilClosed(closing.signal, options)),
    lastBanId: () => reader.call('lastBanId', []),
  })
  // after a failure, the next caller asks again and gets the reason
  const timer = setInterval(
    () => void digests.refreshDue(Date.now()).catch(() => undefined),
    REFRESH_INTERVAL,
  )
  timer.unref()

  // all who look at the map ask at the same moments
  const inForce = createSharedWork<CountryStats[]>()
  // the ends of a span without a name are counted ban by ban, and in an hour may be millions
  const summing = ({ named }: StatsQuery) => (named ? reader : analyst)

  return {
    listActive: (query) => reader.call('listActive', [query]),
    findActive: (addresses, options) => reader.call('findActive', [addresses, options]),
    findCovers: (addresses) => (addresses.length > SOON ? analyst : reader).call('findCovers', [addresses]),
    // what would keep others waiting is looked for beside them
    listHistory: async (query) =>
      (await reader.call('listHistorySoon', [query])) ?? (await analyst.call('listHistory', [query])),
    getBan: (id) => reader.call('getBan', [id]),
    listLines: (banId) => reader.call('listLines', [banId]),
    describeAddress: (address) =>
      (isWide(address) ? analyst : reader).call('describeAddress', [address, Date.now()]),
    listEventsAfter: (seq, limit) => reader.call('listEventsAfter', [seq, limit]),
    listEvents: (query) => reader.call('listEvents', [query]),
    trend: (query) => summing(query).call('trend', [query]),
    recordedTimes: () => reader.call('recordedTimes', []),
    byJail: (query) => summing(query).call('byJail', [query]),
    byCountry: (query) => summing(query).call('byCountry', [query]),
    addressesByCountry: createCountries((bounds, options) =>
      analyst.call('countCountries', [bounds], untilClosed(closing.signal, options)),
    ),
    activeByCountry: async ({ now, limit }) =>
      (await inForce.run('now', () => reader.call('activeByCountry', [{ now, limit: COUNTRIES }]))).slice(
        0,
        limit,
      ),
    ...figuresOf(summing, digests),
    async close() {
      clearInterval(timer)
      closing.abort()
      await Promise.all([reader.close(), analyst.close()])
    },
  }
}

/** Nobody waits for a counting when the archive is closed. */
const untilClosed = (closing: AbortSignal, { signal, ...options }: ReadOptions = {}): ReadOptions => ({
  ...options,
  signal: signal ? AbortSignal.any([signal, closing]) : closing,
})

type Figures = Pick<ArchiveReader, 'overview' | 'topAddresses' | 'topNetworks' | 'repeatOffenders'>

/** The figures that need a counting. */
function figuresOf(summing: (query: StatsQuery) => WorkerRpc<ReaderMethods>, digests: Digests): Figures {
  return {
    async overview(query, options) {
      const [sums, digest] = await Promise.all([
        summing(query).call('overviewSums', [query.bounds]),
        digests.find(query, options),
      ])
      return toOverview(sums, digest, query.now)
    },
    async topAddresses(query: TopQuery, options?: ReadOptions) {
      const { topAddresses, asOf } = await digests.find(query, options)
      return topAddresses.slice(0, query.limit).map((row) => ({ ...row, asOf }))
    },
    async topNetworks(query: TopQuery, options?: ReadOptions) {
      const { topNetworks, asOf } = await digests.find(query, options)
      return topNetworks.slice(0, query.limit).map((row) => ({ ...row, asOf }))
    },
    async repeatOffenders(query: TopQuery, options?: ReadOptions) {
      const { topAddresses, asOf } = await digests.find(query, options)
      const often = topAddresses.filter(({ bans }) => bans >= OFTEN)
      return often.slice(0, query.limit).map((row) => ({ ...row, asOf }))
    },
  }
}

/** Bans that make somebody a repeat offender. */
const OFTEN = 3
