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

/** What is counted ban by ban and can take seconds; the answers are parts of one counting and come together. */
const counted: ReadonlySet<string> = new Set([
  'stats.overview',
  'stats.topAddresses',
  'stats.topNetworks',
  'stats.repeatOffenders',
])

/** The answers of a batch come together: what may be slow shares none with what is quick. */
function speedOf(path: string): 'counted' | 'searched' | 'quick' {
  if (counted.has(path)) return 'counted'
  return path.startsWith('history.') || path === 'bans.list' ? 'searched' : 'quick'
}

/** The typed client: queries and mutations in batches, subscriptions as event streams. Sessions are a cookie. */
export function createApi(options: ApiOptions) {
  // an answer in parts would do in one request, but no cookie can be set by it and a proxy may hold it back
  const batch = () => httpBatchLink({ url: options.url, fetch: options.fetch, maxItems: MAX_BATCH })
  return createTRPCClient<AppRouter>({
    links: [
      splitLink({
        condition: (operation) => operation.type === 'subscription',
        // the live connection does its own retrying: it knows when the page is hidden and when a stream was good
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
