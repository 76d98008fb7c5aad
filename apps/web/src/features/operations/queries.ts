import type { OperationState } from '@bangui/shared'
import { infiniteQueryOptions } from '@tanstack/solid-query'
import { hostKeyOf } from '../../api/api-for-host.ts'
import type { StatsApi } from '../../api/stats-api.ts'

/** Queries for what anybody did to fail2ban. */
export const operationQueries = {
  all: ['operations'] as const,
  list: (api: StatsApi, state: OperationState | undefined) =>
    infiniteQueryOptions({
      queryKey: ['operations', state, ...hostKeyOf(api)],
      queryFn: ({ pageParam, signal }) =>
        api.operations.list.query(
          { limit: 50, ...(state && { state }), ...(pageParam !== null && { cursor: pageParam }) },
          { signal },
        ),
      initialPageParam: null as string | null,
      getNextPageParam: ({ nextCursor }) => nextCursor,
    }),
}
