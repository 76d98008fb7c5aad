import {
  type Jail,
  type Live,
  type LivePoll,
  type RuntimeSnapshot,
  unknownStatus,
  unknownWatching,
  noAlertsSummary,
  noHealthSummary,
} from '@bangui/shared'
import { createMemoryHistory, MemoryRouter, Route } from '@solidjs/router'
import { render, screen, waitFor, within } from '@solidjs/testing-library'
import userEvent from '@testing-library/user-event'
import { beforeEach, expect, test, vi } from 'vitest'
import { ApiProvider } from '../api/api-context.tsx'
import type { Api } from '../api/client.ts'
import { SessionProvider } from '../auth/session.tsx'
import { LiveProvider } from '../live/live-store.tsx'
import { Page } from '../ui/page.tsx'
import { NotFoundPage } from './not-found-page.tsx'
import { setPaletteOpen } from './palette-state.ts'
import { Shell } from './shell.tsx'

const runtime: RuntimeSnapshot = {
  host: 'local',
  revision: 1,
  serverStatus: {
    ...unknownStatus,
    online: true,
    responding: true,
    version: '1.1.0',
    activeJails: 2,
    checkedAt: Date.now(),
  },
  pendingRecovery: null,
  recovery: null,
  unconfirmedChange: null,
  pause: null,
  setupComplete: true,
  demo: false,
  node: 'web-01',
  version: __BANGUI_VERSION__,
  onlineSince: 1,
  configuredJails: 2,
  configNotices: [],
  helpCommands: ['sudo fail2ban-client start'],
  watching: unknownWatching,
  health: noHealthSummary,
  alerts: noAlertsSummary,
  lostBans: null,
  build: null,
  readOnly: false,
}
const down: RuntimeSnapshot = {
  ...runtime,
  revision: 2,
  serverStatus: {
    ...unknownStatus,
    reason: 'socket_missing',
    message: 'There is no socket at /run/f2b.sock.',
    checkedAt: Date.now(),
  },
}
const jail = { name: 'sshd', running: true, enabled: true, problem: null, logPaths: [] } as unknown as Jail

const asked: string[] = []
const ask = (name: string) => ({
  mutate: () => {
    asked.push(name)
    return Promise.resolve(runtime.serverStatus)
  },
})
const api = { server: { probe: ask('probe'), start: ask('start') } } as unknown as Api

beforeEach(() => {
  asked.length = 0
  setPaletteOpen(false)
})

async function open(first: RuntimeSnapshot, path = '/') {
  let send: (message: Live) => void = () => {}
  let breakOff = () => {}
  const signOut = vi.fn<() => Promise<void>>(() => Promise.resolve())
  const history = createMemoryHistory()
  history.set({ value: path })
  render(() => (
    <ApiProvider api={api}>
      <SessionProvider
        client={{
          session: () => Promise.resolve({ name: 'ann', role: 'admin' }),
          setupComplete: () => Promise.resolve(true),
          login: () => Promise.resolve(),
          logout: signOut,
          completeSetup: () => Promise.resolve(),
        }}
      >
        <LiveProvider
          source={{
            poll: () => Promise.reject<LivePoll>(new Error('unreachable')),
            watch: (_id, handlers) => {
              // the store takes what it is given for its own
              send = (message) => handlers.onMessage(structuredClone(message), '0')
              breakOff = () => handlers.onBroken(new Error('gone'))
              return () => {}
            },
          }}
        >
          <MemoryRouter history={history} root={(props) => <Shell>{props.children}</Shell>}>
            <Route path="/" component={() => <Page title="Overview">The state</Page>} />
            <Route path="/jails/sshd" component={() => <Page title="sshd">One jail</Page>} />
            <Route path="/settings" component={() => <Page title="Settings">The settings</Page>} />
            <Route path="*" component={NotFoundPage} />
          </MemoryRouter>
        </LiveProvider>
      </SessionProvider>
    </ApiProvider>
  ))
  send({ type: 'snapshot', host: 'local', runtime: first, jails: [jail], operations: [] })
  await screen.findByRole('button', { name: 'Account of ann' })
  return { send: (message: Live) => send(message), breakOff: () => breakOff(), signOut }
}

