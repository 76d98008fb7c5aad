import { queryOptions } from '@tanstack/solid-query'
import { hostKeyOf } from '../../api/api-for-host.ts'
import type { Api } from '../../api/client.ts'

/** Queries of the regex lab. */
export const labQueries = {
  filters: (api: Api) =>
    queryOptions({
      queryKey: ['config', 'filters', ...hostKeyOf(api)],
      queryFn: ({ signal }) => api.config.filters.query(undefined, { signal }),
    }),
  modes: (api: Api, filter: string) =>
    queryOptions({
      queryKey: ['config', 'filter-modes', filter, ...hostKeyOf(api)],
      queryFn: ({ signal }) => api.config.filterModes.query({ filter }, { signal }),
    }),
  /** the filter of a jail, with what stands in its brackets; null: it has none */
  jailFilter: (api: Api, jail: string) =>
    queryOptions({
      queryKey: ['config', 'jail-filter', jail, ...hostKeyOf(api)],
      queryFn: async ({ signal }) => {
        const { settings } = await api.config.effective.query({ scope: 'jail', name: jail }, { signal })
        return settings.find(({ key, section }) => key === 'filter' && section === jail)?.value ?? null
      },
    }),
  logs: (api: Api) =>
    queryOptions({
      queryKey: ['config', 'logs', ...hostKeyOf(api)],
      queryFn: ({ signal }) => api.config.logs.query(undefined, { signal }),
    }),
}
