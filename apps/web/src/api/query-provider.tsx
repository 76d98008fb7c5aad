import { type QueryClient, QueryClientProvider } from '@tanstack/solid-query'
import type { JSX } from 'solid-js'
import { useSession } from '../auth/session.tsx'
import { useApi } from './api-context.tsx'
import type { Api } from './create-api.ts'
import { createQueryClient } from './query-client.ts'

let kept: { user: string | undefined; api: Api; client: QueryClient } | undefined

/** What pages asked for, kept from page to page, and never for another user. */
export function QueryProvider(props: { children: JSX.Element }): JSX.Element {
  const session = useSession()
  const api = useApi()
  const user = session.user()?.name
  if (kept?.user !== user || kept?.api !== api)
    kept = { user, api, client: createQueryClient({ onSignedOut: session.expire }) }
  return <QueryClientProvider client={kept.client}>{props.children}</QueryClientProvider>
}
