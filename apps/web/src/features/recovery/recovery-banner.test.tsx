import type { DaemonLog, PendingRecovery, RecoveryProgress, RuntimeSnapshot } from '@bangui/shared'
import { screen, within } from '@solidjs/testing-library'
import userEvent from '@testing-library/user-event'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { Refusal } from '../../../test/fake-api.ts'
import { jailOf, offlineStatus, pendingOf, runtimeOf, statusOf, T0 } from '../../../test/fixtures.ts'
import { type PageOptions, renderPage } from '../../../test/render-page.tsx'
import { RecoveryBanner } from './recovery-banner.tsx'

afterEach(() => void vi.useRealTimers())

const crashed = (over: Partial<PendingRecovery> = {}, more: Partial<RuntimeSnapshot> = {}) =>
  runtimeOf({ serverStatus: offlineStatus, onlineSince: null, pendingRecovery: pendingOf(over), ...more })

const progressOf = (over: Partial<RecoveryProgress>): RecoveryProgress => ({
  jailName: 'nginx-botsearch',
  startedAt: T0,
  step: 'restoring',
  done: [],
  message: null,
  output: null,
  ...over,
})

async function show(runtime: RuntimeSnapshot, options: PageOptions = {}) {
  const page = renderPage(RecoveryBanner, { runtime, jails: [jailOf('nginx-botsearch')], ...options })
  const alert = await screen.findByRole('alert')
  return { ...page, alert, user: userEvent.setup() }
}

const steps = () =>
  within(screen.getByRole('list', { name: 'Rollback' }))
    .getAllByRole('listitem')
    .map((item) => item.textContent)

