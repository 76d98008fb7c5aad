import type { SettingInfo } from '@bangui/shared'
import { screen, waitFor, within } from '@solidjs/testing-library'
import userEvent from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import { type Procedures, Refusal } from '../../../test/fake-api.ts'
import { offlineStatus, runtimeOf, statusOf, T0 } from '../../../test/fixtures.ts'
import { type PageOptions, renderPage } from '../../../test/render-page.tsx'
import { SettingsPage } from './settings-page.tsx'

const settings = (over: Partial<SettingInfo> = {}): SettingInfo[] => [
  {
    key: 'probeIntervalSeconds',
    variable: 'BANGUI_PROBE_INTERVAL_SECONDS',
    value: 30,
    source: 'default',
    runtime: true,
    ...over,
  },
  {
    key: 'sessionCacheEnabled',
    variable: 'BANGUI_SESSION_CACHE_ENABLED',
    value: true,
    source: 'default',
    runtime: true,
  },
  {
    key: 'sessionCacheTtlSeconds',
    variable: 'BANGUI_SESSION_CACHE_TTL_SECONDS',
    value: 10,
    source: 'environment',
    runtime: true,
  },
  {
    key: 'sessionIdleMinutes',
    variable: 'BANGUI_SESSION_IDLE_MINUTES',
    value: 10_080,
    source: 'default',
    runtime: true,
  },
  { key: 'sessionMaxDays', variable: 'BANGUI_SESSION_MAX_DAYS', value: 30, source: 'default', runtime: true },
  {
    key: 'fail2banSocket',
    variable: 'BANGUI_FAIL2BAN_SOCKET',
    value: '/run/f2b.sock',
    source: 'environment',
    runtime: false,
  },
]

const bundled = {
  provider: 'bundled',
  message: '/etc/own.mmdb cannot be used: there is no such file. The bundled database of countries.',
  builtAt: T0,
  hasNetworks: false,
}

async function show(tab: string, procedures: Procedures, options: PageOptions = {}) {
  const page = renderPage(SettingsPage, {
    path: `/settings?tab=${tab}`,
    procedures: { 'settings.get': () => settings(), 'geo.status': () => bundled, ...procedures },
    ...options,
  })
  await screen.findByRole('heading', { name: 'Settings' })
  return { ...page, user: userEvent.setup() }
}

const interval = () => screen.findByRole('textbox', { name: 'Check fail2ban every' })

describe('runtime settings', () => {
  it('saves only what was changed', async () => {
    const { user, calls } = await show('general', {
      'settings.update': () => settings({ value: 45, source: 'override' }),
    })
    const field = await interval()
    await user.clear(field)
    await user.type(field, '45')
    await user.click(screen.getByRole('button', { name: 'Save changes' }))
    expect(await screen.findByText('Set here')).toBeVisible()
    expect(calls.at(-1)).toBe('settings.update {"probeIntervalSeconds":45}')
    expect(await interval()).toHaveValue('45')
  })

  it.each(['0', '3601', '', '1.5', 'soon'])(
    'refuses %j before it is sent, and says what is allowed',
    async (text) => {
      const { user, calls } = await show('general', {})
      const field = await interval()
      await user.clear(field)
      if (text !== '') await user.type(field, text)
      await user.click(screen.getByRole('button', { name: 'Save changes' }))
      expect(field).toBeInvalid()
      expect(field).toHaveAccessibleDescription(/A whole number from 1 to 3600/)
      expect(calls).not.toContainEqual(expect.stringContaining('settings.update'))
    },
  )

  it('says a long time in a unit that a person would use', async () => {
    const { user } = await show('general', {})
    const field = await screen.findByRole('textbox', { name: 'Sign out after no use for' })
    expect(screen.getByText('minutes = 7 days')).toBeVisible()
    await user.clear(field)
    await user.type(field, '90')
    expect(screen.getByText('minutes = 1 hour 30 minutes')).toBeVisible()
    await user.clear(field)
    await user.type(field, '45')
    expect(screen.getByText('minutes')).toBeVisible()
  })

  it('loses nothing that was typed when saving fails', async () => {
    const { user } = await show('general', {
      'settings.update': () => {
        throw new Refusal('database_unavailable', 'The database cannot be used: full.')
      },
    })
    const field = await interval()
    await user.clear(field)
    await user.type(field, '45')
    await user.click(screen.getByRole('button', { name: 'Save changes' }))
    expect(await screen.findByText(/The database cannot be used: full/)).toBeVisible()
    expect(field).toHaveValue('45')
  })

  it('takes an override away', async () => {
    const { user, calls } = await show('general', {
      'settings.get': () => settings({ value: 45, source: 'override' }),
      'settings.update': () => settings(),
    })
    await user.click(await screen.findByRole('button', { name: 'Set back: Check fail2ban every' }))
    expect(calls.at(-1)).toBe('settings.update {"probeIntervalSeconds":null}')
    await waitFor(async () => expect(await interval()).toHaveValue('30'))
  })

  it('says why the settings could not be loaded, and tries again', async () => {
    let failing = true
    const { user } = await show('general', {
      'settings.get': () => {
        if (failing) throw new Refusal('database_unavailable', 'The database cannot be used.')
        return settings()
      },
    })
    const retry = await screen.findByRole('button', { name: 'Try again' })
    failing = false
    await user.click(retry)
    expect(await interval()).toHaveValue('30')
  })
})

