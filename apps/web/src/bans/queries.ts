import { keepPreviousData, queryOptions } from '@tanstack/solid-query'
import { hostKeyOf } from '../api/api-for-host.ts'
import type { StatsApi } from '../api/stats-api.ts'
import { type BanView, inputOf, PAGE_SIZE } from './ban-view.ts'

/** Queries for bans; events only invalidate them. */
export const banQueries = {
  all: ['bans'] as const,
  lists: ['bans', 'list'] as const,
  /** one page of the list; a page that was scrolled past before its request was sent is not fetched */
  page: (api: StatsApi, view: BanView, page: number) =>
    queryOptions({
      queryKey: ['bans', 'list', inputOf(view), page, ...hostKeyOf(api)],
      queryFn: async ({ signal }) => {
        if (page > 0) await rest(60, signal)
        return api.bans.list.query(
          { ...inputOf(view), offset: page * PAGE_SIZE, limit: PAGE_SIZE },
          { signal },
        )
      },
      // the previous rows stay until the new ones are there
      placeholderData: keepPreviousData,
      staleTime: 30_000,
      gcTime: 30_000,
    }),
  /** preview of a ban; `input` is the request as JSON, `revision` its short key */
  preview: (api: StatsApi, input: string | undefined, revision: number) =>
    queryOptions({
      queryKey: ['ban-preview', revision, ...hostKeyOf(api)],
      queryFn: ({ signal }) => api.bans.preview.mutate(JSON.parse(input ?? '{}') as BanRequest, { signal }),
      placeholderData: keepPreviousData,
      staleTime: 0,
      gcTime: 0,
      refetchOnWindowFocus: false,
      refetchOnReconnect: false,
    }),
}

type BanRequest = Parameters<StatsApi['bans']['preview']['mutate']>[0]

function rest(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      reject(signal.reason as Error)
    })
  })
}
