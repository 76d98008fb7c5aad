import { createMemoryHistory, MemoryRouter, Route } from '@solidjs/router'
import { render, screen } from '@solidjs/testing-library'
import { For } from 'solid-js'
import { expect, it } from 'vitest'
import { createFakeApi } from '../../test/fake-api.ts'
import { createFakeSource } from '../../test/fake-source.ts'
import { jailOf, runtimeOf } from '../../test/fixtures.ts'
import { ApiProvider, useApi } from '../api/api-context.tsx'
import { QueryProvider } from '../api/query-provider.tsx'
import { useQuery } from '../api/use-query.ts'
import { SessionProvider } from '../auth/session.tsx'
import { LiveProvider, useLive } from '../live/live-store.tsx'
import { Link } from '../ui/link.tsx'
import { PageHostProvider } from './page-host-provider.tsx'

function Summary() {
  const live = useLive()
  const api = useApi()
  const query = useQuery(() => ({ queryKey: ['it'], queryFn: () => api.bans.list.query({}) }))
  return (
    <>
      <h1>{live.runtime?.node ?? 'nothing'}</h1>
      <p>{live.isUnknownHost ? 'no such host' : 'a host'}</p>
      <p>{live.counts['ban.added'] ?? 0} events</p>
      <p>{query.data?.total ?? 'no'} bans</p>
      <ul>
        <For each={live.jails ?? []}>{(jail) => <li>{jail.name}</li>}</For>
      </ul>
      <Link href="/jails">Jails</Link>
    </>
  )
}

function show(path: string) {
  const live = createFakeSource()
  const { api, calls } = createFakeApi({
    'bans.list': (input) => ({
      rows: [],
      total: (input as { host?: string }).host === 'web1' ? 7 : 3,
      nextCursor: null,
    }),
  })
  const account = {
    session: async () => null,
    setupComplete: async () => true,
    login: async () => undefined,
    logout: async () => undefined,
    completeSetup: async () => undefined,
  }
  const history = createMemoryHistory()
  history.set({ value: path })
  render(() => (
    <ApiProvider api={api}>
      <SessionProvider client={account}>
        <LiveProvider source={live.source}>
          <MemoryRouter history={history}>
            <Route
              path="*"
              component={() => (
                <PageHostProvider>
                  <QueryProvider>
                    <Summary />
                  </QueryProvider>
                </PageHostProvider>
              )}
            />
          </MemoryRouter>
        </LiveProvider>
      </SessionProvider>
    </ApiProvider>
  ))
  for (const [host, jail] of [
    ['web1', 'nginx'],
    ['local', 'sshd'],
  ] as const) {
    const runtime = runtimeOf({ host, node: `the host ${host}` })
    live.send({ type: 'snapshot', host, runtime, jails: [jailOf(jail)], operations: [] })
  }
  live.send({ type: 'events', host: 'web1', events: [], counts: { 'ban.added': 5 } })
  return { live, calls, history }
}

it('a page without a host in its URL is about the local one, and its links name none', async () => {
  show('/')
  expect(await screen.findByRole('heading', { name: 'the host local' })).toBeVisible()
  expect(screen.getByText('sshd')).toBeVisible()
  expect(screen.queryByText('nginx')).toBeNull()
  expect(screen.getByText('0 events')).toBeVisible()
  expect(await screen.findByText('3 bans')).toBeVisible()
  expect(screen.getByRole('link', { name: 'Jails' })).toHaveAttribute('href', '/jails')
})

it('a page with a host in its URL is about that host, and its links keep it', async () => {
  const { history, live } = show('/?host=web1')
  expect(await screen.findByRole('heading', { name: 'the host web1' })).toBeVisible()
  expect(screen.getByText('nginx')).toBeVisible()
  expect(screen.queryByText('sshd')).toBeNull()
  expect(await screen.findByText('5 events')).toBeVisible()
  expect(await screen.findByText('7 bans')).toBeVisible()
  expect(screen.getByRole('link', { name: 'Jails' })).toHaveAttribute('href', '/jails?host=web1')

  live.send({ type: 'runtime', host: 'local', runtime: runtimeOf({ host: 'local', node: 'another' }) })
  live.send({ type: 'events', host: 'web1', events: [], counts: { 'ban.added': 1 } })
  expect(await screen.findByText('6 events')).toBeVisible()
  expect(screen.getByRole('heading', { name: 'the host web1' })).toBeVisible()
  history.set({ value: '/' })
  expect(await screen.findByRole('heading', { name: 'another' })).toBeVisible()
  expect(await screen.findByText('3 bans')).toBeVisible()
})

it.each(['nowhere', '__proto__', 'constructor'])('a page knows that there is no host %s', async (host) => {
  show(`/?host=${host}`)
  expect(await screen.findByText('no such host')).toBeVisible()
})
