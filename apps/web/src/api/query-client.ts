import { MutationCache, QueryCache, QueryClient } from '@tanstack/solid-query'
import { describeError } from './errors.ts'

/** Asking again helps only where no answer came. */
const mayRetry = (failures: number, error: Error) =>
  describeError(error).reason === 'unreachable' && failures < 3

/** Keeps what was asked for; `onSignedOut` is told when the server says that the session is over. */
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
        retry: mayRetry,
        retryDelay: (failures) => Math.min(500 * 2 ** failures, 10_000),
        // a self-hosted page is often used where the browser thinks that there is no network
        networkMode: 'always',
      },
      mutations: { networkMode: 'always' },
    },
  })
}
