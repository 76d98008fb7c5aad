import { Navigate } from '@solidjs/router'
import { QueryClientProvider } from '@tanstack/solid-query'
import { type JSX, Match, Switch } from 'solid-js'
import { createQueryClient } from '../api/query-client.ts'
import { useSession } from '../auth/session.tsx'
import { fromBase } from '../lib/base-path.ts'
import { LiveProvider } from '../live/live-store.tsx'
import { ErrorState } from '../ui/error-state.tsx'
import { BarePage } from './bare-page.tsx'
import { Boot } from './boot.tsx'
import { PageHostProvider } from './page-host-provider.tsx'
import { Shell } from './shell.tsx'

/** Shows pages only to signed-in users; others are led to setup or sign-in, and back here afterwards. */
export function Guard(props: { children?: JSX.Element }): JSX.Element {
  const session = useSession()
  const signIn = () => {
    const here = fromBase(location.pathname) + location.search
    return here === '/' ? '/sign-in' : `/sign-in?next=${encodeURIComponent(here)}`
  }
  return (
    <Switch fallback={<Boot />}>
      <Match when={session.problem() !== undefined && session.user() === undefined}>
        <BarePage title="BanGUI cannot be reached">
          <ErrorState
            title="The server does not answer."
            why={session.problem()?.message}
            onRetry={() => void session.refresh()}
          >
            Retrying automatically. If this lasts, check whether BanGUI is running on the server.
          </ErrorState>
        </BarePage>
      </Match>
      <Match when={session.setupComplete() === false}>
        <Navigate href="/setup" />
      </Match>
      <Match when={session.user() === null}>
        <Navigate href={signIn()} />
      </Match>
      <Match when={session.user()}>
        <SignedIn>{props.children}</SignedIn>
      </Match>
    </Switch>
  )
}

// data of queries ends with the session: the next user must not see it
function SignedIn(props: { children: JSX.Element }): JSX.Element {
  const session = useSession()
  const queries = createQueryClient({ onSignedOut: session.expire })
  return (
    <QueryClientProvider client={queries}>
      <LiveProvider>
        <PageHostProvider>
          <Shell>{props.children}</Shell>
        </PageHostProvider>
      </LiveProvider>
    </QueryClientProvider>
  )
}
