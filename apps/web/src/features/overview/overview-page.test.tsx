import { noHealthSummary } from '@bangui/shared'
import { screen, waitFor, within } from '@solidjs/testing-library'
import userEvent from '@testing-library/user-event'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { Refusal } from '../../../test/fake-api.ts'
import { jailOf, offlineStatus, runtimeOf, statusOf, T0 } from '../../../test/fixtures.ts'
import { statsProcedures, overviewOf, trendOf } from '../../../test/stats-fixtures.ts'
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
  it('says in one line that there is no problem', async () => {
    const jails = [jailOf('sshd'), jailOf('nginx'), jailOf('off', { enabled: false, running: false })]
    await show({ jails })
    expect(state()).toHaveTextContent('Running')
    expect(state()).toHaveTextContent('2 running')
    expect(state()).toHaveTextContent('of 3 in the configuration')
    expect(within(state()).getByRole('link', { name: 'All 2 enabled jails are running' })).toBeVisible()
  })

  it('counts what the checks of the protection found, and names the worst', async () => {
    const health = { ...noHealthSummary, complete: true, critical: 1, warning: 2, worst: 'The log is gone' }
    await show({ runtime: runtimeOf({ health }), jails: [jailOf('sshd')] })
    const link = within(state()).getByRole('link', { name: '1 critical problem and 2 warnings' })
    expect(link).toHaveAttribute('href', '/protection')
    expect(state()).toHaveTextContent('The log is gone')
  })

  it('claims that there is no problem only when everything was checked', async () => {
    const health = { ...noHealthSummary, hint: 1, cannotTell: 2 }
    const { sendRuntime } = await show({ runtime: runtimeOf({ health }), jails: [jailOf('sshd')] })
    expect(state()).toHaveTextContent('Not checked yet')
    expect(state()).not.toHaveTextContent('No problem found')
    sendRuntime(runtimeOf({ health: { ...health, complete: true } }))
    await waitFor(() => expect(state()).toHaveTextContent('No problem found, 1 hint, 2 checks cannot tell'))
  })

  it('says first that a jail does not run, before the checks have confirmed it', async () => {
    const health = { ...noHealthSummary, complete: true, warning: 1, worst: 'A small thing' }
    await show({ runtime: runtimeOf({ health }), jails: [jailOf('sshd', { running: false })] })
    expect(state()).toHaveTextContent('1 of 1 jail needs attention')
  })

  it('links to the jails that need attention', async () => {
    await show({ jails: [jailOf('sshd'), jailOf('nginx', { running: false })] })
    const link = within(state()).getByRole('link', { name: '1 of 2 jails needs attention' })
    expect(link).toHaveAttribute('href', '/jails?filter=attention')
  })

  it('counts an idle jail as idle, which is less severe than down', async () => {
    const dot = () => within(state()).getByText(/needs? attention/).previousElementSibling
    const idle = jailOf('nginx', { idle: true })
    const { live } = await show({ jails: [jailOf('sshd'), idle] })
    expect(state()).toHaveTextContent('1 running, 1 idle')
    expect(state()).toHaveTextContent('1 of 2 jails needs attention')
    expect(dot()).toHaveAttribute('data-tone', 'warning')
    live.send({ type: 'jails', host: 'local', jails: [jailOf('sshd', { running: false }), idle] })
    await waitFor(() => expect(state()).toHaveTextContent('2 of 2 jails need attention'))
    expect(dot()).toHaveAttribute('data-tone', 'danger')
  })

  it('distinguishes a daemon that is down from one without bans', async () => {
    await show({
      runtime: runtimeOf({ serverStatus: offlineStatus }),
      jails: [jailOf('sshd', { running: false })],
    })
    expect(state()).toHaveTextContent('Nobody answers at the socket.')
    expect(state()).toHaveTextContent('Nobody is being banned')
    expect(screen.queryByText('0', { exact: true })).not.toBeInTheDocument()
  })

  it.each(['permission_denied', 'protocol_error', 'timeout'] as const)(
    'does not claim that nobody is banned by a daemon that does not answer (%s)',
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

  it('does not claim that there is no problem if fail2ban would not start again', async () => {
    const notice = { kind: 'refused', file: '/x', line: 1, jail: null, message: null, output: null } as const
    await show({ runtime: runtimeOf({ configNotices: [notice] }), jails: [jailOf('sshd')] })
    expect(state()).toHaveTextContent('The enabled jail is running')
    expect(state()).not.toHaveTextContent('No problem found')
    expect(state()).toHaveTextContent('fail2ban would not start again')
  })

  it('counts a jail that waits for its log as not running, but not as needing attention', async () => {
    await show({ jails: [jailOf('sshd'), jailOf('late', { running: false, waitsForLog: true })] })
    expect(state()).toHaveTextContent('1 of 2 enabled jails is running')
    expect(state()).toHaveTextContent('No log yet: late')
  })

  it('does not claim that there is no problem while the daemon does not answer', async () => {
    const serverStatus = statusOf({ responding: false })
    await show({ runtime: runtimeOf({ serverStatus }), jails: [jailOf('sshd')] })
    expect(state()).not.toHaveTextContent('The enabled jail is running')
    expect(state()).toHaveTextContent('Not known')
  })

  it('shows no counts of jails from before the daemon ended', async () => {
    const jails = [jailOf('sshd', { currentlyBanned: 412 })]
    await show({ runtime: runtimeOf({ serverStatus: offlineStatus }), jails })
    expect(jailsCard()).not.toHaveTextContent('412')
    expect(jailsCard()).not.toHaveTextContent('Running')
  })

  it('does not claim that there is no problem if BanGUI itself cannot be reached', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true })
    const { live } = await show({ jails: [jailOf('sshd')] })
    expect(state()).toHaveTextContent('The enabled jail is running')
    live.break()
    vi.advanceTimersByTime(21_000)
    await vi.waitFor(() => expect(state()).not.toHaveTextContent('The enabled jail is running'))
    expect(state()).toHaveTextContent('BanGUI cannot be reached')
    expect(state()).not.toHaveTextContent('Running')
  })

  it('shows the numbers of the range with their change, each linked to its list', async () => {
    await show({ procedures: statsProcedures })
    expect(await screen.findByText('1,200')).toBeVisible()
    expect(screen.getByText('20% more than in the previous 24 hours')).toBeVisible()
    expect(screen.getByText('20% fewer than in the previous 24 hours')).toBeVisible()
    expect(screen.getByText('77')).toBeVisible()
    expect(screen.getByRole('link', { name: 'Bans' })).toHaveAttribute('href', '/activity?type=ban')
    expect(screen.getByRole('link', { name: 'Failures' })).toHaveAttribute('href', '/activity?type=failure')
    expect(screen.getByRole('link', { name: 'Banned now' })).toHaveAttribute('href', '/bans')
  })

  it('says that there was nothing in the previous period', async () => {
    const nothing = { bans: 0, failures: 0, addresses: 0, newAddresses: 0 }
    await show({
      procedures: { ...statsProcedures, 'stats.overview': () => overviewOf({ previous: nothing }) },
    })
    expect((await screen.findAllByText('none in the previous 24 hours'))[0]).toBeVisible()
  })

  it('says since when failures are counted if their change is unknown', async () => {
    const failuresSince = new Date(2026, 4, 1, 9, 5).getTime()
    await show({
      procedures: { ...statsProcedures, 'stats.overview': () => overviewOf({ failuresSince }) },
    })
    expect(await screen.findByText(/^counted since .*2026.*9:05/)).toBeVisible()
    expect(screen.getByText('20% more than in the previous 24 hours')).toBeVisible()
    expect(screen.queryByText(/^same as in/)).not.toBeInTheDocument()
  })

  it('says since when anything was recorded, in text, curves and chart', async () => {
    const day = 86_400_000
    const since = new Date(2026, 4, 1, 9, 5).getTime()
    const start = Math.floor(since / day) * day - 2 * day
    const overview = overviewOf({ from: start, previous: null, recordedSince: since })
    await show({
      path: '/?range=all',
      procedures: {
        ...statsProcedures,
        'stats.recorded': () => ({ bans: since, failures: since, singleBans: since }),
        'stats.overview': () => ({
          ...overview,
          sparklines: { ...overview.sparklines, bucketSeconds: 86_400 },
        }),
        'stats.trend': () => trendOf({ start, bucketSeconds: 86_400, recordedSince: since }),
      },
    })
    expect(await screen.findByRole('note')).toHaveTextContent(
      /^Bans have been recorded since .*2026.*9:05.*\. There are no earlier records\.$/,
    )
    expect((await screen.findAllByText(/^recorded since .*2026.*9:05/))[0]).toBeVisible()
    const bans = screen.getByRole('link', { name: 'Bans' }).closest('div')
    // two of three days, up to where the third begins
    expect(bans?.querySelector<HTMLElement>('[data-unrecorded]')?.style.width).toBe('100%')
    const chart = await screen.findByRole('figure', { name: 'Bans over time' }, { timeout: 5_000 })
    expect(within(chart).getByText('not recorded')).toBeVisible()
  })

  it('does not mention recording if all of the range was recorded', async () => {
    await show({ procedures: statsProcedures })
    await screen.findByText('1,200')
    expect(screen.queryByText(/recorded/)).not.toBeInTheDocument()
  })

  it("does not show failures as zero if fail2ban's database keeps none", async () => {
    await show({
      path: '/?source=live&measure=failures',
      procedures: {
        ...statsProcedures,
        'stats.trend': () => trendOf({ series: [], recordedSince: T0 }),
      },
    })
    expect(await screen.findByText('Failures are not recorded')).toBeVisible()
    expect(screen.queryByText(/^No failures/)).not.toBeInTheDocument()
  })

  it('counts live events at once', async () => {
    const { live } = await show({ procedures: statsProcedures })
    await screen.findByText('1,200')
    live.send({ type: 'events', host: 'local', events: [], counts: { 'ban.added': 30, 'ban.removed': 2 } })
    expect(await screen.findByText('1,230')).toBeVisible()
    expect(screen.getByText('105')).toBeVisible()
  })

  it('queries another range, and keeps it in the URL and in the links', async () => {
    const { user, history, calls } = await show({ procedures: statsProcedures })
    await screen.findByText('1,200')
    await user.click(screen.getByRole('radio', { name: '7 d' }))
    expect(history.get()).toBe('/?range=7d')
    await waitFor(() => expect(calls).toContain('stats.overview {"range":"7d","source":"archive"}'))
    expect(screen.getByRole('link', { name: 'Bans' })).toHaveAttribute('href', '/activity?type=ban&range=7d')
    expect(screen.getByRole('link', { name: 'New addresses' })).toHaveAttribute(
      'href',
      '/activity?type=ban&first=1&range=7d',
    )
  })

  it('makes a range that is dragged on the trend the range of the page, and removes it', async () => {
    const { user, history } = await show({ procedures: statsProcedures })
    const trend = await screen.findByRole('slider', { name: 'Bans over time, point by point' })
    trend.focus()
    await user.keyboard('{Home}{Shift>}{ArrowRight}{/Shift}{Enter}')
    const from = T0 - 4 * 3_600_000
    expect(history.get()).toBe(`/?from=${from}&to=${from + 2 * 3_600_000}`)
    await user.click(screen.getByRole('button', { name: /^Show the last 24 hours instead of/ }))
    expect(history.get()).toBe('/')
  })

  it('keeps the measure of the trend in the URL', async () => {
    const { user, history, calls } = await show({ procedures: statsProcedures })
    await user.click(screen.getByRole('radio', { name: 'Failures' }))
    expect(history.get()).toBe('/?measure=failures')
    await waitFor(() => expect(calls.some((call) => call.includes('"measure":"failures"'))).toBe(true))
    expect(await screen.findByRole('slider', { name: 'Failures over time, point by point' })).toBeVisible()
  })

  it('refetches what may have happened before the stream began, or while it was broken', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true })
    const { live, calls } = await show({ procedures: statsProcedures })
    await screen.findByText('1,200')
    const asked = () => calls.filter((call) => call.startsWith('stats.overview')).length
    await vi.advanceTimersByTimeAsync(5_100)
    await vi.waitFor(() => expect(asked()).toBe(2))
    await vi.advanceTimersByTimeAsync(20_000)
    expect(asked()).toBe(2)
    live.break()
    await vi.advanceTimersByTimeAsync(4_100)
    await vi.waitFor(() => expect(live.openCount()).toBe(1))
    live.send({ type: 'snapshot', host: 'local', runtime: runtimeOf(), jails: [], operations: [] })
    await vi.advanceTimersByTimeAsync(5_100)
    await vi.waitFor(() => expect(asked()).toBe(3))
  })

  it('shows which query failed, and tries again', async () => {
    let broken = true
    const { user } = await show({
      procedures: {
        ...statsProcedures,
        'stats.overview': () => {
          if (broken) throw new Refusal('archive_unavailable', 'The archive is away.')
          return overviewOf()
        },
      },
    })
    const problem = (await screen.findByText('The numbers could not be loaded')).closest('[role=alert]')
    expect(problem).toHaveTextContent('The archive is away.')
    broken = false
    if (problem instanceof HTMLElement)
      await user.click(within(problem).getByRole('button', { name: 'Try again' }))
    expect(await screen.findByText('1,200')).toBeVisible()
  })

  it('lists the enabled jails, most bans first, without moving rows under the pointer', async () => {
    const { live, user } = await show({
      jails: [jailOf('a', { currentlyBanned: 1 }), jailOf('b', { currentlyBanned: 2 })],
    })
    expect(jailNames()).toEqual(['b', 'a'])
    await user.hover(within(jailsCard()).getByRole('list'))
    live.send({
      type: 'jails',
      host: 'local',
      jails: [jailOf('a', { currentlyBanned: 9 }), jailOf('b', { currentlyBanned: 2 })],
    })
    await waitFor(() => expect(jailsCard()).toHaveTextContent('9'))
    expect(jailNames()).toEqual(['b', 'a'])
    await user.hover(document.body)
    await waitFor(() => expect(jailNames()).toEqual(['a', 'b']))
  })

  it('lists jails that need attention first, and links to those that do not fit', async () => {
    const names = Array.from({ length: 14 }, (_, index) => `jail-${String(index).padStart(2, '0')}`)
    const jails = names.map((name, index) =>
      jailOf(name, { running: index !== 13, currentlyBanned: 99 - index }),
    )
    await show({ jails })
    expect(jailNames()).toEqual(['jail-13', ...names.slice(0, 3)])
    expect(within(jailsCard()).getByRole('link', { name: '10 more' })).toHaveAttribute(
      'href',
      '/jails?filter=running&sort=-banned',
    )
  })

  it('probes fail2ban on request', async () => {
    const { user, calls } = await show({
      jails: [jailOf('sshd')],
      procedures: { 'server.probe': () => statusOf() },
    })
    await user.click(screen.getByRole('button', { name: 'Check now' }))
    await waitFor(() => expect(calls).toContain('server.probe'))
  })

  it('explains what a jail is if none is enabled', async () => {
    await show({ jails: [jailOf('sshd', { enabled: false, running: false })] })
    expect(jailsCard()).toHaveTextContent('A jail watches one log')
    expect(screen.getByRole('link', { name: 'Choose a jail' })).toHaveAttribute('href', '/jails?filter=off')
  })

  it('shows what fail2ban is doing', async () => {
    await show({ runtime: runtimeOf({ serverStatus: statusOf({ activity: 'loading' }) }) })
    expect(screen.getByRole('status')).toHaveTextContent('fail2ban is loading a change…')
  })

  it('shows skeletons and no numbers before anything is known', async () => {
    await show({ runtime: undefined })
    expect(state()).toHaveAttribute('aria-busy', 'true')
    expect(screen.queryByText(/jails? run/)).not.toBeInTheDocument()
  })

  it('shows the last 90 days of fail2ban and of each jail', async () => {
    const day = Math.floor(Date.now() / 86_400_000) * 86_400_000
    const dayOf = (upSeconds: number, downSeconds: number) => ({
      day,
      upSeconds,
      downSeconds,
      idleSeconds: 0,
      changes: 0,
    })
    await show({
      jails: [jailOf('sshd')],
      procedures: {
        ...statsProcedures,
        'stats.states': () => [
          { jail: null, days: [dayOf(900, 100)] },
          { jail: 'sshd', days: [dayOf(1_000, 0)] },
        ],
      },
    })
    expect(
      await screen.findByRole('img', {
        name: /^fail2ban, last 90 days: running 90% of the recorded time, since /,
      }),
    ).toBeVisible()
    const bar = screen.getByRole('img', { name: /^sshd, last 90 days: running 100% of the recorded time/ })
    const states = [...bar.children].map((each) => each.getAttribute('data-state'))
    expect(states).toHaveLength(90)
    expect(states.slice(-2)).toEqual(['unknown', 'up'])
  })

  it('says what is watched while nobody was ever banned, and offers to test a ban', async () => {
    const none = { bans: 0, activeBans: 0, failures: 0, newAddresses: 0, addresses: 0 }
    await show({
      jails: [jailOf('sshd', { logPaths: ['/var/log/auth.log'] }), jailOf('nginx', { logPaths: [] })],
      procedures: {
        ...statsProcedures,
        'stats.overview': () => overviewOf(none),
        'history.list': () => ({ rows: [], nextCursor: null }),
      },
    })
    const card = await screen.findByRole('region', { name: 'Nobody has been banned yet' })
    expect(card).toHaveTextContent('2 jails are watching: sshd (/var/log/auth.log) and nginx (the journal).')
    expect(within(card).getByRole('button', { name: 'Test a ban' })).toBeVisible()
    expect(screen.queryByRole('region', { name: 'Bans over time' })).not.toBeInTheDocument()
  })

  it('lists what needs attention, the worst first, each with its page', async () => {
    const health = { ...noHealthSummary, complete: true, warning: 2, worst: 'A small thing' }
    const { sendRuntime } = await show({
      runtime: runtimeOf({ health, alerts: { open: 3, revision: 1 } }),
      jails: [jailOf('sshd'), jailOf('nginx', { running: false })],
    })
    const card = screen.getByRole('region', { name: 'Needs your attention' })
    const links = within(card).getAllByRole('link')
    expect(links.map((link) => [link.textContent, link.getAttribute('href')])).toEqual([
      ['nginx: on, not running', '/jails/nginx'],
      ['2 warnings', '/protection'],
      ['3 open incidents', '/alerts'],
    ])
    sendRuntime(runtimeOf({ serverStatus: offlineStatus }))
    await waitFor(() => expect(card).toHaveTextContent('fail2ban is offline'))
    expect(card).not.toHaveTextContent('nginx')
  })

  it('names a change that can be rolled back, and none where none is known', async () => {
    const recovery = {
      jailName: null,
      activatedAt: T0,
      detectedAt: T0,
      recovered: false,
      cause: 'jails_missing' as const,
      missingJails: ['sshd'],
      changeId: null,
    }
    const jails = [jailOf('sshd', { running: false })]
    const { sendRuntime } = await show({ runtime: runtimeOf({ pendingRecovery: recovery }), jails })
    const card = screen.getByRole('region', { name: 'Needs your attention' })
    expect(card).toHaveTextContent('sshd: on, not running')
    expect(card).not.toHaveTextContent('rolled back')
    sendRuntime(runtimeOf({ pendingRecovery: { ...recovery, title: 'Activating jail sshd', changeId: 'a' } }))
    await waitFor(() => expect(card).toHaveTextContent('A change can be rolled backActivating jail sshd'))
  })
})
