import { type QueryClient, QueryClientProvider } from '@tanstack/solid-query'
import type { JSX } from 'solid-js'
import { useSession } from '../auth/session.tsx'
import { createQueryClient } from './query-client.ts'

let kept: { user: string | undefined; client: QueryClient } | undefined

/** What pages asked for, kept from page to page, and never for another user. */
export function QueryProvider(props: { children: JSX.Element }): JSX.Element {
  const session = useSession()
  const user = session.user()?.name
  if (!kept || kept.user !== user) kept = { user, client: createQueryClient({ onSignedOut: session.expire }) }
  return <QueryClientProvider client={kept.client}>{props.children}</QueryClientProvider>
}
