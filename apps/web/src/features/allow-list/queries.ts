import { queryOptions } from '@tanstack/solid-query'
import { hostKeyOf } from '../../api/api-for-host.ts'
import type { Api } from '../../api/client.ts'
import { afterFailure } from '../../api/query-client.ts'

/** How often fail2ban is asked again where entries hold, while the page is shown. */
const INTERVAL_MS = 10_000

/** Queries for what is never banned. */
export const ignoreQueries = {
  list: (api: Api) =>
    queryOptions({
      queryKey: ['ignores', 'list', ...hostKeyOf(api)],
      queryFn: ({ signal }) => api.ignores.list.query(undefined, { signal }),
      refetchInterval: ({ state }) => afterFailure(state) || INTERVAL_MS,
    }),
  status: (api: Api) =>
    queryOptions({
      queryKey: ['ignores', 'status', ...hostKeyOf(api)],
      queryFn: ({ signal }) => api.ignores.status.query(undefined, { signal }),
      refetchInterval: ({ state }) => afterFailure(state) || INTERVAL_MS,
    }),
  check: (api: Api, address: string) =>
    queryOptions({
      queryKey: ['ignores', 'check', address, ...hostKeyOf(api)],
      queryFn: ({ signal }) => api.ignores.check.query({ address }, { signal }),
      staleTime: 0,
      gcTime: 0,
    }),
}
