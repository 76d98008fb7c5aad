import { queryOptions } from '@tanstack/solid-query'
import { hostKeyOf } from '../../api/api-for-host.ts'
import type { Api } from '../../api/client.ts'

/** Queries for logs. */
export const logQueries = {
  list: (api: Api) =>
    queryOptions({
      queryKey: ['config', 'logs', ...hostKeyOf(api)],
      queryFn: ({ signal }) => api.config.logs.query(undefined, { signal }),
    }),
}
