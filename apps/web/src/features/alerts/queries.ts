import type { IncidentState } from '@bangui/shared'
import { infiniteQueryOptions, queryOptions } from '@tanstack/solid-query'
import type { Api } from '../../api/client.ts'

const PAGE_SIZE = 50

/** Queries for rules, channels, incidents and messages; `revision` grows with each change of them. */
export const alertQueries = {
  all: ['alerts'] as const,
  rules: (api: Api, revision: number) =>
    queryOptions({
      queryKey: ['alerts', 'rules', revision],
      queryFn: ({ signal }) => api.alerts.rules.query(undefined, { signal }),
      placeholderData: (before) => before,
    }),
  channels: (api: Api, revision: number) =>
    queryOptions({
      queryKey: ['alerts', 'channels', revision],
      queryFn: ({ signal }) => api.alerts.channels.query(undefined, { signal }),
      placeholderData: (before) => before,
    }),
  hosts: (api: Api) =>
    queryOptions({
      queryKey: ['alerts', 'hosts'],
      queryFn: ({ signal }) => api.hosts.list.query(undefined, { signal }),
    }),
  incident: (api: Api, id: string, revision: number) =>
    queryOptions({
      queryKey: ['alerts', 'incident', id, revision],
      queryFn: ({ signal }) => api.alerts.incident.query({ id }, { signal }),
      placeholderData: (before) => (before?.id === id ? before : undefined),
    }),
  incidents: (api: Api, state: IncidentState | undefined) =>
    infiniteQueryOptions({
      queryKey: ['alerts', 'incidents', state],
      queryFn: ({ pageParam, signal }) =>
        api.alerts.incidents.query(
          { limit: PAGE_SIZE, ...(state && { state }), ...(pageParam !== null && { cursor: pageParam }) },
          { signal },
        ),
      initialPageParam: null as string | null,
      getNextPageParam: ({ nextCursor }) => nextCursor,
    }),
  deliveries: (api: Api, filter: { channel?: number; incident?: string }) =>
    infiniteQueryOptions({
      queryKey: ['alerts', 'deliveries', filter],
      queryFn: ({ pageParam, signal }) =>
        api.alerts.deliveries.query(
          { limit: PAGE_SIZE, ...filter, ...(pageParam !== null && { cursor: pageParam }) },
          { signal },
        ),
      initialPageParam: null as string | null,
      getNextPageParam: ({ nextCursor }) => nextCursor,
    }),
}
