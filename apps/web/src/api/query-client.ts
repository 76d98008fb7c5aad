import { MutationCache, QueryCache, QueryClient } from '@tanstack/solid-query'
import { describeError } from './errors.ts'

/** Only a request without a reply is worth a retry. */
const isUnreachable = (error: Error | null) => error !== null && describeError(error).reason === 'unreachable'

/** A query that got no reply is repeated at this interval while it is on screen. */
const RETRY_INTERVAL_MS = 10_000

/** Returns when a query that got no reply is repeated; for `refetchInterval`. */
export const afterFailure = ({ error }: { readonly error: Error | null }): number | false =>
  isUnreachable(error) && RETRY_INTERVAL_MS

/** Creates the cache of query results. `onSignedOut` is called when the server reports that the session has ended. */
export function createQueryClient(options: { onSignedOut?: () => void } = {}): QueryClient {
  const onError = (error: Error) => {
    if (describeError(error).reason === 'no_session') options.onSignedOut?.()
  }
  return new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        retry: (failures, error) => isUnreachable(error) && failures < 3,
        refetchInterval: ({ state }) => afterFailure(state),
        retryDelay: (failures) => Math.min(500 * 2 ** failures, 10_000),
        // the browser may think it is offline although a self-hosted server is reachable
        networkMode: 'always',
      },
      mutations: { networkMode: 'always' },
    },
  })
}
