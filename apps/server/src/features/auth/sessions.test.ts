import { insertUser } from '@bangui/db'
import type { RuntimeSettings } from '@bangui/shared'
import { describe, expect, it, vi } from 'vitest'
import { createTestDeps } from '../../../test/create-test-deps.ts'
import { createSessions } from './sessions.ts'
import { hashToken } from './session-token.ts'

const MINUTE = 60_000
const DAY = 86_400_000

async function create(settings: Partial<RuntimeSettings> = {}) {
  const test = await createTestDeps()
  const { database, appState } = test.deps
  const change = (over: Partial<RuntimeSettings>) =>
    appState.update((current) => ({ ...current, runtimeSettings: { ...current.runtimeSettings, ...over } }))
  await change(settings)
  const user = await insertUser(database.db, { name: 'Ada', passwordHash: 'x', role: 'operator', now: 0 })
  const open = async () =>
    test.deps.sessions.open({ userId: user!.id, remoteAddress: '192.0.2.1', userAgent: 'a browser' })
  return { ...test, sessions: test.deps.sessions, userId: user!.id, change, open }
}

// with each cache: what holds must hold with and without one
const caches = [
  ['with the cache', { sessionCacheEnabled: true, sessionCacheTtlSeconds: 3600 }],
  ['without a cache', { sessionCacheEnabled: false }],
] as const

describe.each(caches)('a session %s', (_title, settings) => {
  it('is found by its token, and by nothing else', async () => {
    await using test = await create(settings)
    const { id, token } = await test.open()
    const session = await test.sessions.authenticate(token)
    expect(session).toMatchObject({
      id,
      userId: test.userId,
      userName: 'Ada',
      role: 'operator',
      remoteAddress: '192.0.2.1',
    })
    for (const other of [
      '',
      'x',
      'A'.repeat(43),
      token.slice(1),
      `${token} `,
      hashToken(token).toString('base64url'),
    ]) {
      expect(await test.sessions.authenticate(other)).toBeNull()
    }
  })

  it('that ends is over for the next request, and its streams with it', async () => {
    await using test = await create(settings)
    const { id, token } = await test.open()
    const stream = test.deps.streams.open(id, undefined)
    expect(await test.sessions.authenticate(token)).not.toBeNull()
    expect(await test.sessions.end(id)).toBe(true)
    expect(await test.sessions.authenticate(token)).toBeNull()
    expect(stream.aborted).toBe(true)
    expect(await test.sessions.end(id)).toBe(false)
  })

  it('ends with all others of its user but the one that stays', async () => {
    await using test = await create(settings)
    const [one, two, kept] = [await test.open(), await test.open(), await test.open()]
    for (const { token } of [one, two, kept]) await test.sessions.authenticate(token)
    const streams = [one, two, kept].map(({ id }) => test.deps.streams.open(id, undefined))
    expect(await test.sessions.endAll(test.userId, kept.id)).toBe(2)
    expect(await test.sessions.authenticate(one.token)).toBeNull()
    expect(await test.sessions.authenticate(two.token)).toBeNull()
    expect(await test.sessions.authenticate(kept.token)).not.toBeNull()
    expect(streams.map((stream) => stream.aborted)).toEqual([true, true, false])
  })

  it('ends when it was not used for the idle limit, which is read at each use', async () => {
    await using test = await create({ ...settings, sessionIdleMinutes: 10 })
    const { token } = await test.open()
    test.time.now += 10 * MINUTE - 1
    expect(await test.sessions.authenticate(token)).not.toBeNull()
    test.time.now += 1
    expect(await test.sessions.authenticate(token)).toBeNull()
    await test.change({ sessionIdleMinutes: 60 })
    expect(await test.sessions.authenticate(token)).not.toBeNull()
    await test.change({ sessionIdleMinutes: 5 })
    expect(await test.sessions.authenticate(token)).toBeNull()
  })

  it('ends at the absolute limit however much it is used', async () => {
    await using test = await create({ ...settings, sessionMaxDays: 2 })
    const { token } = await test.open()
    for (let day = 0; day < 2; day += 1) {
      const session = await test.sessions.authenticate(token)
      await test.sessions.touch(token, session!)
      test.time.now += DAY
    }
    expect(await test.sessions.authenticate(token)).toBeNull()
  })

  it('stays while it is used within the idle limit', async () => {
    await using test = await create({ ...settings, sessionIdleMinutes: 10 })
    const { token } = await test.open()
    for (let step = 0; step < 5; step += 1) {
      test.time.now += 9 * MINUTE
      const session = await test.sessions.authenticate(token)
      expect(session).not.toBeNull()
      await test.sessions.touch(token, session!)
    }
  })

  it('that ended while its use was noted does not come back', async () => {
    await using test = await create(settings)
    const { id, token } = await test.open()
    const session = await test.sessions.authenticate(token)
    test.time.now += 2 * MINUTE
    await Promise.all([
      test.sessions.touch(token, session!),
      test.sessions.authenticate(token),
      test.sessions.end(id),
    ])
    expect(await test.sessions.authenticate(token)).toBeNull()
  })
})

