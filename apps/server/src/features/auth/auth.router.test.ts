import { insertUser } from '@bangui/db'
import { describe, expect, it } from 'vitest'
import {
  admin,
  createAdmin,
  createTestDeps,
  createVisitor,
  refusalOf,
  type VisitorOptions,
} from '../../../test/create-test-deps.ts'
import type { Deps } from '../../deps.ts'
import { createPasswords } from './passwords.ts'

const wrong = { username: 'Ada', password: 'not it' }

/** One wrong password from a browser without cookies; how it was refused. */
const failFrom = (deps: Deps, source: VisitorOptions, username = wrong.username) =>
  refusalOf(createVisitor(deps, source).call((api) => api.auth.login({ ...wrong, username })))

async function failMany(deps: Deps, source: VisitorOptions, count: number) {
  const refusals: Awaited<ReturnType<typeof failFrom>>[] = []
  for (let attempt = 0; attempt < count; attempt += 1) refusals.push(await failFrom(deps, source))
  return refusals
}

/** A user with the administrator's password. */
async function addUser(deps: Deps, name: string): Promise<void> {
  const passwordHash = await deps.passwords.hash(admin.password)
  await insertUser(deps.database.db, { name, passwordHash, role: 'viewer', now: deps.clock() })
}

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

  it('tells of a sign-in from a new place and of failed ones, but not of the first one and of known places', async () => {
    await using test = await createTestDeps()
    await addUser(test.deps, 'Bob')
    const notes: unknown[] = []
    test.deps.signInLog.listen(({ how, user, address }) => notes.push([how, user, address]))
    const bob = { ...admin, username: 'bob' }
    const office = createVisitor(test.deps, { remoteAddress: '198.51.100.9' })
    await office.call((api) => api.auth.login(bob))
    await office.call((api) => api.auth.login(bob))
    await createVisitor(test.deps, { remoteAddress: '198.51.100.9' }).call((api) => api.auth.login(bob))
    expect(notes).toEqual([])
    const elsewhere = createVisitor(test.deps, { remoteAddress: '203.0.113.9' })
    await refusalOf(elsewhere.call((api) => api.auth.login({ ...wrong, username: 'bob' })))
    await elsewhere.call((api) => api.auth.login(bob))
    expect(notes).toEqual([
      ['failed', 'bob', '203.0.113.9'],
      ['new_place', 'Bob', '203.0.113.9'],
    ])
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

  it('lets a known address in while its account is attacked from elsewhere', async () => {
    await using test = await createTestDeps()
    await createAdmin(test.deps, { remoteAddress: '192.0.2.1' })
    for (let host = 0; host < 20; host += 1)
      await failFrom(test.deps, { remoteAddress: `198.51.100.${host}` })
    const elsewhere = createVisitor(test.deps, { remoteAddress: '203.0.113.1' })
    expect(await refusalOf(elsewhere.call((api) => api.auth.login(admin)))).toMatchObject({
      reason: 'login_throttled',
    })
    const atHome = createVisitor(test.deps, { remoteAddress: '192.0.2.1' })
    await atHome.call((api) => api.auth.login(admin))
    expect(await atHome.session()).not.toBeNull()
  })

  it('slows down guesses from a known address, but never by more than five seconds', async () => {
    await using test = await createTestDeps()
    await createAdmin(test.deps, { remoteAddress: '192.0.2.1' })
    const refusals = await failMany(test.deps, { remoteAddress: '192.0.2.1' }, 300)
    expect(refusals.filter(({ reason }) => reason === 'login_failed')).toHaveLength(5)
    expect(refusals.at(-1)).toMatchObject({ reason: 'login_throttled', params: { seconds: 1 } })
    for (let attempt = 0; attempt < 20; attempt += 1) {
      test.time.now += 5_000
      expect(await failFrom(test.deps, { remoteAddress: '192.0.2.1' })).toMatchObject({
        reason: 'login_failed',
      })
    }
    test.time.now += 5_000
    const owner = createVisitor(test.deps, { remoteAddress: '192.0.2.1' })
    await owner.call((api) => api.auth.login(admin))
    expect(await owner.session()).not.toBeNull()
  })

  it('slows down guesses from a known device, apart from those at its address', async () => {
    await using test = await createTestDeps()
    const visitor = await createAdmin(test.deps, { remoteAddress: '192.0.2.1' })
    await failMany(test.deps, { remoteAddress: '192.0.2.1' }, 20)
    const withDevice = createVisitor(test.deps, { remoteAddress: '192.0.2.1' })
    withDevice.cookies['bangui_device'] = visitor.cookies['bangui_device']!
    const guess = () => refusalOf(withDevice.call((api) => api.auth.login(wrong)))
    for (let attempt = 0; attempt < 5; attempt += 1)
      expect(await guess()).toMatchObject({ reason: 'login_failed' })
    expect(await guess()).toMatchObject({ reason: 'login_throttled', params: { seconds: 1 } })
    test.time.now += 1_000
    await withDevice.call((api) => api.auth.login(admin))
    expect(await withDevice.session()).not.toBeNull()
  })

  it('knows an address and a device for the user who signed in there, and for nobody else', async () => {
    await using test = await createTestDeps()
    const ada = await createAdmin(test.deps, { remoteAddress: '192.0.2.1' })
    await addUser(test.deps, 'Ben')
    const atAdas = createVisitor(test.deps, { remoteAddress: '192.0.2.1' })
    atAdas.cookies['bangui_device'] = ada.cookies['bangui_device']!
    const guess = () => refusalOf(atAdas.call((api) => api.auth.login({ username: 'Ben', password: 'x' })))
    const reasons: unknown[] = []
    for (let attempt = 0; attempt < 4; attempt += 1) reasons.push((await guess()).reason)
    expect(reasons).toEqual(['login_failed', 'login_failed', 'login_failed', 'login_throttled'])
  })

  it('bounds the guesses at all accounts that know one address together', async () => {
    await using test = await createTestDeps()
    const office = { remoteAddress: '192.0.2.1' }
    await createAdmin(test.deps, office)
    const names = Array.from({ length: 12 }, (_, index) => `user${index}`)
    for (const name of names) {
      await addUser(test.deps, name)
      await createVisitor(test.deps, office).call((api) => api.auth.login({ ...admin, username: name }))
    }
    const guesses: { reason: unknown }[] = []
    for (const username of [...names, ...names]) guesses.push(await failFrom(test.deps, office, username))
    expect(guesses.filter(({ reason }) => reason === 'login_failed')).toHaveLength(10)
    test.time.now += 2_000
    expect(await failFrom(test.deps, office, 'user11')).toMatchObject({ reason: 'login_failed' })
    expect(await failFrom(test.deps, office, 'user10')).toMatchObject({ params: { seconds: 2 } })
  })

  it('does not forget the failures of an address for a sign-in with an account of its own', async () => {
    await using test = await createTestDeps()
    await createAdmin(test.deps, { remoteAddress: '192.0.2.1' })
    await addUser(test.deps, 'Eve')
    const reasons: unknown[] = []
    for (const username of ['a', 'b', 'Eve', 'c', 'd', 'e']) {
      const eve = createVisitor(test.deps, { remoteAddress: '198.51.100.9' })
      const login = eve.call((api) => api.auth.login({ ...admin, username }))
      reasons.push(
        await login.then(
          () => 'in',
          (error: unknown) => refusalOf(Promise.reject(error as Error)),
        ),
      )
    }
    expect(reasons.map((reason) => (reason as { reason?: unknown }).reason ?? reason)).toEqual([
      'login_failed',
      'login_failed',
      'in',
      'login_failed',
      'login_throttled',
      'login_throttled',
    ])
  })

  it.each([
    ['loopback', { remoteAddress: '127.0.0.1' }],
    ['loopback in IPv6', { remoteAddress: '::1' }],
    ['an address that a proxy shares among everybody', { remoteAddress: '192.0.2.1', sharedAddress: true }],
    ['an address that could not be determined', { remoteAddress: '' }],
  ])('never knows %s', async (_title, source) => {
    await using test = await createTestDeps()
    await createAdmin(test.deps, source)
    const reasons = (await failMany(test.deps, source, 4)).map(({ reason }) => reason)
    expect(reasons).toEqual(['login_failed', 'login_failed', 'login_failed', 'login_throttled'])
    for (let attempt = 0; attempt < 5; attempt += 1) {
      test.time.now += 30_000
      await failFrom(test.deps, source)
    }
    test.time.now += 5_000
    expect(await failFrom(test.deps, source)).toMatchObject({ params: { seconds: 25 } })
  })

  it('keeps the device cookie of a user who signs in again', async () => {
    await using test = await createTestDeps()
    const visitor = await createAdmin(test.deps)
    const device = visitor.cookies['bangui_device']
    await visitor.call((api) => api.auth.login(admin))
    expect(visitor.cookies['bangui_device']).toBe(device)
  })

  it('never adopts a device cookie that it did not make for the user', async () => {
    await using test = await createTestDeps()
    const ada = await createAdmin(test.deps)
    await addUser(test.deps, 'Ben')
    for (const planted of ['A'.repeat(43), ada.cookies['bangui_device']!]) {
      const ben = createVisitor(test.deps)
      ben.cookies['bangui_device'] = planted
      await ben.call((api) => api.auth.login({ ...admin, username: 'Ben' }))
      expect(ben.cookies['bangui_device']).toMatch(/^[\w-]{43}$/)
      expect(ben.cookies['bangui_device']).not.toBe(planted)
    }
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

  it('lets known users in while strangers fill the queue, and their refusals do not count', async () => {
    await using test = await createTestDeps()
    await createAdmin(test.deps, { remoteAddress: '192.0.2.1' })
    const deps = { ...test.deps, passwords: createPasswords({ concurrency: 1, maxWaiting: 2 }) }
    const visitors = [1, 2, 3, 4, 5].map((host) => ({ remoteAddress: `198.51.100.${host}` }))
    const flood = visitors.map((visitor, index) => failFrom(deps, visitor, `stranger${index}`))
    const ada = createVisitor(deps, { remoteAddress: '192.0.2.1' })
    const signedIn = ada.call((api) => api.auth.login(admin))
    const refusals = await Promise.all(flood)
    await signedIn
    expect(await ada.session()).not.toBeNull()
    const late = refusals.findIndex(({ reason }) => reason === 'login_throttled')
    expect(refusals[late]).toMatchObject({ params: { seconds: 5 } })
    const again = await failMany(deps, visitors[late] ?? {}, 3)
    expect(again.map(({ reason }) => reason)).toEqual(['login_failed', 'login_failed', 'login_failed'])
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
    expect(test.lines).toContainEqual({
      level: 'warn',
      event: 'login_failed',
      remoteAddress: '192.0.2.1',
      username: 'Ada',
    })
  })

  it('slows who guesses it with a stolen session', async () => {
    await using test = await createTestDeps()
    const visitor = await createAdmin(test.deps)
    const guess = () =>
      refusalOf(visitor.call((api) => api.auth.changePassword({ ...change, current: 'no' })))
    for (let attempt = 0; attempt < 5; attempt += 1) await guess()
    expect(await guess()).toMatchObject({ reason: 'login_throttled' })
  })

  it('is not slowed down by failed sign-ins from the same address and at the same account', async () => {
    await using test = await createTestDeps()
    const shared = { remoteAddress: '192.0.2.1', sharedAddress: true }
    const visitor = await createAdmin(test.deps, shared)
    await failMany(test.deps, shared, 5)
    await visitor.call((api) => api.auth.changePassword(change))
    expect(await visitor.session()).not.toBeNull()
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
