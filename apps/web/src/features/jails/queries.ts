import { queryOptions } from '@tanstack/solid-query'
import type { Api } from '../../api/client.ts'
import { watchingApi } from '../../api/watching-api.ts'

/** What is asked about jails; their counts come with the live stream. */
export const jailQueries = {
  detail: (api: Api, name: string) =>
    queryOptions({
      queryKey: ['jails', 'detail', name],
      queryFn: ({ signal }) => api.jails.get.query({ name }, { signal }),
    }),
  /** what the daemon does now, which may differ from its files */
  tuning: (api: Api, name: string) =>
    queryOptions({
      queryKey: ['jails', 'tuning', name],
      queryFn: ({ signal }) => watchingApi(api).jails.tuning.query({ name }, { signal }),
      // a form is filled from it
      refetchOnWindowFocus: false,
    }),
  /** tested by fail2ban each time: what stands may have changed */
  preview: (api: Api, name: string, enabled: boolean) =>
    queryOptions({
      queryKey: ['jails', 'preview', name, enabled],
      queryFn: ({ signal }) => api.jails.preview.query({ name, enabled }, { signal }),
      staleTime: 0,
      gcTime: 0,
      refetchOnWindowFocus: false,
      refetchOnReconnect: false,
    }),
}
