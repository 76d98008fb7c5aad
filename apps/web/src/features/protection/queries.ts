import { queryOptions } from '@tanstack/solid-query'
import { hostKeyOf } from '../../api/api-for-host.ts'
import type { Api } from '../../api/client.ts'
import { afterFailure } from '../../api/query-client.ts'

/** How often the times and verdicts of the checks are read again; the findings follow the live stream. */
const REPORT_INTERVAL_MS = 15_000

/** Queries for the findings of the protection's checks. `revision`: of the live summary, so that each change is read. */
export const protectionQueries = {
  findings: (api: Api, revision: number) =>
    queryOptions({
      queryKey: ['health', 'list', revision, ...hostKeyOf(api)],
      queryFn: ({ signal }) => api.health.list.query(undefined, { signal }),
      placeholderData: (before) => before,
    }),
  ended: (api: Api, revision: number) =>
    queryOptions({
      queryKey: ['health', 'ended', revision, ...hostKeyOf(api)],
      queryFn: ({ signal }) => api.health.ended.query(undefined, { signal }),
      placeholderData: (before) => before,
    }),
  report: (api: Api, revision: number) =>
    queryOptions({
      queryKey: ['health', 'checks', revision, ...hostKeyOf(api)],
      queryFn: ({ signal }) => api.health.checks.query(undefined, { signal }),
      placeholderData: (before) => before,
      refetchInterval: ({ state }) => afterFailure(state) || REPORT_INTERVAL_MS,
    }),
}
