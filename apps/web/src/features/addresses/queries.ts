import { queryOptions } from '@tanstack/solid-query'
import { hostKeyOf } from '../../api/api-for-host.ts'
import { afterFailure } from '../../api/query-client.ts'
import type { StatsApi } from '../../api/stats-api.ts'
import { untilRecorded } from '../../bans/unrecorded.ts'

/** Queries for one address or network. */
export const addressQueries = {
  all: ['addresses'] as const,
  detail: (api: StatsApi, address: string) =>
    queryOptions({
      queryKey: ['addresses', address, ...hostKeyOf(api)],
      queryFn: ({ signal }) => api.history.address.query({ address }, { signal }),
      refetchInterval: ({ state }) =>
        afterFailure(state) ||
        untilRecorded(
          state.data?.bans.map((ban) => ({ ...ban, since: ban.at })),
          Date.now(),
        ),
    }),
}
