import type { AppRouter } from '@bangui/server/router'
import { createTRPCClient, httpBatchLink, httpSubscriptionLink, splitLink } from '@trpc/client'

export type ApiOptions = {
  /** base URL of the procedures */
  url: string
  fetch?: typeof fetch
  EventSource?: typeof EventSource
}

/** How many procedures share one request; the server accepts a few more. */
const MAX_BATCH = 10

/** Procedures that count ban by ban and can take seconds; they share one count, so their replies come together. */
const counted: ReadonlySet<string> = new Set([
  'stats.overview',
  'stats.topAddresses',
  'stats.topNetworks',
  'stats.repeatOffenders',
])

/** The replies of a batch come together, so slow procedures never share a batch with quick ones. */
function speedOf(path: string): 'counted' | 'searched' | 'quick' {
  if (counted.has(path)) return 'counted'
  return path.startsWith('history.') || path === 'bans.list' ? 'searched' : 'quick'
}

/** The typed client: queries and mutations in batches, subscriptions as event streams. Sessions are a cookie. */
export function createApi(options: ApiOptions) {
  // a streamed reply would need only one request, but it cannot set a cookie, and a proxy may buffer it
  const batch = () => httpBatchLink({ url: options.url, fetch: options.fetch, maxItems: MAX_BATCH })
  return createTRPCClient<AppRouter>({
    links: [
      splitLink({
        condition: (operation) => operation.type === 'subscription',
        // the live connection retries by itself: it knows whether the page is hidden and whether a stream worked
        true: httpSubscriptionLink({ url: options.url, EventSource: options.EventSource }),
        false: splitLink({
          condition: ({ path }) => speedOf(path) === 'quick',
          true: batch(),
          false: splitLink({
            condition: ({ path }) => speedOf(path) === 'counted',
            true: batch(),
            false: batch(),
          }),
        }),
      }),
    ],
  })
}

export type Api = ReturnType<typeof createApi>
