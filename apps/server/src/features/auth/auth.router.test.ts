import { describe, expect, it } from 'vitest'
import {
  admin,
  createAdmin,
  createTestDeps,
  createVisitor,
  refusalOf,
} from '../../../test/create-test-deps.ts'
import type { Deps } from '../../deps.ts'

const wrong = { username: 'Ada', password: 'not it' }

describe('auth.login', () => {
  it('begins a session', async () => {
    await using test = await createTestDeps()
    await createAdmin(test.deps)
    const visitor = createVisitor(test.deps)
    expect(await visitor.call((api) => api.auth.session())).toBeNull()
    const user = { name: 'Ada', role: 'admin' }
    expect(await visitor.call((api) => api.auth.login(admin))).toEqual({ user })
    expect(await visitor.call((api) => api.auth.session())).toEqual({ user })
  })

  it('takes the name in any case', async () => {
    await using test = await createTestDeps()
    await createAdmin(test.deps)
    const visitor = createVisitor(test.deps)
    await visitor.call((api) => api.auth.login({ ...admin, username: ' aDA ' }))
    expect(await visitor.session()).toMatchObject({ userName: 'Ada' })
  })

  it('refuses a wrong password and an unknown name alike, and logs both', async () => {
    await using test = await createTestDeps()
    await createAdmin(test.deps)
    const visitor = createVisitor(test.deps, { remoteAddress: '198.51.100.9' })
    const refusal = { code: 'UNAUTHORIZED', reason: 'login_failed', params: {} }
    expect(await refusalOf(visitor.call((api) => api.auth.login(wrong)))).toEqual(refusal)
    const unknown = { username: 'x'.repeat(200), password: 'y' }
    expect(await refusalOf(visitor.call((api) => api.auth.login(unknown)))).toEqual(refusal)
    expect(test.lines.filter(({ event }) => event === 'login_failed')).toEqual([
      { level: 'warn', event: 'login_failed', remoteAddress: '198.51.100.9', username: 'Ada' },
      { level: 'warn', event: 'login_failed', remoteAddress: '198.51.100.9', username: 'x'.repeat(64) },
    ])
    expect(visitor.cookies).toEqual({})
  })

  it('ends the session that the browser had before', async () => {
    await using test = await createTestDeps()
    const visitor = await createAdmin(test.deps)
    const before = visitor.cookies['bangui_session']!
    await visitor.call((api) => api.auth.login(admin))
    expect(visitor.cookies['bangui_session']).not.toBe(before)
    expect(await test.deps.sessions.authenticate(before)).toBeNull()
  })

  it('slows who fails, telling how long to wait, and lets them in afterwards', async () => {
    await using test = await createTestDeps()
    await createAdmin(test.deps)
    const stranger = createVisitor(test.deps, { remoteAddress: '198.51.100.9' })
    for (let attempt = 0; attempt < 3; attempt += 1) {
      expect(await refusalOf(stranger.call((api) => api.auth.login(wrong)))).toMatchObject({
        reason: 'login_failed',
      })
    }
    const throttled = { code: 'TOO_MANY_REQUESTS', reason: 'login_throttled', params: { seconds: 1 } }
    // even with the right password: a guess that hits must not be told from one that does not
    expect(await refusalOf(stranger.call((api) => api.auth.login(admin)))).toEqual(throttled)
    test.time.now += 1000
    await stranger.call((api) => api.auth.login(admin))
    expect(await stranger.session()).not.toBeNull()
  })

  it('slows the whole /64 of an IPv6 address', async () => {
    await using test = await createTestDeps()
    await createAdmin(test.deps)
    const login = (remoteAddress: string, username: string) =>
      refusalOf(
        createVisitor(test.deps, { remoteAddress }).call((api) =>
          api.auth.login({ username, password: 'x' }),
        ),
      )
    for (const name of ['a', 'b', 'c']) await login(`2001:db8::${name}`, name)
    expect(await login('2001:db8::1:2:3:4', 'd')).toMatchObject({ reason: 'login_throttled' })
    expect(await login('2001:db8:0:1::1', 'e')).toMatchObject({ reason: 'login_failed' })
  })

  it('never slows an address that signed in before, however its account is attacked', async () => {
    await using test = await createTestDeps()
    await createAdmin(test.deps, { remoteAddress: '192.0.2.1' })
    for (let host = 0; host < 20; host += 1) {
      const attacker = createVisitor(test.deps, { remoteAddress: `198.51.100.${host}` })
      await refusalOf(attacker.call((api) => api.auth.login(wrong)))
    }
    const elsewhere = createVisitor(test.deps, { remoteAddress: '203.0.113.1' })
    expect(await refusalOf(elsewhere.call((api) => api.auth.login(admin)))).toMatchObject({
      reason: 'login_throttled',
    })
    const atHome = createVisitor(test.deps, { remoteAddress: '192.0.2.1' })
    for (let attempt = 0; attempt < 6; attempt += 1) {
      expect(await refusalOf(atHome.call((api) => api.auth.login(wrong)))).toMatchObject({
        reason: 'login_failed',
      })
    }
    await atHome.call((api) => api.auth.login(admin))
    expect(await atHome.session()).not.toBeNull()
  })

  it('never slows a device that signed in before', async () => {
    await using test = await createTestDeps()
    const visitor = await createAdmin(test.deps, { remoteAddress: '192.0.2.1' })
    const elsewhere = createVisitor(test.deps, { remoteAddress: '203.0.113.1' })
    elsewhere.cookies['bangui_device'] = visitor.cookies['bangui_device']!
    for (let attempt = 0; attempt < 6; attempt += 1)
      await refusalOf(elsewhere.call((api) => api.auth.login(wrong)))
    await elsewhere.call((api) => api.auth.login(admin))
    expect(await elsewhere.session()).not.toBeNull()
  })

  it('slows an address that a proxy shares among everybody', async () => {
    await using test = await createTestDeps()
    const shared = { remoteAddress: '127.0.0.1', sharedAddress: true }
    await createAdmin(test.deps, shared)
    for (let attempt = 0; attempt < 3; attempt += 1) {
      await refusalOf(createVisitor(test.deps, shared).call((api) => api.auth.login(wrong)))
    }
    const next = createVisitor(test.deps, shared)
    expect(await refusalOf(next.call((api) => api.auth.login(wrong)))).toMatchObject({
      reason: 'login_throttled',
    })
  })

  it('does not run more than it should in a flood', async () => {
    await using test = await createTestDeps()
    await createAdmin(test.deps)
    const flood = Array.from({ length: 300 }, () =>
      refusalOf(
        createVisitor(test.deps, { remoteAddress: '198.51.100.9' }).call((api) => api.auth.login(wrong)),
      ),
    )
    const reasons = (await Promise.all(flood)).map(({ reason }) => reason)
    expect(reasons.filter((reason) => reason === 'login_failed')).toHaveLength(3)
    expect(reasons.filter((reason) => reason === 'login_throttled')).toHaveLength(297)
  })
})

