import { screen, waitFor, within } from '@solidjs/testing-library'
import userEvent from '@testing-library/user-event'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { jailOf, offlineStatus, runtimeOf, statusOf } from '../../../test/fixtures.ts'
import { type PageOptions, renderPage } from '../../../test/render-page.tsx'
import { OverviewPage } from './overview-page.tsx'

async function show(options: PageOptions = {}) {
  const page = renderPage(OverviewPage, options)
  await screen.findByRole('heading', { name: 'Overview' })
  return { ...page, user: userEvent.setup() }
}

const state = () => screen.getByRole('region', { name: 'State' })
const jailsCard = () => screen.getByRole('region', { name: 'Jails' })
const jailNames = () =>
  within(jailsCard())
    .getAllByRole('listitem')
    .map((item) => within(item).getByRole('link').textContent)

afterEach(() => void vi.useRealTimers())

describe('the overview', () => {
  it('says in one line that all is well', async () => {
    const jails = [jailOf('sshd'), jailOf('nginx'), jailOf('off', { enabled: false, running: false })]
    await show({ jails })
    expect(state()).toHaveTextContent('Running')
    expect(state()).toHaveTextContent('2 running')
    expect(state()).toHaveTextContent('of 3 in the configuration')
    expect(within(state()).getByRole('link', { name: 'All 2 enabled jails run' })).toBeVisible()
  })

  it('leads to the jails that need attention', async () => {
    await show({ jails: [jailOf('sshd'), jailOf('nginx', { running: false })] })
    const link = within(state()).getByRole('link', { name: '1 of 2 jails needs attention' })
    expect(link).toHaveAttribute('href', '/jails?filter=attention')
  })

  it('does not show a daemon that is away as a quiet one', async () => {
    await show({
      runtime: runtimeOf({ serverStatus: offlineStatus }),
      jails: [jailOf('sshd', { running: false })],
    })
    expect(state()).toHaveTextContent('Nobody answers at the socket.')
    expect(state()).toHaveTextContent('Nobody is being banned')
    expect(screen.queryByText('0', { exact: true })).not.toBeInTheDocument()
  })

  it.each(['permission_denied', 'protocol_error', 'timeout'] as const)(
    'does not claim that nobody is banned by a daemon that it cannot hear (%s)',
    async (reason) => {
      await show({
        runtime: runtimeOf({ serverStatus: { ...offlineStatus, reason } }),
        jails: [jailOf('sshd')],
      })
      expect(state()).toHaveTextContent('Not known')
      expect(state()).not.toHaveTextContent('Nobody is being banned')
      expect(state()).not.toHaveTextContent('0 running')
    },
  )

  it('does not claim that all is well while the daemon is silent', async () => {
    const serverStatus = statusOf({ responding: false })
    await show({ runtime: runtimeOf({ serverStatus }), jails: [jailOf('sshd')] })
    expect(state()).not.toHaveTextContent('The enabled jail runs')
    expect(state()).toHaveTextContent('Not known')
  })

  it('shows no figures of jails from before the daemon ended', async () => {
    const jails = [jailOf('sshd', { currentlyBanned: 412 })]
    await show({ runtime: runtimeOf({ serverStatus: offlineStatus }), jails })
    expect(jailsCard()).not.toHaveTextContent('412')
    expect(jailsCard()).not.toHaveTextContent('Running')
  })

  it('does not claim that all is well when BanGUI itself cannot be reached', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true })
    const { live } = await show({ jails: [jailOf('sshd')] })
    expect(state()).toHaveTextContent('The enabled jail runs')
    live.break()
    vi.advanceTimersByTime(21_000)
    await vi.waitFor(() => expect(state()).not.toHaveTextContent('The enabled jail runs'))
    expect(state()).toHaveTextContent('BanGUI cannot be reached')
    expect(state()).not.toHaveTextContent('Running')
  })

  it('shows figures as they change, each a link to what is behind it', async () => {
    const runtime = runtimeOf({ serverStatus: statusOf({ currentlyBanned: 4, totalFailed: 1234 }) })
    const { sendRuntime } = await show({ runtime, jails: [jailOf('sshd')] })
    expect(screen.getByText('4')).toBeVisible()
    expect(screen.getByText('1,234')).toBeVisible()
    expect(screen.getByRole('link', { name: 'Banned now' })).toHaveAttribute(
      'href',
      '/jails?filter=running&sort=-banned',
    )
    sendRuntime(runtimeOf({ revision: 2, serverStatus: statusOf({ currentlyBanned: 5 }) }))
    expect(await screen.findByText('5')).toBeVisible()
  })

  it('lists the jails that are on, most bans first, and rests while one reads', async () => {
    const { live, user } = await show({
      jails: [jailOf('a', { currentlyBanned: 1 }), jailOf('b', { currentlyBanned: 2 })],
    })
    expect(jailNames()).toEqual(['b', 'a'])
    await user.hover(within(jailsCard()).getByRole('list'))
    live.send({
      type: 'jails',
      jails: [jailOf('a', { currentlyBanned: 9 }), jailOf('b', { currentlyBanned: 2 })],
    })
    await waitFor(() => expect(jailsCard()).toHaveTextContent('9'))
    expect(jailNames()).toEqual(['b', 'a'])
    await user.hover(document.body)
    await waitFor(() => expect(jailNames()).toEqual(['a', 'b']))
  })

  it('lists what is in trouble first, and leads to what there is no room for', async () => {
    const names = Array.from({ length: 14 }, (_, index) => `jail-${String(index).padStart(2, '0')}`)
    const jails = names.map((name, index) =>
      jailOf(name, { running: index !== 13, currentlyBanned: 99 - index }),
    )
    await show({ jails })
    expect(jailNames()).toEqual(['jail-13', ...names.slice(0, 11)])
    expect(within(jailsCard()).getByRole('link', { name: '2 more' })).toHaveAttribute(
      'href',
      '/jails?filter=running&sort=-banned',
    )
  })

  it('looks at fail2ban when it is asked to', async () => {
    const { user, calls } = await show({
      jails: [jailOf('sshd')],
      procedures: { 'server.probe': () => statusOf() },
    })
    await user.click(screen.getByRole('button', { name: 'Check now' }))
    await waitFor(() => expect(calls).toContain('server.probe'))
  })

  it('teaches what a jail is when none is on', async () => {
    await show({ jails: [jailOf('sshd', { enabled: false, running: false })] })
    expect(jailsCard()).toHaveTextContent('A jail watches one log')
    expect(screen.getByRole('link', { name: 'Choose a jail' })).toHaveAttribute('href', '/jails?filter=off')
  })

  it('says what fail2ban is doing', async () => {
    await show({ runtime: runtimeOf({ serverStatus: statusOf({ activity: 'loading' }) }) })
    expect(screen.getByRole('status')).toHaveTextContent('fail2ban is loading a change…')
  })

  it('shows shapes and no figures before anything is known', async () => {
    await show({ runtime: undefined })
    expect(state()).toHaveAttribute('aria-busy', 'true')
    expect(screen.queryByText(/jails? run/)).not.toBeInTheDocument()
  })
})