test('the navigation counts what the checks of the protection found, but not hints', async () => {
  const { send } = await open(runtime)
  const link = () => screen.getByRole('link', { name: /^Protection/ })
  expect(link()).toHaveAccessibleName('Protection')
  const health = { ...noHealthSummary, critical: 1, warning: 2, hint: 5 }
  send({ type: 'runtime', host: 'local', runtime: { ...runtime, health } })
  await waitFor(() => expect(link()).toHaveAccessibleName(/^Protection.*3\s*need attention$/))
})

test('the pages that have no place in the bottom bar are in its menu', async () => {
  await open(runtime)
  const user = userEvent.setup()
  await user.click(screen.getByRole('button', { name: 'More pages' }))
  const items = await screen.findAllByRole('menuitem')
  const names = items.map((item) => item.textContent)
  expect(names).toEqual([
    'Activity',
    'Statistics',
    'Map',
    'Configuration',
    'Blocklists',
    'Allow list',
    'Alerts',
    'Logs',
    'Regex lab',
    'Operations',
    'Settings',
  ])
  await user.click(screen.getByRole('menuitem', { name: 'Settings' }))
  expect(await screen.findByRole('heading', { name: 'Settings' })).toBeVisible()
})

test('the shell shows the host, the state of fail2ban, and that the page is live', async () => {
  await open(runtime)
  expect(await screen.findByText('web-01')).toBeInTheDocument()
  expect(screen.getByText('fail2ban: Running')).toBeInTheDocument()
  expect(screen.getByText('Live')).toBeInTheDocument()
  expect(screen.queryByRole('alert')).toBeNull()
  await waitFor(() => expect(document.title).toBe('Overview · BanGUI'))
})

test('a daemon that goes down is shown at once, in the title too, with what to do', async () => {
  const user = userEvent.setup()
  const { send } = await open(runtime)
  send({ type: 'runtime', host: 'local', runtime: down })
  const alert = await screen.findByRole('alert')
  expect(alert).toHaveTextContent('fail2ban is not running.There is no socket at /run/f2b.sock.')
  await waitFor(() => expect(document.title).toBe('Down · Overview · BanGUI'))
  await user.click(within(alert).getByRole('button', { name: 'What to do' }))
  expect(within(alert).getByText('sudo fail2ban-client start')).toBeInTheDocument()
  await user.click(within(alert).getByRole('button', { name: 'Start fail2ban' }))
  expect(asked).toEqual(['start'])
  send({ type: 'runtime', host: 'local', runtime: { ...runtime, revision: 3 } })
  await waitFor(() => expect(screen.queryByText('fail2ban is not running.')).toBeNull())
})

test('a configuration that fail2ban would not start with is shown on every page, with its place', async () => {
  const user = userEvent.setup()
  const notice = {
    kind: 'refused',
    file: '/etc/fail2ban/jail.local',
    line: 3,
    jail: 'web',
    message: 'failregex: “%” must be written “%%”.',
    output: 'Failed during configuration',
  } as const
  const passedOver = {
    ...notice,
    kind: 'passed_over',
    file: '/etc/fail2ban/jail.d/x.conf',
    line: null,
  } as const
  const hint = { ...notice, kind: 'hint', line: 7, message: '“bantimme” is unknown to fail2ban.' } as const
  const configNotices = [notice, passedOver, passedOver, hint, hint, hint]
  const { send } = await open({ ...runtime, configNotices }, '/settings')
  const alert = await screen.findByRole('alert')
  expect(alert).toHaveTextContent('fail2ban would not start because of /etc/fail2ban/jail.local, line 3')
  expect(alert).toHaveTextContent('“%” must be written “%%”. Running jails keep working until')
  await user.click(within(alert).getByRole('button', { name: 'Output of fail2ban' }))
  expect(within(alert).getByText('Failed during configuration')).toBeInTheDocument()
  expect(screen.getByText('fail2ban skips a file: /etc/fail2ban/jail.d/x.conf')).toBeInTheDocument()
  expect(screen.getByText(/There is one more file like this/)).toBeInTheDocument()
  expect(screen.getByText('Possible mistake in /etc/fail2ban/jail.local, line 7')).toBeInTheDocument()
  expect(screen.getByText(/“bantimme” is unknown to fail2ban.*There are 2 more places/)).toBeInTheDocument()
  send({ type: 'runtime', host: 'local', runtime: { ...runtime, revision: 3 } })
  await waitFor(() => expect(screen.queryByRole('alert')).toBeNull())
})