describe('the cache', () => {
  it('answers without the database until its time is over', async () => {
    await using test = await create({ sessionCacheTtlSeconds: 10 })
    const { token } = await test.open()
    expect(await test.sessions.authenticate(token)).not.toBeNull()
    await test.deps.database.close()
    expect(await test.sessions.authenticate(token)).not.toBeNull()
    test.time.now += 10_000
    await expect(test.sessions.authenticate(token)).rejects.toThrow(/not open|closed|destroyed/)
  })

  it('is not asked where it is switched off', async () => {
    await using test = await create({ sessionCacheTtlSeconds: 0 })
    const { token } = await test.open()
    expect(await test.sessions.authenticate(token)).not.toBeNull()
    await test.deps.database.close()
    await expect(test.sessions.authenticate(token)).rejects.toThrow(/not open|closed|destroyed/)
  })

  it('is swapped when the settings change, and says so', async () => {
    await using test = await create()
    const updates = () =>
      test.lines
        .filter(({ event }) => event === 'session_cache_updated')
        .map(({ level, cacheType }) => [level, cacheType])
    await vi.waitFor(() => expect(updates()).toEqual([['debug', 'memory']]))
    await test.change({ sessionCacheEnabled: false })
    await vi.waitFor(() => expect(updates().at(-1)).toEqual(['debug', 'none']))
    await test.change({ probeIntervalSeconds: 7 })
    await test.change({ sessionCacheEnabled: true, sessionCacheTtlSeconds: 0 })
    await test.change({ sessionCacheTtlSeconds: 5 })
    await vi.waitFor(() => expect(updates().at(-1)).toEqual(['debug', 'memory']))
    expect(updates()).toHaveLength(3)
  })
})

describe('a session that is ended while it is looked up', () => {
  it('is not remembered by the cache', async () => {
    await using test = await create({ sessionCacheEnabled: true, sessionCacheTtlSeconds: 3600 })
    const gate = Promise.withResolvers<void>()
    let looking = false
    const slow = test.deps.database.db.withPlugin({
      transformQuery: ({ node }) => node,
      async transformResult({ result }) {
        if (!looking) {
          looking = true
          await gate.promise
        }
        return result
      },
    })
    const { appState, streams, clock, log, database } = test.deps
    const sessions = createSessions({ database: { ...database, db: slow }, appState, streams, clock, log })
    const { id, token } = await test.open()
    const found = sessions.authenticate(token)
    await vi.waitFor(() => expect(looking).toBe(true))
    await sessions.end(id)
    gate.resolve()
    await found
    expect(await sessions.authenticate(token)).toBeNull()
    sessions.close()
  })
})

describe('an absolute limit that is lowered', () => {
  it('holds for the sessions that are there', async () => {
    await using test = await create({ sessionIdleMinutes: 43_200 })
    const { token } = await test.open()
    test.time.now += 2 * DAY
    expect(await test.sessions.authenticate(token)).not.toBeNull()
    await test.change({ sessionMaxDays: 1 })
    expect(await test.sessions.authenticate(token)).toBeNull()
  })
})

describe('what is stored', () => {
  it('is the hash of the token, not the token', async () => {
    await using test = await create()
    const { token } = await test.open()
    expect(token).toMatch(/^[\w-]{43}$/)
    expect(hashToken(token)).toHaveLength(32)
    expect(JSON.stringify(await test.sessions.list(test.userId))).not.toContain(token)
  })

  it('is forgotten when it is over', async () => {
    await using test = await create({ sessionIdleMinutes: 10 })
    await test.open()
    test.time.now += 11 * MINUTE
    await test.open()
    expect(await test.sessions.list(test.userId)).toHaveLength(1)
    expect(await test.sessions.deleteExpired()).toBe(1)
    expect(await test.sessions.deleteExpired()).toBe(0)
  })
})
