import { queryOptions } from '@tanstack/solid-query'
import { hostKeyOf } from '../api/api-for-host.ts'
import type { Api } from '../api/client.ts'

/** Queries for the sample lines of filters. */
export const filterTestQueries = {
  tests: (api: Api, filter: string) =>
    queryOptions({
      queryKey: ['config', 'filter-tests', filter, ...hostKeyOf(api)],
      queryFn: ({ signal }) => api.config.filterTests.query({ filter }, { signal }),
    }),
  lastRun: (api: Api, filter: string) =>
    queryOptions({
      queryKey: ['config', 'filter-test-run', filter, ...hostKeyOf(api)],
      queryFn: ({ signal }) => api.config.filterTestRun.query({ filter }, { signal }),
    }),
}