describe('where addresses are', () => {
  it('says which file tells it, and why not the other', async () => {
    await show('general', {})
    expect(await screen.findByText('The database that comes with BanGUI')).toBeVisible()
    expect(screen.getByText(/own\.mmdb cannot be used: there is no such file/)).toBeVisible()
  })

  it('says to whom addresses are sent before that is switched on', async () => {
    const service = {
      key: 'geoServiceEnabled',
      variable: null,
      value: false,
      source: 'default',
      runtime: true,
    }
    const { user, calls } = await show('general', {
      'settings.get': () => [...settings(), service],
      'settings.update': () => [...settings(), { ...service, value: true, source: 'override' }],
    })
    const field = await screen.findByRole('switch', { name: /Ask a service on the internet/ })
    expect(field).toHaveAccessibleDescription(/third party.*plain HTTP/)
    await user.click(field)
    await user.click(screen.getByRole('button', { name: 'Save changes' }))
    await waitFor(() => expect(calls).toContain('settings.update {"geoServiceEnabled":true}'))
  })
})

describe('the connection', () => {
  it('shows each value with its variable and where it comes from, and nothing to change it', async () => {
    await show('fail2ban', {})
    const row = await screen.findByRole('row', { name: /BANGUI_FAIL2BAN_SOCKET/ })
    expect(row).toHaveTextContent('/run/f2b.sock')
    expect(row).toHaveTextContent('Environment')
    expect(screen.queryByRole('textbox')).toBeNull()
  })

  it('says in words what a value means, and a command as it would be typed', async () => {
    const fixed = { source: 'default', runtime: false } as const
    const start = { key: 'fail2banStartCommand', variable: 'BANGUI_FAIL2BAN_START_COMMAND' }
    await show('fail2ban', {
      'settings.get': () => [
        { ...fixed, ...start, value: '["systemctl","start","fail2ban"]' },
        { ...fixed, key: 'configWrite', variable: 'BANGUI_CONFIG_WRITE', value: 'off' },
        { ...fixed, key: 'fail2banClient', variable: 'BANGUI_FAIL2BAN_CLIENT', value: null },
      ],
    })
    const row = (name: RegExp) => screen.findByRole('row', { name })
    expect(await row(/START_COMMAND/)).toHaveTextContent('systemctl start fail2ban')
    expect(await row(/CONFIG_WRITE/)).toHaveTextContent('Nothing')
    expect(await row(/FAIL2BAN_CLIENT/)).toHaveTextContent('not set')
  })
})

describe('controlling fail2ban', () => {
  it('names the consequence before it stops', async () => {
    const runtime = runtimeOf({ serverStatus: statusOf({ activeJails: 9, currentlyBanned: 214 }) })
    const { user, calls } = await show('fail2ban', { 'server.stop': () => offlineStatus }, { runtime })
    await user.click(await screen.findByRole('button', { name: 'Stop fail2ban' }))
    const dialog = await screen.findByRole('alertdialog', { name: 'Stop fail2ban?' })
    expect(dialog).toHaveTextContent('9 jails stop and 214 bans are lifted')
    expect(calls).not.toContain('server.stop')
    await user.click(within(dialog).getByRole('button', { name: 'Stop fail2ban' }))
    await waitFor(() => expect(calls).toContain('server.stop'))
  })

  it('stops nothing when one thinks better of it', async () => {
    const { user, calls } = await show('fail2ban', {})
    await user.click(await screen.findByRole('button', { name: 'Restart fail2ban' }))
    await user.click(within(await screen.findByRole('alertdialog')).getByRole('button', { name: 'Cancel' }))
    await waitFor(() => expect(screen.queryByRole('alertdialog')).toBeNull())
    expect(calls.filter((call) => call.startsWith('server.'))).toEqual([])
  })

  it('says why a reload was refused', async () => {
    const { user } = await show('fail2ban', {
      'server.reload': () => {
        throw new Refusal('config_refused', 'fail2ban would not take this configuration: no filter x')
      },
    })
    await user.click(await screen.findByRole('button', { name: 'Reload fail2ban' }))
    expect(await screen.findByRole('alert')).toHaveTextContent('no filter x')
  })

  it('offers what makes sense: start when it is down, the rest when it is up', async () => {
    await show('fail2ban', {}, { runtime: runtimeOf({ serverStatus: offlineStatus }) })
    expect(await screen.findByRole('button', { name: 'Start fail2ban' })).not.toHaveAttribute('aria-disabled')
    expect(screen.getByRole('button', { name: 'Stop fail2ban' })).toHaveAttribute('aria-disabled', 'true')
  })
})

describe('the account', () => {
  const session = (id: string, current: boolean) => ({
    id,
    current,
    createdAt: T0,
    lastSeenAt: T0,
    expiresAt: T0,
    remoteAddress: '192.0.2.7',
    userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:1) Gecko Firefox/140.0',
  })

  it('marks this device and ends another session', async () => {
    let sessions = [session('1', true), session('2', false)]
    const { user, calls } = await show('account', {
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

  it('says at its field that the current password is not right', async () => {
    const { user } = await show('account', {
      'auth.sessions': () => [session('1', true)],
      'auth.changePassword': () => {
        throw new Refusal('password_wrong', 'The current password is not right.')
      },
    })
    await user.type(screen.getByLabelText('Current password'), 'wrong')
    await user.type(screen.getByLabelText('New password'), 'a long enough one')
    await user.click(screen.getByRole('button', { name: 'Change password' }))
    await waitFor(() =>
      expect(screen.getByLabelText('Current password')).toHaveAccessibleDescription(
        'The current password is not right.',
      ),
    )
    await waitFor(() => expect(screen.getByLabelText('Current password')).toHaveFocus())
    expect(screen.getByLabelText('New password')).toHaveValue('a long enough one')
  })
})

describe('the system', () => {
  const jobs = [
    {
      name: 'health_check',
      everySeconds: 30,
      running: false,
      lastRun: { startedAt: T0, durationMs: 12, ok: false, message: 'too slow' },
    },
  ]

  it('shows the jobs and runs one now', async () => {
    const { user, calls } = await show('system', {
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