describe('auth.logout', () => {
  it('ends the session and takes its cookie', async () => {
    await using test = await createTestDeps()
    const visitor = await createAdmin(test.deps)
    const token = visitor.cookies['bangui_session']!
    await visitor.call((api) => api.auth.logout())
    expect(visitor.cookies['bangui_session']).toBeUndefined()
    expect(await test.deps.sessions.authenticate(token)).toBeNull()
    expect(await refusalOf(visitor.call((api) => api.auth.sessions()))).toMatchObject({
      reason: 'no_session',
    })
  })
})

describe('auth.changePassword', () => {
  const change = { current: admin.password, password: 'another good one' }

  it('ends every session, and goes on with a new one here', async () => {
    await using test = await createTestDeps()
    const here = await createAdmin(test.deps)
    const there = createVisitor(test.deps)
    await there.call((api) => api.auth.login(admin))
    const before = here.cookies['bangui_session']!
    const streams = [await here.session(), await there.session()].map((session) =>
      test.deps.streams.open(session!.id, undefined),
    )
    await here.call((api) => api.auth.changePassword(change))
    expect(await test.deps.sessions.authenticate(before)).toBeNull()
    expect(await there.session()).toBeNull()
    expect(streams.map((stream) => stream.aborted)).toEqual([true, true])
    expect(await here.session()).toMatchObject({ userName: 'Ada' })
    expect(await refusalOf(there.call((api) => api.auth.login(admin)))).toMatchObject({
      reason: 'login_failed',
    })
    await there.call((api) => api.auth.login({ ...admin, password: change.password }))
    expect(await there.session()).not.toBeNull()
  })

  it('leaves no session to a sign-in with the old password that was under way', async () => {
    await using test = await createTestDeps()
    const here = await createAdmin(test.deps)
    const checked = Promise.withResolvers<void>()
    const goOn = Promise.withResolvers<void>()
    const slow: Deps['passwords'] = {
      hash: test.deps.passwords.hash,
      async verify(...given) {
        const right = await test.deps.passwords.verify(...given)
        checked.resolve()
        await goOn.promise
        return right
      },
    }
    const thief = createVisitor({ ...test.deps, passwords: slow })
    const refused = refusalOf(thief.call((api) => api.auth.login(admin)))
    await checked.promise
    await here.call((api) => api.auth.changePassword(change))
    goOn.resolve()
    expect(await refused).toMatchObject({ code: 'UNAUTHORIZED', reason: 'login_failed' })
    expect(thief.cookies).toEqual({})
    expect(await here.call((api) => api.auth.sessions())).toHaveLength(1)
  })

  it('needs the current password', async () => {
    await using test = await createTestDeps()
    const visitor = await createAdmin(test.deps)
    const refusal = await refusalOf(
      visitor.call((api) => api.auth.changePassword({ ...change, current: 'no' })),
    )
    expect(refusal).toMatchObject({ code: 'FORBIDDEN', reason: 'password_wrong' })
    expect(await visitor.session()).not.toBeNull()
  })

  it('slows who guesses it with a stolen session', async () => {
    await using test = await createTestDeps()
    const visitor = await createAdmin(test.deps)
    const guess = () =>
      refusalOf(visitor.call((api) => api.auth.changePassword({ ...change, current: 'no' })))
    for (let attempt = 0; attempt < 3; attempt += 1) await guess()
    expect(await guess()).toMatchObject({ reason: 'login_throttled' })
  })
})

