import { queryOptions } from '@tanstack/solid-query'
import type { Api } from '../../api/client.ts'

/** Queries for the settings page. */
export const settingsQueries = {
  settings: (api: Api) =>
    queryOptions({
      queryKey: ['settings'],
      queryFn: ({ signal }) => api.settings.get.query(undefined, { signal }),
      reconcile: 'key',
    }),
  sessions: (api: Api) =>
    queryOptions({
      queryKey: ['auth', 'sessions'],
      queryFn: ({ signal }) => api.auth.sessions.query(undefined, { signal }),
      reconcile: 'id',
    }),
  jobs: (api: Api) =>
    queryOptions({
      queryKey: ['server', 'jobs'],
      queryFn: ({ signal }) => api.server.jobs.query(undefined, { signal }),
      reconcile: 'name',
      refetchInterval: 5_000,
    }),
  executor: (api: Api) =>
    queryOptions({
      queryKey: ['server', 'executor'],
      queryFn: ({ signal }) => api.server.executor.query(undefined, { signal }),
      reconcile: 'pid',
      refetchInterval: 10_000,
    }),
  geo: (api: Api) =>
    queryOptions({
      queryKey: ['geo', 'status'],
      queryFn: ({ signal }) => api.geo.status.query(undefined, { signal }),
      reconcile: 'provider',
      refetchInterval: 30_000,
    }),
}
