import { screen, waitFor } from '@solidjs/testing-library'
import { describe, expect, it } from 'vitest'
import { Refusal } from '../../../test/fake-api.ts'
import { settingsOf, showSettings } from '../../../test/settings-page.tsx'

const interval = () => screen.findByRole('textbox', { name: 'Check fail2ban every' })

describe('runtime settings', () => {
  it('saves only what was changed', async () => {
    const { user, calls } = await showSettings('general', {
      'settings.update': () => settingsOf({ value: 45, source: 'override' }),
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
    'refuses %j before it is sent, and shows what is allowed',
    async (text) => {
      const { user, calls } = await showSettings('general', {})
      const field = await interval()
      await user.clear(field)
      if (text !== '') await user.type(field, text)
      await user.click(screen.getByRole('button', { name: 'Save changes' }))
      expect(field).toBeInvalid()
      expect(field).toHaveAccessibleDescription(/A whole number from 1 to 3600/)
      expect(calls).not.toContainEqual(expect.stringContaining('settings.update'))
    },
  )

  it('shows a long time in a larger unit', async () => {
    const { user } = await showSettings('general', {})
    const field = await screen.findByRole('textbox', { name: 'Sign out after inactivity' })
    expect(screen.getByText('minutes = 7 days')).toBeVisible()
    await user.clear(field)
    await user.type(field, '90')
    expect(screen.getByText('minutes = 1 hour 30 minutes')).toBeVisible()
    await user.clear(field)
    await user.type(field, '45')
    expect(screen.getByText('minutes')).toBeVisible()
  })

  it('keeps what was typed when saving fails', async () => {
    const { user } = await showSettings('general', {
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

  it('removes an override', async () => {
    const { user, calls } = await showSettings('general', {
      'settings.get': () => settingsOf({ value: 45, source: 'override' }),
      'settings.update': () => settingsOf(),
    })
    await user.click(await screen.findByRole('button', { name: 'Reset: Check fail2ban every' }))
    expect(calls.at(-1)).toBe('settings.update {"probeIntervalSeconds":null}')
    await waitFor(async () => expect(await interval()).toHaveValue('30'))
  })

  it('shows why the settings could not be loaded, and tries again', async () => {
    let failing = true
    const { user } = await showSettings('general', {
      'settings.get': () => {
        if (failing) throw new Refusal('database_unavailable', 'The database cannot be used.')
        return settingsOf()
      },
    })
    const retry = await screen.findByRole('button', { name: 'Try again' })
    failing = false
    await user.click(retry)
    expect(await interval()).toHaveValue('30')
  })
})

describe('the card of the country lookup', () => {
  it('shows which file is used, and why not the other one', async () => {
    await showSettings('general', {})
    expect(await screen.findByText('The database that comes with BanGUI')).toBeVisible()
    expect(screen.getByText(/own\.mmdb cannot be used: there is no such file/)).toBeVisible()
  })

  it('says where addresses are sent before online lookup is switched on', async () => {
    const service = {
      key: 'geoServiceEnabled',
      variable: null,
      value: false,
      source: 'default',
      runtime: true,
    }
    const { user, calls } = await showSettings('general', {
      'settings.get': () => [...settingsOf(), service],
      'settings.update': () => [...settingsOf(), { ...service, value: true, source: 'override' }],
    })
    const field = await screen.findByRole('switch', { name: /Look up countries online/ })
    expect(field).toHaveAccessibleDescription(/third party.*plain HTTP/)
    await user.click(field)
    await user.click(screen.getByRole('button', { name: 'Save changes' }))
    await waitFor(() => expect(calls).toContain('settings.update {"geoServiceEnabled":true}'))
  })
})

describe('the card of the connection', () => {
  it('shows each value with its variable and its source, read-only', async () => {
    await showSettings('fail2ban', {})
    const row = await screen.findByRole('row', { name: /BANGUI_FAIL2BAN_SOCKET/ })
    expect(row).toHaveTextContent('/run/f2b.sock')
    expect(row).toHaveTextContent('Environment')
    expect(screen.queryByRole('textbox')).toBeNull()
  })

  it('shows the meaning of a value in words, and a command as it would be typed', async () => {
    const fixed = { source: 'default', runtime: false } as const
    const start = { key: 'fail2banStartCommand', variable: 'BANGUI_FAIL2BAN_START_COMMAND' }
    await showSettings('fail2ban', {
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
