import { keepPreviousData, queryOptions } from '@tanstack/solid-query'
import { hostKeyOf } from '../../api/api-for-host.ts'
import type { Api } from '../../api/client.ts'

/** Queries for jails; their counts come with the live stream. */
export const jailQueries = {
  detail: (api: Api, name: string) =>
    queryOptions({
      queryKey: ['jails', 'detail', name, ...hostKeyOf(api)],
      queryFn: ({ signal }) => api.jails.get.query({ name }, { signal }),
    }),
  /** the newest failure that its filter found; null: unknown */
  lastMatch: (api: Api, name: string) =>
    queryOptions({
      queryKey: ['jails', 'last-match', name, ...hostKeyOf(api)],
      queryFn: async ({ signal }) => {
        const input = { jail: name, types: ['failure.found'], limit: 1 }
        const [newest] = await api.history.events.query(input, { signal })
        return newest?.event.at ?? null
      },
    }),
  /** the values in effect, which may differ from the files */
  tuning: (api: Api, name: string) =>
    queryOptions({
      queryKey: ['jails', 'tuning', name, ...hostKeyOf(api)],
      queryFn: ({ signal }) => api.jails.tuning.query({ name }, { signal }),
      // a form is filled from it
      refetchOnWindowFocus: false,
    }),
  /** the active patterns */
  filter: (api: Pick<Api, 'jails'>, name: string) =>
    queryOptions({
      queryKey: ['jails', 'filter', name, ...hostKeyOf(api)],
      queryFn: ({ signal }) => api.jails.filter.query({ name }, { signal }),
    }),
  /** preview of making settings permanent */
  previewUpdate: (api: Api, input: Parameters<Api['jails']['previewUpdate']['mutate']>[0]) =>
    queryOptions({
      queryKey: ['jail-settings-preview', input, ...hostKeyOf(api)],
      queryFn: ({ signal }) => api.jails.previewUpdate.mutate(input, { signal }),
      placeholderData: keepPreviousData,
      staleTime: 0,
      gcTime: 0,
      refetchOnWindowFocus: false,
      refetchOnReconnect: false,
    }),
  /** fail2ban tests it each time, because the files may have changed */
  preview: (api: Api, name: string, enabled: boolean) =>
    queryOptions({
      queryKey: ['jails', 'preview', name, enabled, ...hostKeyOf(api)],
      queryFn: ({ signal }) => api.jails.preview.query({ name, enabled }, { signal }),
      staleTime: 0,
      gcTime: 0,
      refetchOnWindowFocus: false,
      refetchOnReconnect: false,
    }),
}
