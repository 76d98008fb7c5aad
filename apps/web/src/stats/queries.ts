import type {
  AddressStats,
  CountryStats,
  CountryMeasure,
  HistoryFilter,
  JailStats,
  NetworkStats,
  Range,
  Source,
  TrendInput,
} from '@bangui/shared'
import { keepPreviousData, infiniteQueryOptions, queryOptions } from '@tanstack/solid-query'
import { asCounting, type Counting } from '../api/countings.ts'
import { afterFailure } from '../api/query-client.ts'
import type { StatsApi } from '../api/stats-api.ts'
import { countOf } from './country-measure.ts'

export type Asked = { range: Range; source: Source }

/** The lists of the most. */
export type TopStats = {
  byJail: readonly JailStats[]
  byCountry: readonly CountryStats[]
  topAddresses: readonly AddressStats[]
  topNetworks: readonly NetworkStats[]
  repeatOffenders: readonly AddressStats[]
}

/** All countries by one measure, which the answer names: it may stand in for that to the next question. */
export type Countries = {
  readonly measure: CountryMeasure
  readonly rows: readonly { readonly code: string; readonly value: number }[]
}

/** Who is banned now is asked for again so often, in milliseconds: a span that is over brings no news of it. */
const NOW_EVERY = 10_000

// what stood before stays in sight until the answer is there; a superseded question is taken back
const common = { placeholderData: keepPreviousData, staleTime: 30_000 }

/** A span without a name may have to be counted: it is asked for under an id, for progress and to be given up. */
function askAbout<TResult>(
  { range }: Asked,
  signal: AbortSignal,
  ask: (counting: { signal: AbortSignal; id?: Pick<Counting, 'operationId'> }) => Promise<TResult>,
): Promise<TResult> {
  if (typeof range === 'string') return ask({ signal })
  return asCounting(signal, ({ operationId, signal: either }) => ask({ signal: either, id: { operationId } }))
}

/** What is asked about the past. All keys begin with `stats`, so that live events invalidate them together. */
export const statsQueries = {
  overview: (api: StatsApi, asked: Asked) =>
    queryOptions({
      ...common,
      queryKey: ['stats', 'overview', asked],
      queryFn: (context) =>
        askAbout(asked, context.signal, ({ id, signal }) =>
          api.stats.overview.query({ ...asked, ...id }, { signal }),
        ),
    }),
  trend: (api: StatsApi, asked: Asked & { measure: TrendInput['measure']; buckets: number }) =>
    queryOptions({
      ...common,
      queryKey: ['stats', 'trend', asked],
      queryFn: (context) =>
        askAbout(asked, context.signal, ({ id, signal }) =>
          api.stats.trend.query({ ...asked, ...id }, { signal }),
        ),
    }),
  countries: (api: StatsApi, asked: Asked, measure: CountryMeasure) => {
    const question = questionOf(asked, measure)
    return queryOptions({
      ...common,
      queryKey: ['stats', 'countries', question],
      queryFn: async (context): Promise<Countries> => {
        const figures = await askAbout(question, context.signal, ({ id, signal }) =>
          api.stats.byCountry.query({ ...question, limit: 500, ...id }, { signal }),
        )
        return { measure, rows: figures.map((each) => ({ code: each.key, value: countOf(each, measure) })) }
      },
      refetchInterval: measure === 'active' ? NOW_EVERY : false,
    })
  },
  top: <TVerb extends keyof TopStats>(api: StatsApi, verb: TVerb, asked: Asked & { limit: number }) =>
    queryOptions({
      ...common,
      queryKey: ['stats', verb, asked],
      queryFn: async (context): Promise<TopStats[TVerb]> =>
        (await askAbout<TopStats[keyof TopStats]>(asked, context.signal, ({ id, signal }) =>
          api.stats[verb].query({ ...asked, ...id }, { signal }),
        )) as TopStats[TVerb],
    }),
}

/** Since when a source has everything: it changes with a new archive, or as fail2ban forgets. */
export const recordedQuery = (api: StatsApi, source: Source) =>
  queryOptions({
    queryKey: ['recorded', source],
    queryFn: ({ signal }) => api.stats.recorded.query({ source }, { signal }),
    staleTime: 600_000,
  })

/** Who is banned now does not depend on the time that is chosen. */
const questionOf = (asked: Asked, measure: CountryMeasure) => {
  if (measure === 'bans') return asked
  return measure === 'active'
    ? ({ range: '24h', source: 'archive', measure } as const)
    : { ...asked, measure }
}

/** What is asked about single bans of the past. */
export const historyQueries = {
  lists: ['history', 'list'] as const,
  list: (api: StatsApi, filter: HistoryFilter) =>
    infiniteQueryOptions({
      ...common,
      queryKey: ['history', 'list', filter],
      queryFn: ({ pageParam, signal }) =>
        api.history.list.query({ ...filter, cursor: pageParam, limit: 50 }, { signal }),
      initialPageParam: null as string | null,
      getNextPageParam: (page) => page.nextCursor,
      // many pages would be asked for again one after the other
      refetchOnWindowFocus: false,
    }),
  lines: (api: StatsApi, id: number) =>
    queryOptions({
      queryKey: ['history', 'lines', id],
      queryFn: ({ signal }) => api.history.lines.query({ id }, { signal }),
      // lines never change, but come some moments after their ban
      staleTime: ({ state }) => (state.data?.lines.length === 0 ? 0 : Number.POSITIVE_INFINITY),
      refetchInterval: ({ state }) =>
        state.data?.lines.length === 0 && state.dataUpdateCount < 5 ? 2_000 : afterFailure(state),
    }),
}
