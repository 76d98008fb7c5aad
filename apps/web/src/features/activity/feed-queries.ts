import { queryOptions } from '@tanstack/solid-query'
import type { Api } from '../../api/client.ts'
import { type EventKind, typesOf } from './event-words.ts'

export type Earlier = { jail?: string | undefined; kind?: EventKind | undefined }

/** What is asked for the feed. */
export const feedQueries = {
  /** what happened before a page was opened, the newest first: asked once, from then on the live stream tells */
  earlier: (api: Pick<Api, 'history'>, { jail, kind }: Earlier) =>
    queryOptions({
      queryKey: ['feed', 'earlier', jail ?? '', kind ?? ''],
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
