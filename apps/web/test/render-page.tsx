import type { Jail, Operation, RuntimeSnapshot, SessionUser } from '@bangui/shared'
import { createMemoryHistory, MemoryRouter, Route } from '@solidjs/router'
import { render } from '@solidjs/testing-library'
import type { JSX } from 'solid-js'
import { ApiProvider } from '../src/api/api-context.tsx'
import { SessionProvider } from '../src/auth/session.tsx'
import { LiveProvider } from '../src/live/live-store.tsx'
import { createFakeApi, type Procedures } from './fake-api.ts'
import { createFakeSource } from './fake-source.ts'
import { runtimeOf } from './fixtures.ts'

export type PageOptions = {
  runtime?: RuntimeSnapshot | undefined
  jails?: Jail[] | null
  operations?: Operation[]
  procedures?: Procedures
  path?: string
  /** the route's pattern. @default any */
  pattern?: string
  user?: SessionUser
}

/** Renders a page as the shell would, with a live stream and a server that the test controls. */
export function renderPage(page: () => JSX.Element, options: PageOptions = {}) {
  const live = createFakeSource()
  const { api, calls } = createFakeApi(options.procedures ?? {})
  const history = createMemoryHistory()
  history.set({ value: options.path ?? '/' })
  const user = options.user ?? { name: 'admin', role: 'admin' }
  const account = {
    session: async () => user,
    setupComplete: async () => true,
    login: async () => undefined,
    logout: async () => undefined,
    completeSetup: async () => undefined,
  }
  const view = render(() => (
    <ApiProvider api={api}>
      <SessionProvider client={account}>
        <LiveProvider source={live.source}>
          <MemoryRouter history={history}>
            <Route path={options.pattern ?? '*'} component={page} />
          </MemoryRouter>
        </LiveProvider>
      </SessionProvider>
    </ApiProvider>
  ))
  const sendRuntime = (runtime: RuntimeSnapshot) => live.send({ type: 'runtime', host: 'local', runtime })
  if (!('runtime' in options) || options.runtime)
    live.send({
      type: 'snapshot',
      host: 'local',
      runtime: options.runtime ?? runtimeOf(),
      jails: options.jails ?? null,
      operations: options.operations ?? [],
    })
  return { ...view, live, calls, history, sendRuntime }
}
