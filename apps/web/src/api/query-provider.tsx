import { type QueryClient, QueryClientProvider } from '@tanstack/solid-query'
import { createEffect, type JSX, onCleanup } from 'solid-js'
import { useSession } from '../auth/session.tsx'
import { useLive } from '../live/live-store.tsx'
import { useApi } from './api-context.tsx'
import type { Api } from './create-api.ts'
import { createQueryClient } from './query-client.ts'

/** Lists that the live stream keeps up to date from when it begins. */
const lists = [['bans', 'list'], ['history', 'list'], ['addresses']] as const

/** An answer that was on its way when the stream began is there by then, in milliseconds. */
const SETTLED = 1_000

let kept: { user: string | undefined; api: Api; client: QueryClient } | undefined

/** What pages asked for, kept from page to page, and never for another user. */
export function QueryProvider(props: { children: JSX.Element }): JSX.Element {
  const session = useSession()
  const api = useApi()
  const user = session.user()?.name
  if (kept?.user !== user || kept?.api !== api)
    kept = { user, api, client: createQueryClient({ onSignedOut: session.expire }) }
  const { client } = kept
  askWhenStreamBegins(client)
  return <QueryClientProvider client={client}>{props.children}</QueryClientProvider>
}

/** What happens between an answer and the begin of the stream is told by neither: the lists are asked for once more. */
function askWhenStreamBegins(client: QueryClient): void {
  const live = useLive()
  createEffect((before: boolean | undefined) => {
    const isOpen = live.connection === 'live'
    if (before !== false || !isOpen) return isOpen
    const timer = setTimeout(() => {
      for (const queryKey of lists) void client.invalidateQueries({ queryKey })
    }, SETTLED)
    onCleanup(() => clearTimeout(timer))
    return isOpen
  }, undefined)
}
