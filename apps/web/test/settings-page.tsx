import type { SettingInfo } from '@bangui/shared'
import { screen } from '@solidjs/testing-library'
import userEvent from '@testing-library/user-event'
import { SettingsPage } from '../src/features/settings/settings-page.tsx'
import type { Procedures } from './fake-api.ts'
import { T0 } from './fixtures.ts'
import { type PageOptions, renderPage } from './render-page.tsx'

/** The settings as the server returns them; `over` changes the first one. */
export const settingsOf = (over: Partial<SettingInfo> = {}): SettingInfo[] => [
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

/** Renders a part of the settings page. */
export async function showSettings(tab: string, procedures: Procedures, options: PageOptions = {}) {
  const page = renderPage(SettingsPage, {
    path: `/settings?tab=${tab}`,
    procedures: { 'settings.get': () => settingsOf(), 'geo.status': () => bundled, ...procedures },
    ...options,
  })
  await screen.findByRole('heading', { name: 'Settings' })
  return { ...page, user: userEvent.setup() }
}
