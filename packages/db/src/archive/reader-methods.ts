import { boundsBefore, type Bounds, type HistoryPage } from '@bangui/shared'
import type { ArchiveReader } from './archive.ts'
import { findActive, listActive } from './queries/active.ts'
import { countActivePoints } from './queries/active-points.ts'
import { sparklineOf, withBeginning } from './queries/buckets.ts'
import { findCovers } from './queries/covers.ts'
import { describeAddress } from './queries/describe-address.ts'
import { activeByCountry, countCountries, type CountryCount } from './queries/countries.ts'
import { countDistinct, type Distinct, type Step } from './queries/distinct.ts'
import { getBan, listHistory, listHistorySoon, listLines } from './queries/history.ts'
import { overviewSums, type OverviewSums } from './queries/overview.ts'
import type { Reading } from './queries/reading.ts'
import { recordedTimes } from './queries/recorded-since.ts'
import { lastBanId } from './queries/sequences.ts'
import { byCountry, byJail, trend } from './queries/sums.ts'
import { breathe, type CallContext, type Handlers } from './serve-worker.ts'

type AsIs =
  | 'listActive'
  | 'findActive'
  | 'findCovers'
  | 'listHistory'
  | 'getBan'
  | 'listLines'
  | 'listEventsAfter'
  | 'listEvents'
  | 'trend'
  | 'recordedTimes'
  | 'byJail'
  | 'byCountry'
  | 'activeByCountry'

/** What a reading worker can be asked. */
export interface ReaderMethods extends Pick<ArchiveReader, AsIs> {
  describeAddress(address: string, now: number): ReturnType<ArchiveReader['describeAddress']>
  /** Null: it takes long. */
  listHistorySoon(...args: Parameters<ArchiveReader['listHistory']>): Promise<HistoryPage | null>
  overviewSums(bounds: Bounds): Promise<OverviewSums>
  /** grows with each ban that comes in */
  lastBanId(): Promise<number>
  /** Counts a span ban by ban: long. */
  count(query: CountQuery): Promise<Count>
  /** Counts the addresses of a span by country: long. */
  countCountries(bounds: Bounds): Promise<CountryCount[]>
}

export interface CountQuery {
  readonly bounds: Bounds
  readonly now: number
  /** addresses of the span before, where that was counted already */
  readonly previousAddresses: number | null
}

/** What was counted of a span, at `now`. */
export interface Count extends Distinct {
  readonly previousAddresses: number
  readonly activePoints: readonly number[]
}

/** Loaded when it is needed: what checks events is large, and a worker that only counts is small without it. */
const events = () => import('./queries/events.ts')

/** The methods of a reading worker on its connection. */
export function createReaderHandlers(reading: Reading): Handlers<ReaderMethods> {
  return {
    listActive: (_, query) => listActive(reading, query),
    findActive: (_, addresses, options) => findActive(reading, addresses, options),
    findCovers: (_, addresses) => findCovers(reading, addresses),
    listHistory: (_, query) => listHistory(reading, query),
    listHistorySoon: (_, query) => listHistorySoon(reading, query),
    getBan: (_, id) => getBan(reading, id),
    listLines: (_, banId) => listLines(reading, banId),
    describeAddress: (_, address, now) => describeAddress(reading, address, now),
    listEventsAfter: async (_, seq, limit) => (await events()).listEventsAfter(reading, seq, limit),
    listEvents: async (_, query) => (await events()).listEvents(reading, query),
    trend: (_, query) => trend(reading, query),
    recordedTimes: () => recordedTimes(reading),
    byJail: (_, query) => byJail(reading, query),
    byCountry: (_, query) => byCountry(reading, query),
    activeByCountry: (_, query) => activeByCountry(reading, query),
    countCountries: (context, bounds) => inSteps(countCountries(reading, bounds), context),
    overviewSums: (_, bounds) => overviewSums(reading, bounds),
    lastBanId: () => lastBanId(reading),
    count: (context, query) => count(reading, context, query),
  }
}

async function count(reading: Reading, context: CallContext, query: CountQuery): Promise<Count> {
  const { bounds, now, previousAddresses } = query
  const before = previousAddresses === null ? boundsBefore(bounds) : null
  const stages = before ? 2 : 1
  const distinct = await inSteps(countDistinct(reading, bounds), inStage(context, 0, stages))
  const previous = before
    ? await inSteps(countDistinct(reading, before), inStage(context, 1, stages))
    : undefined
  const span = withBeginning(reading, bounds)
  return {
    ...distinct,
    previousAddresses: previous?.addresses ?? previousAddresses ?? 0,
    activePoints: countActivePoints(reading, { ...span, ...sparklineOf(span), now }),
  }
}

/** Progress of one of some countings of the same length. */
const inStage = ({ signal, onProgress }: CallContext, stage: number, stages: number): CallContext => ({
  signal,
  onProgress: (done, total) => onProgress(Math.round(((stage + done / total) / stages) * 1000), 1000),
})

/** Takes step by step, between which an abort is seen and other questions are answered. */
async function inSteps<TResult>(steps: Iterator<Step, TResult>, context: CallContext): Promise<TResult> {
  try {
    for (;;) {
      const step = steps.next()
      if (step.done) return step.value
      context.onProgress(step.value.done, step.value.total)
      await breathe()
      context.signal.throwIfAborted()
    }
  } finally {
    // its temporary table goes
    steps.return?.()
  }
}