test('the page of a jail has its hints, so that the notices above leave them out', async () => {
  const hint = {
    kind: 'hint',
    file: '/etc/x',
    line: 7,
    jail: 'sshd',
    message: 'A hint.',
    output: null,
  } as const
  await open({ ...runtime, configNotices: [hint, { ...hint, jail: 'web', line: 9 }] }, '/jails/sshd')
  expect(await screen.findByText('Possible mistake in /etc/x, line 9')).toBeInTheDocument()
  expect(screen.queryByText(/more place/)).toBeNull()
})

test('old data is marked as such once the connection is lost for long', async () => {
  const { breakOff } = await open(runtime)
  await screen.findByText('Live')
  vi.useFakeTimers()
  breakOff()
  vi.advanceTimersByTime(3900)
  expect(screen.getByText('Live')).toBeInTheDocument()
  vi.advanceTimersByTime(200)
  expect(screen.getByText('Reconnecting')).toBeInTheDocument()
  vi.advanceTimersByTime(20_000)
  vi.useRealTimers()
  expect(screen.getByRole('alert')).toHaveTextContent(/cannot be reached.*Data from/)
  expect(screen.getByText('fail2ban: unknown')).toBeInTheDocument()
})

test('the demo is marked on the page', async () => {
  await open({ ...runtime, demo: true })
  expect(await screen.findByText(/simulated attacks on a private fail2ban/)).toBeInTheDocument()
})

test('navigation moves the focus to the heading and marks the page in the side bar', async () => {
  const user = userEvent.setup()
  await open(runtime)
  await user.click(screen.getByRole('link', { name: 'Settings' }))
  const heading = await screen.findByRole('heading', { name: 'Settings', level: 1 })
  await waitFor(() => expect(heading).toHaveFocus())
  expect(screen.getByRole('link', { name: 'Settings' })).toHaveAttribute('aria-current', 'page')
  expect(screen.getByRole('link', { name: 'Overview' })).not.toHaveAttribute('aria-current')
})

test('the skip link goes to the content', async () => {
  const user = userEvent.setup()
  await open(runtime)
  await user.click(screen.getByRole('link', { name: 'Skip to the content' }))
  expect(screen.getByRole('main')).toHaveFocus()
})

test('Ctrl K opens the palette, a jail is a few letters away, and its page gets the focus', async () => {
  const user = userEvent.setup()
  await open(runtime)
  await user.keyboard('{Control>}k{/Control}')
  const field = await screen.findByRole('combobox')
  await waitFor(() => expect(field).toHaveFocus())
  await user.keyboard('ssh{Enter}')
  const heading = await screen.findByRole('heading', { name: 'sshd', level: 1 })
  await waitFor(() => expect(heading).toHaveFocus())
})

test('Escape closes the palette and returns the focus', async () => {
  const user = userEvent.setup()
  await open(runtime)
  const button = screen.getByRole('button', { name: /^Search/ })
  await user.click(button)
  await screen.findByRole('combobox')
  await user.keyboard('{Escape}')
  await waitFor(() => expect(screen.queryByRole('combobox')).toBeNull())
  await waitFor(() => expect(button).toHaveFocus())
})

test('the menu of the account signs out', async () => {
  const user = userEvent.setup()
  const { signOut } = await open(runtime)
  await user.click(screen.getByRole('button', { name: 'Account of ann' }))
  await user.click(await screen.findByRole('menuitem', { name: 'Sign out' }))
  await waitFor(() => expect(signOut).toHaveBeenCalledOnce())
})

test('an unknown path shows "Page not found" with a link back', async () => {
  await open(runtime, '/nowhere')
  expect(await screen.findByRole('heading', { name: 'Page not found' })).toBeInTheDocument()
  expect(screen.getByRole('link', { name: 'Go to the overview' })).toHaveAttribute('href', '/')
})
