import { queryOptions } from '@tanstack/solid-query'
import { hostKeyOf } from '../../api/api-for-host.ts'
import type { Api } from '../../api/client.ts'
import { afterFailure } from '../../api/query-client.ts'

/** How often the lists are read again: one that is being imported changes at any moment. */
const INTERVALS_MS = { running: 1_000, resting: 10_000 }

/** Queries for blocklists. */
export const blocklistQueries = {
  all: ['blocklists'] as const,
  list: (api: Api) =>
    queryOptions({
      queryKey: ['blocklists', 'list', ...hostKeyOf(api)],
      queryFn: ({ signal }) => api.blocklists.list.query(undefined, { signal }),
      refetchInterval: ({ state }) =>
        afterFailure(state) ||
        (state.data?.some(({ running }) => running) ? INTERVALS_MS.running : INTERVALS_MS.resting),
    }),
  /** `state`: what changes with each run */
  runs: (api: Api, id: number, state: string) =>
    queryOptions({
      queryKey: ['blocklists', 'runs', id, state, ...hostKeyOf(api)],
      queryFn: ({ signal }) => api.blocklists.runs.query({ id, limit: 20 }, { signal }),
      placeholderData: (before) => before,
    }),
  catalogue: (api: Api) =>
    queryOptions({
      queryKey: ['blocklists', 'catalogue'],
      queryFn: ({ signal }) => api.blocklists.catalogue.query(undefined, { signal }),
      staleTime: Number.POSITIVE_INFINITY,
    }),
  schedule: (api: Api, schedule: string, zone: string) =>
    queryOptions({
      queryKey: ['blocklists', 'schedule', schedule, zone, ...hostKeyOf(api)],
      queryFn: ({ signal }) => api.blocklists.schedule.query({ schedule, zone }, { signal }),
      placeholderData: (before) => before,
      staleTime: 30_000,
      retry: false,
    }),
}
