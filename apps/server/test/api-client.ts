import {
  createTRPCClient,
  httpBatchLink,
  httpSubscriptionLink,
  retryLink,
  splitLink,
  TRPCClientError,
  type TRPCClient,
} from '@trpc/client'
import type { Live } from '@bangui/shared'
import { EventSource } from 'eventsource'
import type { AppRouter } from '../src/router.ts'

export const administrator = { username: 'admin', password: 'correct horse battery' }

/** The environment of an unattended first start with {@link administrator}. */
export const unattended = {
  BANGUI_ADMIN_USERNAME: administrator.username,
  BANGUI_ADMIN_PASSWORD: administrator.password,
}

/** A client as a browser is one: it keeps a cookie and sends its origin. */
export interface ApiClient {
  readonly api: TRPCClient<AppRouter>
  readonly cookie: string
}

/** A client with a cookie, or without one. */
export function clientOf(url: string, cookie = ''): ApiClient {
  const origin = new URL(url).origin
  const headers = { cookie, origin }
  const sseFetch = (input: string | URL, init: { headers: Record<string, string> }) =>
    fetch(input, { ...init, headers: { ...init.headers, cookie } })
  class CookieEventSource extends EventSource {
    constructor(input: string | URL) {
      super(input, { fetch: sseFetch })
    }
  }
  const api = createTRPCClient<AppRouter>({
    links: [
      splitLink({
        condition: (operation) => operation.type === 'subscription',
        true: [
          retryLink({
            retry: ({ error }) => !(error instanceof TRPCClientError && error.data?.code === 'UNAUTHORIZED'),
            retryDelayMs: (attempt) => Math.min(50 * 2 ** attempt, 1_000),
          }),
          httpSubscriptionLink({ url: `${url}trpc`, EventSource: CookieEventSource as never }),
        ],
        false: httpBatchLink({ url: `${url}trpc`, headers }),
      }),
    ],
  })
  return { api, cookie }
}

/** Signs in and gives a client with the session. */
export async function signIn(url: string, credentials = administrator): Promise<ApiClient> {
  const response = await fetch(`${url}trpc/auth.login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: new URL(url).origin },
    body: JSON.stringify(credentials),
  })
  if (!response.ok) throw new Error(`signing in failed: ${await response.text()}`)
  return clientOf(
    url,
    response.headers
      .getSetCookie()
      .map((cookie) => cookie.split(';')[0])
      .join('; '),
  )
}

/** Collects what a subscription yields; `until` waits for one that fits. */
export function watchLive(api: ApiClient['api'], input?: { readonly host: string }) {
  const messages: Live[] = []
  const errors: unknown[] = []
  const waiting = new Set<() => void>()
  const subscription = api.live.watch.subscribe(input, {
    onData: ({ data }) => {
      messages.push(data)
      for (const look of waiting) look()
    },
    onError: (error) => {
      errors.push(error)
    },
  })
  const until = (fits: (message: Live) => boolean, deadline = 120_000) =>
    new Promise<Live>((resolve, reject) => {
      const look = () => {
        const found = messages.find(fits)
        if (!found) return
        clearTimeout(timer)
        waiting.delete(look)
        resolve(found)
      }
      const timer = setTimeout(() => {
        waiting.delete(look)
        reject(
          new Error(
            `no such message in ${deadline} ms; ${messages.length} came: ${JSON.stringify(messages.at(-1))}`,
          ),
        )
      }, deadline)
      waiting.add(look)
      look()
    })
  return { messages, errors, until, [Symbol.dispose]: () => subscription.unsubscribe() }
}
