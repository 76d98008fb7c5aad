import { insertUser, setSetting } from '@bangui/db'
import { SettingInfo } from '@bangui/shared'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { createAdmin, createTestDeps, createVisitor, refusalOf } from '../../../test/create-test-deps.ts'
import { loadEffectiveSettings } from './effective-settings.ts'

describe('settings.get', () => {
  it('returns each value with its source', async () => {
    await using test = await createTestDeps({ BANGUI_LOG_LEVEL: 'warn', BANGUI_PROBE_INTERVAL_SECONDS: '20' })
    const visitor = await createAdmin(test.deps)
    await visitor.call((api) => api.settings.update({ sessionMaxDays: 3 }))
    const infos = await visitor.call((api) => api.settings.get())
    expect(z.array(SettingInfo).parse(infos)).toEqual(infos)
    const byKey = Object.fromEntries(infos.map((info) => [info.key, info]))
    expect(byKey['logLevel']).toEqual({
      key: 'logLevel',
      variable: 'BANGUI_LOG_LEVEL',
      value: 'warn',
      source: 'environment',
      runtime: false,
    })
    expect(byKey['probeIntervalSeconds']).toMatchObject({ value: 20, source: 'environment', runtime: true })
    expect(byKey['sessionMaxDays']).toMatchObject({ value: 3, source: 'override', runtime: true })
    expect(byKey['port']).toMatchObject({ value: 8080, source: 'default', runtime: false })
    expect(byKey['publicUrl']).toMatchObject({ value: null, source: 'default' })
    expect(byKey['logDirs']).toMatchObject({ value: '/var/log' })
  })

  it('returns no secret', async () => {
    await using test = await createTestDeps({
      BANGUI_ADMIN_USERNAME: 'root',
      BANGUI_ADMIN_PASSWORD: 'correct horse',
      BANGUI_GEO_SERVICE_URL: 'https://geo.example.org/batch?key=s3cret',
      BANGUI_SECRET_KEY: 's3cret s3cret s3cret s3cret s3cret',
    })
    const visitor = await createAdmin(test.deps)
    const infos = await visitor.call((api) => api.settings.get())
    expect(JSON.stringify(infos)).not.toMatch(/correct horse|s3cret/)
    expect(infos.find(({ key }) => key === 'geoServiceUrl')?.value).toBe('https://geo.example.org/batch')
  })
})

describe('settings.update', () => {
  it('applies an override as a whole, and removes it again', async () => {
    await using test = await createTestDeps()
    const visitor = await createAdmin(test.deps)
    const before = test.appState.get().runtimeSettings
    await visitor.call((api) => api.settings.update({ probeIntervalSeconds: 5, sessionCacheEnabled: false }))
    expect(test.appState.get().runtimeSettings).toEqual({
      ...before,
      probeIntervalSeconds: 5,
      sessionCacheEnabled: false,
    })
    expect(before.probeIntervalSeconds).toBe(30)
    const infos = await visitor.call((api) => api.settings.update({ probeIntervalSeconds: null }))
    expect(test.appState.get().runtimeSettings).toEqual({ ...before, sessionCacheEnabled: false })
    expect(infos.find(({ key }) => key === 'probeIntervalSeconds')).toMatchObject({
      value: 30,
      source: 'default',
    })
  })

  it('lasts', async () => {
    await using test = await createTestDeps()
    const visitor = await createAdmin(test.deps)
    await visitor.call((api) => api.settings.update({ sessionIdleMinutes: 42 }))
    const { database, config, log } = test.deps
    expect(await loadEffectiveSettings(database.db, config, log)).toMatchObject({ sessionIdleMinutes: 42 })
  })

  it.each([
    ['out of bounds', { probeIntervalSeconds: 0 }],
    ['of the wrong type', { sessionCacheEnabled: 'yes' }],
    ['never changed at runtime', { fail2banStartCommand: ['sh', '-c', 'id'] }],
    ['valid beside one that is not', { sessionMaxDays: 3, port: 1 }],
  ])('refuses what is %s', async (_title, input) => {
    await using test = await createTestDeps()
    const visitor = await createAdmin(test.deps)
    const before = test.appState.get().runtimeSettings
    const refusal = await refusalOf(visitor.call((api) => api.settings.update(input as object)))
    expect(refusal).toMatchObject({ code: 'BAD_REQUEST' })
    expect(test.appState.get().runtimeSettings).toEqual(before)
  })

  it('is for administrators', async () => {
    await using test = await createTestDeps()
    await createAdmin(test.deps)
    const { database, passwords, clock } = test.deps
    const passwordHash = await passwords.hash('correct horse')
    await insertUser(database.db, { name: 'Bob', passwordHash, role: 'operator', now: clock() })
    const bob = createVisitor(test.deps)
    await bob.call((api) => api.auth.login({ username: 'Bob', password: 'correct horse' }))
    expect(await bob.call((api) => api.settings.get())).not.toEqual([])
    const refusal = await refusalOf(bob.call((api) => api.settings.update({ sessionMaxDays: 3 })))
    expect(refusal).toMatchObject({ code: 'FORBIDDEN', reason: 'forbidden' })
  })
})

it('logs and ignores an override that cannot be used', async () => {
  await using test = await createTestDeps()
  const { database, config, log } = test.deps
  await setSetting(database.db, 'probeIntervalSeconds', { value: -1, now: 0 })
  expect(await loadEffectiveSettings(database.db, config, log)).toEqual(config.runtime)
  expect(test.lines).toContainEqual({ level: 'warn', event: 'setting_ignored', key: 'probeIntervalSeconds' })
})