describe('sessions', () => {
  it('are listed with the one of the caller marked', async () => {
    await using test = await createTestDeps()
    const here = await createAdmin(test.deps)
    await createVisitor(test.deps, { remoteAddress: '203.0.113.1' }).call((api) => api.auth.login(admin))
    const sessions = await here.call((api) => api.auth.sessions())
    expect(sessions.map(({ remoteAddress, current }) => [remoteAddress, current])).toEqual([
      ['203.0.113.1', false],
      ['192.0.2.1', true],
    ])
  })

  it('are ended one by one or all but the own', async () => {
    await using test = await createTestDeps()
    const here = await createAdmin(test.deps)
    const others = [createVisitor(test.deps), createVisitor(test.deps), createVisitor(test.deps)]
    for (const other of others) await other.call((api) => api.auth.login(admin))
    const { id } = (await others[0]!.session())!
    await here.call((api) => api.auth.endSession({ id }))
    expect(await others[0]!.session()).toBeNull()
    expect(await others[1]!.session()).not.toBeNull()
    expect(await here.call((api) => api.auth.endOtherSessions())).toEqual({ ended: 2 })
    expect(await others[1]!.session()).toBeNull()
    expect(await here.session()).not.toBeNull()
  })

  it('of nobody, or of somebody else, cannot be ended', async () => {
    await using test = await createTestDeps()
    const here = await createAdmin(test.deps)
    for (const id of ['999', 'x', '1e0', '']) {
      expect(await refusalOf(here.call((api) => api.auth.endSession({ id })))).toMatchObject({
        reason: 'not_found',
      })
    }
    expect(await here.session()).not.toBeNull()
  })
})
