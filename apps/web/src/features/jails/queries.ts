import { queryOptions } from '@tanstack/solid-query'
import type { Api } from '../../api/client.ts'

/** What is asked about jails; their counts come with the live stream. */
export const jailQueries = {
  detail: (api: Api, name: string) =>
    queryOptions({
      queryKey: ['jails', 'detail', name],
      queryFn: ({ signal }) => api.jails.get.query({ name }, { signal }),
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
