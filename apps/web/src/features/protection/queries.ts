import type { Edit } from '@bangui/shared'
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
  /** fail2ban tests it each time, because the files may have changed */
  preview: (api: Api, edits: Edit[]) =>
    queryOptions({
      queryKey: ['health-fix-preview', edits, ...hostKeyOf(api)],
      queryFn: ({ signal }) => api.config.preview.mutate({ edits }, { signal }),
      staleTime: 0,
      gcTime: 0,
      refetchOnWindowFocus: false,
      refetchOnReconnect: false,
    }),
  report: (api: Api, revision: number) =>
    queryOptions({
      queryKey: ['health', 'checks', revision, ...hostKeyOf(api)],
      queryFn: ({ signal }) => api.health.checks.query(undefined, { signal }),
      placeholderData: (before) => before,
      refetchInterval: ({ state }) => afterFailure(state) || REPORT_INTERVAL_MS,
    }),
}
