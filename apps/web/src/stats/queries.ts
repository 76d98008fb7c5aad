import type {
  AddressStats,
  CountryStats,
  CountryMeasure,
  HistoryFilter,
  JailStats,
  NetworkStats,
  Origin,
  OriginStats,
  Range,
  Source,
  TrendInput,
} from '@bangui/shared'
import { keepPreviousData, infiniteQueryOptions, queryOptions } from '@tanstack/solid-query'
import { hostKeyOf } from '../api/api-for-host.ts'
import { asCounting, type Counting } from '../api/countings.ts'
import { afterFailure } from '../api/query-client.ts'
import type { StatsApi } from '../api/stats-api.ts'
import { countOf } from './country-measure.ts'

export type StatsQuery = { range: Range; source: Source; origin?: Origin | undefined }

/** The rows of each top list. */
export type TopStats = {
  byJail: readonly JailStats[]
  byCountry: readonly CountryStats[]
  byOrigin: readonly OriginStats[]
  topAddresses: readonly AddressStats[]
  topNetworks: readonly NetworkStats[]
  repeatOffenders: readonly AddressStats[]
}

/** All countries by one measure. The measure is included because the rows can be placeholder data of the previous query. */
export type Countries = {
  readonly measure: CountryMeasure
  readonly rows: readonly { readonly code: string; readonly value: number }[]
}

/** Active bans change without events of the range, so they are fetched again at this interval. */
const ACTIVE_INTERVAL_MS = 10_000

// the previous result stays on screen until the next one is there; a superseded request is aborted
const common = { placeholderData: keepPreviousData, staleTime: 30_000 }

/** Loads numbers of a range. A range without a name can take long to count, so it gets an id for progress and cancelling. */
function countRange<TResult>(
  { range }: StatsQuery,
  signal: AbortSignal,
  send: (counting: { signal: AbortSignal; id?: Pick<Counting, 'operationId'> }) => Promise<TResult>,
): Promise<TResult> {
  if (typeof range === 'string') return send({ signal })
  return asCounting(signal, ({ operationId, signal: either }) =>
    send({ signal: either, id: { operationId } }),
  )
}

/** Queries for statistics. All keys begin with `stats`, so that live events invalidate them together. */
export const statsQueries = {
  overview: (api: StatsApi, query: StatsQuery) =>
    queryOptions({
      ...common,
      queryKey: ['stats', 'overview', query, ...hostKeyOf(api)],
      queryFn: (context) =>
        countRange(query, context.signal, ({ id, signal }) =>
          api.stats.overview.query({ ...query, ...id }, { signal }),
        ),
    }),
  trend: (api: StatsApi, query: StatsQuery & { measure: TrendInput['measure']; buckets: number }) =>
    queryOptions({
      ...common,
      queryKey: ['stats', 'trend', query, ...hostKeyOf(api)],
      queryFn: (context) =>
        countRange(query, context.signal, ({ id, signal }) =>
          api.stats.trend.query({ ...query, ...id }, { signal }),
        ),
    }),
  countries: (api: StatsApi, query: StatsQuery, measure: CountryMeasure) => {
    const input = inputOf(query, measure)
    return queryOptions({
      ...common,
      queryKey: ['stats', 'countries', input, ...hostKeyOf(api)],
      queryFn: async (context): Promise<Countries> => {
        const rows = await countRange(input, context.signal, ({ id, signal }) =>
          api.stats.byCountry.query({ ...input, limit: 500, ...id }, { signal }),
        )
        return { measure, rows: rows.map((each) => ({ code: each.key, value: countOf(each, measure) })) }
      },
      refetchInterval: measure === 'active' ? ACTIVE_INTERVAL_MS : false,
    })
  },
  top: <TVerb extends keyof TopStats>(api: StatsApi, verb: TVerb, query: StatsQuery & { limit: number }) =>
    queryOptions({
      ...common,
      queryKey: ['stats', verb, query, ...hostKeyOf(api)],
      queryFn: async (context): Promise<TopStats[TVerb]> =>
        (await countRange<TopStats[keyof TopStats]>(query, context.signal, ({ id, signal }) =>
          api.stats[verb].query({ ...query, ...id }, { signal }),
        )) as TopStats[TVerb],
    }),
}

/** The query for the time since when a source is complete; it changes with a new archive, or as fail2ban deletes old bans. */
export const recordedQuery = (api: StatsApi, source: Source) =>
  queryOptions({
    queryKey: ['recorded', source, ...hostKeyOf(api)],
    queryFn: ({ signal }) => api.stats.recorded.query({ source }, { signal }),
    staleTime: 600_000,
  })

/** How long fail2ban and each jail were up on each of the last days. */
export const statesQuery = (api: StatsApi) =>
  queryOptions({
    queryKey: ['states', ...hostKeyOf(api)],
    queryFn: ({ signal }) => api.stats.states.query(undefined, { signal }),
    staleTime: 60_000,
    refetchInterval: 60_000,
  })

/** Returns the input of a query by country; active bans do not depend on the range. */
const inputOf = (query: StatsQuery, measure: CountryMeasure) => {
  if (measure === 'bans') return query
  return measure === 'active'
    ? ({ range: '24h', source: 'archive', origin: query.origin, measure } as const)
    : { ...query, measure }
}

/** Queries for individual past bans. */
export const historyQueries = {
  lists: ['history', 'list'] as const,
  list: (api: StatsApi, filter: HistoryFilter) =>
    infiniteQueryOptions({
      ...common,
      queryKey: ['history', 'list', filter, ...hostKeyOf(api)],
      queryFn: ({ pageParam, signal }) =>
        api.history.list.query({ ...filter, cursor: pageParam, limit: 50 }, { signal }),
      initialPageParam: null as string | null,
      getNextPageParam: (page) => page.nextCursor,
      // all loaded pages would be fetched again, one after the other
      refetchOnWindowFocus: false,
    }),
  lines: (api: StatsApi, id: number) =>
    queryOptions({
      queryKey: ['history', 'lines', id, ...hostKeyOf(api)],
      queryFn: ({ signal }) => api.history.lines.query({ id }, { signal }),
      // lines never change, but are stored some moments after their ban
      staleTime: ({ state }) => (state.data?.lines.length === 0 ? 0 : Number.POSITIVE_INFINITY),
      refetchInterval: ({ state }) =>
        state.data?.lines.length === 0 && state.dataUpdateCount < 5 ? 2_000 : afterFailure(state),
    }),
}
