import { defaultRuntimeSettings } from '@bangui/shared'
import { expect, it } from 'vitest'
import { effectiveSettings } from './effective-settings.ts'

const effective = (overrides: Record<string, unknown>) =>
  effectiveSettings(defaultRuntimeSettings, new Map(Object.entries(overrides)))

it('is what the start gave where nothing overrides it', () => {
  expect(effective({})).toEqual({ settings: defaultRuntimeSettings, overridden: new Set(), unreadable: [] })
})

it('is the override where there is one', () => {
  const { settings, overridden } = effective({ probeIntervalSeconds: 5, sessionCacheEnabled: false })
  expect(settings).toEqual({ ...defaultRuntimeSettings, probeIntervalSeconds: 5, sessionCacheEnabled: false })
  expect([...overridden]).toEqual(['probeIntervalSeconds', 'sessionCacheEnabled'])
})

it('leaves out what is out of bounds or of the wrong type', () => {
  const { settings, overridden, unreadable } = effective({
    probeIntervalSeconds: 0,
    sessionCacheEnabled: 'yes',
    sessionCacheTtlSeconds: null,
    sessionIdleMinutes: 60,
  })
  expect(settings).toEqual({ ...defaultRuntimeSettings, sessionIdleMinutes: 60 })
  expect([...overridden]).toEqual(['sessionIdleMinutes'])
  expect(unreadable).toEqual(['probeIntervalSeconds', 'sessionCacheEnabled', 'sessionCacheTtlSeconds'])
})

it('takes no setting from the database that is not of the list', () => {
  const { settings } = effective({ fail2banStartCommand: ['sh'], host: '0.0.0.0', __proto__: {} })
  expect(settings).toEqual(defaultRuntimeSettings)
})
