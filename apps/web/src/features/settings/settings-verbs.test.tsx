import { screen, waitFor, within } from '@solidjs/testing-library'
import { describe, expect, it } from 'vitest'
import { Refusal } from '../../../test/fake-api.ts'
import { offlineStatus, runtimeOf, statusOf, T0 } from '../../../test/fixtures.ts'
import { showSettings } from '../../../test/settings-page.tsx'

describe('controlling fail2ban', () => {
  it('names the consequence before it stops fail2ban', async () => {
    const runtime = runtimeOf({ serverStatus: statusOf({ activeJails: 9, currentlyBanned: 214 }) })
    const { user, calls } = await showSettings(
      'fail2ban',
      { 'server.stop': () => offlineStatus },
      { runtime },
    )
    await user.click(await screen.findByRole('button', { name: 'Stop fail2ban' }))
    const dialog = await screen.findByRole('alertdialog', { name: 'Stop fail2ban?' })
    expect(dialog).toHaveTextContent('Stops 9 jails and lifts 214 bans')
    expect(calls).not.toContain('server.stop')
    await user.click(within(dialog).getByRole('button', { name: 'Stop fail2ban' }))
    await waitFor(() => expect(calls).toContain('server.stop'))
  })

  it('stops nothing if the confirmation is cancelled', async () => {
    const { user, calls } = await showSettings('fail2ban', {})
    await user.click(await screen.findByRole('button', { name: 'Restart fail2ban' }))
    await user.click(within(await screen.findByRole('alertdialog')).getByRole('button', { name: 'Cancel' }))
    await waitFor(() => expect(screen.queryByRole('alertdialog')).toBeNull())
    expect(calls.filter((call) => call.startsWith('server.'))).toEqual([])
  })

  it('shows why a reload was refused', async () => {
    const { user } = await showSettings('fail2ban', {
      'server.reload': () => {
        throw new Refusal('config_refused', 'fail2ban would not take this configuration: no filter x')
      },
    })
    await user.click(await screen.findByRole('button', { name: 'Reload fail2ban' }))
    expect(await screen.findByRole('alert')).toHaveTextContent('no filter x')
  })

  it('shows the output of fail2ban where it refused to load the configuration', async () => {
    const { user } = await showSettings('fail2ban', {
      'server.reload': () => ({ applied: false, files: [], output: 'NOK: no jails' }),
    })
    await user.click(await screen.findByRole('button', { name: 'Reload fail2ban' }))
    const alert = await screen.findByRole('alert')
    expect(alert).toHaveTextContent('Reload failed.')
    expect(alert).toHaveTextContent('NOK: no jails')
    expect(screen.queryByText('The configuration is loaded')).toBeNull()
  })

  it('offers what is possible: start while it is down, the rest while it is up', async () => {
    await showSettings('fail2ban', {}, { runtime: runtimeOf({ serverStatus: offlineStatus }) })
    expect(await screen.findByRole('button', { name: 'Start fail2ban' })).not.toHaveAttribute('aria-disabled')
    expect(screen.getByRole('button', { name: 'Stop fail2ban' })).toHaveAttribute('aria-disabled', 'true')
  })
})

describe('the account settings', () => {
  const session = (id: string, current: boolean) => ({
    id,
    current,
    createdAt: T0,
    lastSeenAt: T0,
    expiresAt: T0,
    remoteAddress: '192.0.2.7',
    userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:1) Gecko Firefox/140.0',
  })

  it('mark this device and end another session', async () => {
    let sessions = [session('1', true), session('2', false)]
    const { user, calls } = await showSettings('account', {
      'auth.sessions': () => sessions,
      'auth.endSession': () => {
        sessions = [session('1', true)]
        return null
      },
    })
    expect(await screen.findByText('This device')).toBeVisible()
    await user.click(screen.getByRole('button', { name: 'End the session of Firefox on Linux' }))
    await waitFor(() => expect(screen.queryByRole('button', { name: /^End the session/ })).toBeNull())
    expect(calls).toContain('auth.endSession {"id":"2"}')
  })

  it('show at its field that the current password is wrong', async () => {
    const { user } = await showSettings('account', {
      'auth.sessions': () => [session('1', true)],
      'auth.changePassword': () => {
        throw new Refusal('password_wrong', 'The current password is wrong.')
      },
    })
    await user.type(screen.getByLabelText('Current password'), 'wrong')
    await user.type(screen.getByLabelText('New password'), 'a long enough one')
    await user.click(screen.getByRole('button', { name: 'Change password' }))
    await waitFor(() =>
      expect(screen.getByLabelText('Current password')).toHaveAccessibleDescription(
        'The current password is wrong.',
      ),
    )
    await waitFor(() => expect(screen.getByLabelText('Current password')).toHaveFocus())
    expect(screen.getByLabelText('New password')).toHaveValue('a long enough one')
  })
})

describe('the system settings', () => {
  const jobs = [
    {
      name: 'health_check',
      everySeconds: 30,
      running: false,
      lastRun: { startedAt: T0, durationMs: 12, ok: false, message: 'too slow' },
    },
  ]

  it('show the jobs and run one now', async () => {
    const { user, calls } = await showSettings('system', {
      'server.jobs': () => jobs,
      'server.executor': () => ({
        pid: 7,
        hostname: 'web-1',
        createdAt: T0,
        heartbeatAt: T0,
        heartbeatAgeSeconds: 4,
        thisProcess: true,
      }),
      'server.runJob': () => null,
    })
    const row = await screen.findByRole('row', { name: /^Health check/ })
    expect(row).toHaveTextContent('12 ms')
    expect(row).toHaveTextContent('Failed')
    await user.click(within(row).getByRole('button', { name: 'Run now: Health check' }))
    await waitFor(() => expect(calls).toContain('server.runJob {"name":"health_check"}'))
    expect(screen.getByText(/7 on web-1/)).toBeVisible()
    expect(screen.getByText('4 s ago')).toBeVisible()
  })
})
