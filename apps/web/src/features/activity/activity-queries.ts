import type { ActivityFilter } from '@bangui/shared'
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/solid-query'
import { hostKeyOf } from '../../api/api-for-host.ts'
import type { StatsApi } from '../../api/stats-api.ts'

const PAGE_SIZE = 50

/** Queries for the activity. */
export const activityQueries = {
  list: (api: StatsApi, filter: ActivityFilter) =>
    infiniteQueryOptions({
      queryKey: ['activity', 'list', filter, ...hostKeyOf(api)],
      queryFn: ({ pageParam, signal }) =>
        api.history.activity.query({ ...filter, cursor: pageParam, limit: PAGE_SIZE }, { signal }),
      initialPageParam: null as string | null,
      getNextPageParam: (page) => page.nextCursor,
      placeholderData: keepPreviousData,
      staleTime: 5_000,
      // all loaded pages would be fetched again, one after the other
      refetchOnWindowFocus: false,
    }),
  counts: (api: StatsApi, { kinds: _kinds, ...filter }: ActivityFilter) =>
    queryOptions({
      queryKey: ['activity', 'counts', filter, ...hostKeyOf(api)],
      queryFn: ({ signal }) => api.history.activityCounts.query(filter, { signal }),
      placeholderData: keepPreviousData,
      staleTime: 10_000,
    }),
}
