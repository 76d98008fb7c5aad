import { nextTurn } from '@bangui/async'
import type { CallContext, Handlers } from '@bangui/async/worker'
import { boundsBefore, type HistoryPage, type HostScope } from '@bangui/shared'
import type { ArchiveReader, StatsQuery } from './reader-port.ts'
import { findActive, listActive } from './queries/active.ts'
import { sampleActiveBans } from './queries/active-samples.ts'
import { banPatterns } from './queries/ban-patterns.ts'
import { sparklineBucketsOf, withBeginning } from './queries/time-buckets.ts'
import { findCovers } from './queries/covers.ts'
import { describeAddress } from './queries/describe-address.ts'
import { activeByCountry, countCountries, type CountryCount } from './queries/countries.ts'
import { countAddresses, countDistinct, type Distinct } from './queries/distinct.ts'
import type { Progress } from './queries/address-chunks.ts'
import { getBan, listHistory, listHistoryQuickly, listLines } from './queries/history.ts'
import { overviewTotals, type OverviewTotals } from './queries/overview.ts'
import { withOrigin, withScope, type Reading } from './queries/reading.ts'
import { byOrigin } from './queries/by-origin.ts'
import { recordedTimes } from './queries/recorded-since.ts'
import { banRevision } from './queries/sequences.ts'
import { byCountry, byJail, trend } from './queries/totals.ts'

/** The methods that the reading worker has with the same arguments as the archive. */
type SameMethods =
  | 'listActive'
  | 'findActive'
  | 'findCovers'
  | 'listHistory'
  | 'getBan'
  | 'listLines'
  | 'listEventsAfter'
  | 'listEvents'
  | 'listActivity'
  | 'countActivity'
  | 'trend'
  | 'recordedTimes'
  | 'byJail'
  | 'byCountry'
  | 'byOrigin'
  | 'activeByCountry'
  | 'banPatterns'

/** What a reading worker can be asked about a reading. */
interface Questions extends Pick<ArchiveReader, SameMethods> {
  describeAddress(address: string, now: number): ReturnType<ArchiveReader['describeAddress']>
  /** Null: the page needs a long scan. */
  listHistoryQuickly(...args: Parameters<ArchiveReader['listHistory']>): Promise<HistoryPage | null>
  listActivityQuickly(
    ...args: Parameters<ArchiveReader['listActivity']>
  ): Promise<Awaited<ReturnType<ArchiveReader['listActivity']>> | null>
  overviewTotals(span: Counted): Promise<OverviewTotals>
  /** a number that grows with each ban that comes in */
  banRevision(): Promise<number>
  /** Counts a span ban by ban, a long scan. */
  count(query: CountQuery): Promise<Count>
  /** Counts the addresses of a span by country, a long scan. */
  countCountries(span: Counted): Promise<CountryCount[]>
}

/** The methods of a reading worker: the hosts come first. */
export type ReaderMethods = {
  readonly [TName in keyof Questions]: (
    scope: HostScope,
    ...args: Parameters<Questions[TName]>
  ) => ReturnType<Questions[TName]>
}

/** Whose bans are counted, of which span. */
export type Counted = Pick<StatsQuery, 'bounds' | 'origin'>

export interface CountQuery extends Counted {
  readonly now: number
  /** the distinct addresses of the span before, where they were counted already */
  readonly previousAddresses: number | null
}

/** What was counted of a span, at `now`. */
export interface Count extends Distinct {
  readonly previousAddresses: number
  readonly activeSamples: readonly number[]
}

/** Loaded on demand: the models of events are large, and a worker that only counts stays small without them. */
const events = () => import('./queries/events.ts')
const activity = () => import('./queries/activity.ts')

/** Returns the methods of a reading worker for its connection. */
export function createReaderHandlers(reading: Reading): Handlers<ReaderMethods> {
  const of = (scope: HostScope, counted?: Pick<Counted, 'origin'>) =>
    withOrigin(withScope(reading, scope), counted?.origin)
  return {
    listActive: (_, scope, query) => listActive(of(scope), query),
    findActive: (_, scope, ...[addresses, options]) => findActive(of(scope), addresses, options),
    findCovers: (_, scope, addresses) => findCovers(of(scope), addresses),
    listHistory: (_, scope, query) => listHistory(of(scope), query),
    listHistoryQuickly: (_, scope, query) => listHistoryQuickly(of(scope), query),
    getBan: (_, scope, id) => getBan(of(scope), id),
    listLines: (_, scope, banId) => listLines(of(scope), banId),
    describeAddress: (_, scope, ...[address, now]) => describeAddress(of(scope), address, now),
    listEventsAfter: async (_, scope, ...[seq, limit]) =>
      (await events()).listEventsAfter(of(scope), seq, limit),
    listEvents: async (_, scope, query) => (await events()).listEvents(of(scope), query),
    listActivity: async (_, scope, query) => (await activity()).listActivity(of(scope), query),
    listActivityQuickly: async (_, scope, query) => (await activity()).listActivityQuickly(of(scope), query),
    countActivity: async (_, scope, query) => (await activity()).countActivity(of(scope), query),
    trend: (_, scope, query) => trend(of(scope, query), query),
    recordedTimes: (_, scope) => recordedTimes(of(scope)),
    byJail: (_, scope, query) => byJail(of(scope, query), query),
    byCountry: (_, scope, query) => byCountry(of(scope, query), query),
    byOrigin: (_, scope, query) => byOrigin(of(scope, query), query),
    activeByCountry: (_, scope, query) => activeByCountry(of(scope, query), query),
    banPatterns: (_, scope, query) => banPatterns(of(scope), query),
    countCountries: (context, scope, span) => inChunks(countCountries(of(scope, span), span.bounds), context),
    overviewTotals: (_, scope, span) => overviewTotals(of(scope, span), span.bounds),
    banRevision: (_, scope) => banRevision(of(scope)),
    count: (context, scope, query) => count(of(scope, query), context, query),
  }
}

async function count(reading: Reading, context: CallContext, query: CountQuery): Promise<Count> {
  const { bounds, now, previousAddresses } = query
  const before = previousAddresses === null ? boundsBefore(bounds) : null
  const stages = before ? 2 : 1
  const distinct = await inChunks(countDistinct(reading, bounds), inStage(context, 0, stages))
  const previous = before
    ? await inChunks(countAddresses(reading, before), inStage(context, 1, stages))
    : undefined
  const span = withBeginning(reading, bounds)
  return {
    ...distinct,
    previousAddresses: previous ?? previousAddresses ?? 0,
    activeSamples: sampleActiveBans(reading, { ...span, ...sparklineBucketsOf(span), now }),
  }
}

/** Returns the context of one of several scans, whose progress is a share of the whole. */
const inStage = ({ onProgress, ...context }: CallContext, stage: number, stages: number): CallContext => ({
  ...context,
  onProgress: (done, total) => onProgress(Math.round(((stage + done / total) / stages) * 1000), 1000),
})

/** Runs a scan chunk by chunk; between two chunks an abort takes effect and other queries are answered. */
async function inChunks<TResult>(
  chunks: Iterator<Progress, TResult>,
  context: CallContext,
): Promise<TResult> {
  try {
    for (;;) {
      const chunk = chunks.next()
      if (chunk.done) return chunk.value
      context.onProgress(chunk.value.done, chunk.value.total)
      await nextTurn()
      context.signal.throwIfAborted()
    }
  } finally {
    // drops its temporary table
    chunks.return?.()
  }
}
