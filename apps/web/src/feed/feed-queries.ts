import { queryOptions } from '@tanstack/solid-query'
import { hostKeyOf } from '../api/api-for-host.ts'
import type { Api } from '../api/client.ts'
import { type EventKind, typesOf } from './event-words.ts'

export type Earlier = { jail?: string | undefined; kind?: EventKind | undefined }

/** Queries for the feed. */
export const feedQueries = {
  /** events from before the page was opened, newest first; fetched once, the live stream has later ones */
  earlier: (api: Pick<Api, 'history'>, { jail, kind }: Earlier) =>
    queryOptions({
      queryKey: ['feed', 'earlier', jail ?? '', kind ?? '', ...hostKeyOf(api)],
      queryFn: ({ signal }) =>
        api.history.events.query(
          {
            ...(jail && { jail }),
            ...(kind && { types: typesOf(kind) }),
            limit: jail || kind ? 100 : 30,
          },
          { signal },
        ),
      staleTime: Number.POSITIVE_INFINITY,
      gcTime: 0,
      refetchOnWindowFocus: false,
      refetchOnReconnect: false,
    }),
}
