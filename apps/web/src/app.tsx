import { Router } from '@solidjs/router'
import type { JSX } from 'solid-js'
import { api } from './api/client.ts'
import { createAccountClient } from './auth/account-client.ts'
import { SessionProvider } from './auth/session.tsx'
import { basePath } from './lib/base-path.ts'
import { routes } from './routes.tsx'

/** BanGUI with all its providers. */
export function App(): JSX.Element {
  return (
    <SessionProvider client={createAccountClient(api)}>
      <Router base={basePath()}>{routes}</Router>
    </SessionProvider>
  )
}
