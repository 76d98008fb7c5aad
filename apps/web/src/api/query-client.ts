import { MutationCache, QueryCache, QueryClient } from '@tanstack/solid-query'
import { describeError } from './errors.ts'

/** Asking again helps only where no answer came. */
const isUnreachable = (error: Error | null) => error !== null && describeError(error).reason === 'unreachable'

/** What could not be asked for is asked for again after this, in milliseconds, as long as somebody looks at it. */
const ASK_AGAIN_AFTER = 10_000

/** When a question that got no answer is put again; for `refetchInterval`. */
export const afterFailure = ({ error }: { readonly error: Error | null }): number | false =>
  isUnreachable(error) && ASK_AGAIN_AFTER

/** Caches query results; `onSignedOut` is called when the server says that the session is over. */
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
        // a self-hosted page is often used where the browser thinks that there is no network
        networkMode: 'always',
      },
      mutations: { networkMode: 'always' },
    },
  })
}
