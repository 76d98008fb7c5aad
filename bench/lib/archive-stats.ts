import type { HostArchive, StatsQuery } from '@bangui/db'
import { boundsOf, type Bounds, type NamedRange } from '@bangui/shared'
import type { AskedArchive, BareArchive } from './bare-archive.ts'
import type { Measure } from './bench.ts'
import { median, quantile, timedInTurns } from './numbers.ts'

const ranges: readonly NamedRange[] = ['24h', '7d', '30d', '90d', '365d', 'all']
const ROUNDS = 40
const AGGREGATE_ROUNDS = 3
const DAY_MS = 86_400_000
const LIMIT = 10

type Question =
  | 'overview'
  | 'trend'
  | 'byJail'
  | 'byCountry'
  | 'topAddresses'
  | 'topNetworks'
  | 'repeatOffenders'

const questions: readonly Question[] = [
  'overview',
  'trend',
  'byJail',
  'byCountry',
  'topAddresses',
  'topNetworks',
  'repeatOffenders',
]

const ask = (archive: HostArchive, question: Question, query: StatsQuery): Promise<unknown> =>
  archive[question]({ ...query, limit: LIMIT, buckets: 60, measure: 'bans' })

/** The plain statement of a question; the others are answered from aggregates, which no statement has. */
function askBarely(bare: BareArchive, question: Question, bounds: Bounds): Promise<unknown> {
  const isPlain = question === 'overview' || question === 'trend' || question === 'byCountry'
  return bare[isPlain ? question : 'byJail'](bounds)
}

/** The named ranges, whose aggregates are cached. */
export async function measureNamed({ archive, bare, size }: AskedArchive): Promise<Measure[]> {
  let slowest = { what: '', time: 0, p95: 0 }
  let reference = 0
  for (const named of ranges) {
    const now = Date.now()
    const query = { named, bounds: boundsOf(named, now), now }
    for (const question of questions) {
      // the first call fills the cache that the next ones are answered from
      await ask(archive, question, query)
      const times = await timedInTurns(ROUNDS, {
        ours: () => ask(archive, question, query),
        bare: () => askBarely(bare, question, query.bounds),
      })
      const time = median(times.ours)
      if (time > slowest.time)
        slowest = { what: `${question} of ${named}`, time, p95: quantile(times.ours, 0.95) }
      reference = Math.max(reference, median(times.bare))
    }
  }
  return [
    {
      what: `stats.* of the named ranges, ${size.named} bans: the slowest`,
      value: slowest.time,
      unit: 'ms',
      reference: { what: 'the slowest plain statement on the roll-ups', value: reference },
      wanted: 'at most 4 times',
      ok: slowest.time <= reference * 4,
      note: `${slowest.what}, 95 % within ${slowest.p95.toFixed(1)} ms; through the worker, median of ${ROUNDS}`,
    },
  ]
}

/** 111 days that begin and end within an hour. */
function freeQuery(round: number): StatsQuery {
  const now = Date.now()
  const bounds = { from: now - 123.4 * DAY_MS - round, to: now - 12.3 * DAY_MS - round }
  return { named: null, bounds, now }
}

/** Totals of a span without a name, from roll-ups and ban by ban at both ends. */
export async function measureTotals({ archive, bare, size }: AskedArchive): Promise<Measure[]> {
  const query = freeQuery(0)
  let [slowest, reference] = [0, 0]
  for (const question of ['trend', 'byJail', 'byCountry'] as const) {
    const times = await timedInTurns(ROUNDS, {
      ours: () => ask(archive, question, query),
      bare: () => askBarely(bare, question, query.bounds),
    })
    slowest = Math.max(slowest, median(times.ours))
    reference = Math.max(reference, median(times.bare))
  }
  return [
    {
      what: `totals of 111 days that have no name, ${size.named} bans: the slowest`,
      value: slowest,
      unit: 'ms',
      reference: { what: 'the slowest plain statement', value: reference },
      wanted: 'at most 4 times',
      ok: slowest <= reference * 4,
      note: `median of ${ROUNDS}`,
    },
  ]
}

/** Top lists and distinct addresses of such a span, as a page asks for them: all at once. */
export async function measureAggregates({ archive, bare, size }: AskedArchive): Promise<Measure[]> {
  const lists = ['overview', 'topAddresses', 'topNetworks', 'repeatOffenders'] as const
  const times = await timedInTurns(AGGREGATE_ROUNDS, {
    ours: (round) => Promise.all(lists.map((list) => ask(archive, list, freeQuery(round)))),
    bare: (round) => bare.countDistinct(freeQuery(round).bounds),
  })
  const [ours, reference] = [median(times.ours), median(times.bare)]
  // the costs that do not grow with the bans weigh more on few bans
  const limit = size.bans < 10_000_000 ? 3 : 2
  return [
    {
      what: `top lists and distinct addresses of them, ${size.named} bans`,
      value: ours,
      unit: 'ms',
      reference: { what: 'the plain statements, one after the other', value: reference },
      wanted: `at most ${limit} times`,
      ok: ours <= reference * limit,
      note: `top addresses and networks, repeat offenders, addresses of the span and of the one before; median of ${AGGREGATE_ROUNDS}`,
    },
  ]
}
