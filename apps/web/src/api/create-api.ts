import type { AppRouter } from '@bangui/server/router'
import { createTRPCClient, httpBatchLink, httpSubscriptionLink, splitLink } from '@trpc/client'

export type ApiOptions = {
  /** where the procedures are */
  url: string
  fetch?: typeof fetch
  EventSource?: typeof EventSource
}

/** How many procedures share one request; the server takes a few more. */
const MAX_BATCH = 10

/** The typed client: queries and mutations in batches, subscriptions as event streams. Sessions are a cookie. */
export const createApi = (options: ApiOptions) =>
  createTRPCClient<AppRouter>({
    links: [
      splitLink({
        condition: (operation) => operation.type === 'subscription',
        // the live connection does its own retrying: it knows when the page is hidden and when a stream was good
        true: httpSubscriptionLink({ url: options.url, EventSource: options.EventSource }),
        false: httpBatchLink({ url: options.url, fetch: options.fetch, maxItems: MAX_BATCH }),
      }),
    ],
  })

export type Api = ReturnType<typeof createApi>