describe('the recovery banner', () => {
  it('is not there when nothing is wrong', async () => {
    renderPage(RecoveryBanner)
    await Promise.resolve()
    expect(screen.queryByRole('alert')).toBeNull()
  })

  it.each([
    ['crashed', {}, 'fail2ban stopped 4 seconds after nginx-botsearch was activated'],
    ['crashed', { kind: 'edited' }, 'fail2ban stopped 4 seconds after nginx-botsearch was changed'],
    ['crashed', { kind: 'reloaded' }, 'fail2ban stopped 4 seconds after nginx-botsearch was reloaded'],
    ['load_refused', { kind: 'started' }, 'fail2ban refused to load nginx-botsearch'],
    ['load_refused', { kind: 'reloaded', jailName: null }, 'fail2ban refused to load its configuration'],
    [
      'not_back',
      {},
      'fail2ban did not start again after the restart that loaded the change to nginx-botsearch',
    ],
    [
      'load_refused',
      {},
      'fail2ban refused the change to nginx-botsearch, and restoring the files did not help',
    ],
    [
      'jails_missing',
      { missingJails: ['sshd', 'postfix'] },
      '2 other jails stopped when nginx-botsearch was activated: sshd, postfix',
    ],
    [
      'jails_missing',
      { missingJails: ['nginx-botsearch'] },
      'A jail that should be running is not: nginx-botsearch',
    ],
    [
      'jails_missing',
      { jailName: '', missingJails: ['a', 'b'] },
      '2 jails that should be running are not: a, b',
    ],
    [
      'jails_missing',
      { jailName: null, missingJails: ['a', 'b'] },
      '2 jails that should be running are not: a, b',
    ],
  ] as const)('says what happened: %s %j', async (cause, over, sentence) => {
    const { alert } = await show(
      crashed({ cause, ...over, missingJails: [...('missingJails' in over ? over.missingJails : [])] }),
    )
    expect(alert).toHaveTextContent(sentence)
  })

  it.each([
    ['started', 'being banned. Rolling back deactivates the jail and starts fail2ban.'],
    ['stopped', 'being banned. Rolling back starts fail2ban.'],
  ] as const)('says what a rollback does after a jail was %s', async (kind, sentence) => {
    const { alert } = await show(crashed({ kind }))
    expect(alert).toHaveTextContent(sentence)
  })

  it('offers to load the jails that a reload of everything lost', async () => {
    const lost = { kind: 'reloaded', cause: 'load_refused', jailName: null, missingJails: ['a'] } as const
    const { alert } = await show(runtimeOf({ pendingRecovery: pendingOf({ ...lost, missingJails: ['a'] }) }))
    expect(await screen.findByRole('button', { name: 'Load these jails' })).toBeVisible()
    expect(alert).toHaveTextContent('BanGUI can load the jails again')
  })

  it('rolls back with one click', async () => {
    const { calls, user } = await show(crashed(), {
      procedures: {
        'recovery.rollback': () => ({ restored: [], started: true, online: true, output: null }),
      },
    })
    await user.click(await screen.findByRole('button', { name: 'Roll back and restart' }))
    expect(calls).toEqual(['recovery.rollback'])
  })

  it('offers to roll back without a restart if fail2ban is running', async () => {
    await show(runtimeOf({ pendingRecovery: pendingOf({ cause: 'jails_missing', missingJails: ['sshd'] }) }))
    expect(await screen.findByRole('button', { name: 'Roll back' })).toBeVisible()
  })

  it('offers to load missing jails if no known change can be rolled back', async () => {
    const nameless = { cause: 'jails_missing', jailName: null, changeId: null, missingJails: ['a'] } as const
    const pending = pendingOf({ ...nameless, missingJails: [...nameless.missingJails] })
    const { alert, sendRuntime } = await show(runtimeOf({ pendingRecovery: pending }))
    expect(await screen.findByRole('button', { name: 'Load these jails' })).toBeVisible()
    expect(alert).toHaveTextContent('No known change caused this.')
    sendRuntime(
      runtimeOf({ pendingRecovery: pending, recovery: progressOf({ jailName: null, step: 'loading' }) }),
    )
    expect(await screen.findByText('Loading the missing jails')).toBeVisible()
    sendRuntime(runtimeOf({ pendingRecovery: { ...pending, recovered: true } }))
    expect(await screen.findByText('No jail is missing now')).toBeVisible()
    expect(screen.queryByRole('button', { name: /Roll back|Load/ })).toBeNull()
  })

  it('shows why a rollback was refused', async () => {
    const { user, alert } = await show(crashed(), {
      procedures: {
        'recovery.rollback': () => {
          throw new Refusal('busy', 'Another change is in progress.')
        },
      },
    })
    await user.click(await screen.findByRole('button', { name: 'Roll back and restart' }))
    expect(await within(alert).findByText(/Another change is in progress/)).toBeVisible()
  })

  it('ticks off the steps as they are done', async () => {
    const { sendRuntime } = await show(crashed())
    sendRuntime(crashed({}, { recovery: progressOf({ step: 'starting', done: ['restoring', 'testing'] }) }))
    await screen.findByRole('list', { name: 'Rollback' })
    expect(steps()).toEqual([
      'Put the saved files back: done',
      'Test the configuration: done',
      'Start fail2ban: in progress',
      'Wait for fail2ban to respond: not started',
    ])
    expect(screen.queryByRole('button', { name: /Roll back/ })).toBeNull()
  })

  it("shows the daemon's own output when the rollback failed, and offers to try again", async () => {
    const failed = progressOf({
      step: 'failed',
      done: ['restoring', 'testing'],
      message: 'fail2ban did not respond within 10 seconds.',
      output: 'ERROR Failed during configuration',
    })
    await show(crashed({}, { recovery: failed }))
    expect(steps()).toContain('Start fail2ban: failed')
    expect(screen.getByText('fail2ban did not respond within 10 seconds.')).toBeVisible()
    expect(screen.getByText('ERROR Failed during configuration')).toBeVisible()
    expect(await screen.findByRole('button', { name: 'Try again' })).toBeVisible()
  })

  it('turns green only after fail2ban was up for 10 seconds, and can then be dismissed', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true })
    const done = progressOf({ step: 'done', done: ['restoring', 'testing', 'starting', 'waiting'] })
    const back = (checkedAt: number) =>
      runtimeOf({
        serverStatus: statusOf({ checkedAt }),
        onlineSince: T0,
        recovery: done,
        pendingRecovery: pendingOf({ recovered: true }),
      })
    const { sendRuntime, calls } = await show(back(T0 + 1_000), {
      procedures: { 'recovery.dismiss': () => ({ dismissed: true }) },
    })
    expect(screen.getByRole('alert')).toHaveAttribute('data-tone', 'info')
    expect(screen.queryByRole('button', { name: 'Dismiss' })).toBeNull()
    vi.advanceTimersByTime(9_000)
    sendRuntime(back(T0 + 9_000))
    expect(screen.getByRole('alert')).toHaveAttribute('data-tone', 'info')
    vi.advanceTimersByTime(2_000)
    await vi.waitFor(() => expect(screen.getByRole('alert')).toHaveAttribute('data-tone', 'ok'))
    vi.useRealTimers()
    expect(screen.getByText(/fail2ban is online again/)).toBeVisible()
    await userEvent.click(screen.getByRole('button', { name: 'Dismiss' }))
    expect(calls).toEqual(['recovery.dismiss'])
  })

  it('restarts the 10 seconds when fail2ban was down in between', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true })
    const back = (since: number | null) =>
      runtimeOf({
        serverStatus: since === null ? offlineStatus : statusOf({ checkedAt: since }),
        onlineSince: since,
        pendingRecovery: pendingOf({ recovered: true }),
      })
    const { sendRuntime } = await show(back(T0))
    vi.advanceTimersByTime(8_000)
    sendRuntime(back(null))
    vi.advanceTimersByTime(100)
    sendRuntime(back(T0 + 8_100))
    vi.advanceTimersByTime(8_000)
    expect(screen.getByRole('alert')).toHaveAttribute('data-tone', 'info')
    vi.advanceTimersByTime(3_000)
    await vi.waitFor(() => expect(screen.getByRole('alert')).toHaveAttribute('data-tone', 'ok'))
  })

  it('still offers the rollback when fail2ban came back by other means', async () => {
    const runtime = runtimeOf({
      pendingRecovery: pendingOf({ recovered: true }),
      serverStatus: statusOf({ checkedAt: T0 + 60_000 }),
      onlineSince: T0,
    })
    const { alert } = await show(runtime)
    expect(alert).toHaveTextContent('fail2ban was started outside BanGUI')
    expect(await screen.findByRole('button', { name: 'Roll back' })).toBeVisible()
  })

  const openLog = async (log: DaemonLog) => {
    const { user } = await show(crashed(), { procedures: { 'server.log': () => log } })
    await user.click(await screen.findByRole('button', { name: 'Show the log' }))
    return screen.findByRole('dialog', { name: 'What happened' })
  }

  it("shows cause, times and the end of fail2ban's own log", async () => {
    const dialog = await openLog({ target: '/var/log/fail2ban.log', lines: ['one', 'two'], problem: null })
    expect(dialog).toHaveTextContent('ended within 60 seconds of the change')
    const log = await within(dialog).findByRole('region', { name: 'The end of /var/log/fail2ban.log' })
    expect(log).toHaveTextContent('one two')
  })

  it.each([
    ['SYSLOG', 'journalctl -u fail2ban'],
    ['/var/log/other.log', 'tail -n 50 /var/log/other.log'],
  ])('shows why the log cannot be read, and the command that shows it: %s', async (target, command) => {
    const dialog = await openLog({ target, lines: [], problem: 'It cannot be read.' })
    await expect.poll(() => dialog.textContent).toContain('It cannot be read.')
    expect(dialog).toHaveTextContent(command)
  })

  it('offers users without permission no actions', async () => {
    await show(crashed(), { user: { name: 'eve', role: 'viewer' } })
    expect(await screen.findByRole('button', { name: 'Show the log' })).toBeVisible()
    expect(screen.queryByRole('button', { name: /Roll back|Dismiss/ })).toBeNull()
  })
})
