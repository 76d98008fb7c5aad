import { type QueryClient, QueryClientProvider } from '@tanstack/solid-query'
import type { JSX } from 'solid-js'
import { useSession } from '../auth/session.tsx'
import { onStreamBegin } from '../live/stream-begin.ts'
import { useApi } from './api-context.tsx'
import type { Api } from './create-api.ts'
import { createQueryClient } from './query-client.ts'

/** Queries that the live stream keeps up to date once it has begun; the list of bans follows it by itself. */
const followed = [['history', 'list'], ['activity'], ['addresses']] as const

let kept: { user: string | undefined; api: Api; client: QueryClient } | undefined

/** The results of queries, kept from page to page, and never for another user. */
export function QueryProvider(props: { children: JSX.Element }): JSX.Element {
  const session = useSession()
  const api = useApi()
  const user = session.user()?.name
  if (kept?.user !== user || kept?.api !== api)
    kept = { user, api, client: createQueryClient({ onSignedOut: session.expire }) }
  const { client } = kept
  onStreamBegin(() => {
    for (const queryKey of followed) void client.invalidateQueries({ queryKey })
  })
  return <QueryClientProvider client={client}>{props.children}</QueryClientProvider>
}
