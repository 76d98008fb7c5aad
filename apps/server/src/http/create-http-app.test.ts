import { DatabaseError } from '@bangui/db'
import { describe, expect, it, vi } from 'vitest'
import { admin, createAdmin } from '../../test/create-test-deps.ts'
import { serveTestApp } from '../../test/serve-test-app.ts'
import { createWebBuild, html } from '../../test/web-build.ts'

describe('a cookie', () => {
  it('is set for scripts to not see, and is the session of the next request', async () => {
    await using app = await serveTestApp()
    await createAdmin(app.deps)
    const answer = await app.post('auth.login', admin)
    expect(answer.status).toBe(200)
    const [cookie = ''] = answer.headers['set-cookie'] ?? []
    expect(cookie).toMatch(/^bangui_session=[\w-]{43}; Path=\/; Max-Age=2592000; HttpOnly; SameSite=Strict$/)
    const session = await app.request({
      path: '/trpc/auth.session',
      headers: { cookie: cookie.split(';')[0]! },
    })
    expect(session.json().result!.data).toEqual({ user: { name: 'Ada', role: 'admin' } })
  })

  it('is a __Host- cookie where the public address is https', async () => {
    await using app = await serveTestApp({ env: { BANGUI_PUBLIC_URL: 'https://bans.example.org' } })
    await createAdmin(app.deps)
    const answer = await app.post('auth.login', admin, {
      host: 'bans.example.org',
      origin: 'https://bans.example.org',
    })
    expect(answer.headers['set-cookie']?.[0]).toMatch(/^__Host-bangui_session=.*; Path=\/; .*; Secure$/)
    expect(answer.headers['strict-transport-security']).toBe('max-age=31536000')
  })

  it('of another installation is no session', async () => {
    await using app = await serveTestApp()
    const foreign = 'A'.repeat(43)
    for (const value of [foreign, '', 'x'.repeat(8000), '%00', foreign.slice(1)]) {
      const headers = { cookie: `bangui_session=${value}` }
      const answer = await app.request({ path: '/trpc/auth.session', headers })
      expect(answer.status).toBe(200)
      expect(answer.json().result!.data).toBeNull()
    }
  })
})

describe('a live stream', () => {
  const openStream = async (app: Awaited<ReturnType<typeof serveTestApp>>, token: string) => {
    const { promise, resolve } = Promise.withResolvers<string>()
    const answer = await fetch(`${app.server.url}trpc/state.watch`, {
      headers: { cookie: `bangui_session=${token}` },
    })
    const chunks: string[] = []
    const read = async () => {
      for await (const chunk of answer.body!.pipeThrough(new TextDecoderStream())) chunks.push(chunk)
      resolve(chunks.join(''))
    }
    void read()
    return { answer, chunks, ended: promise }
  }

  it('is kept nowhere, changed by no proxy, and ends with its session', async () => {
    await using app = await serveTestApp()
    const visitor = await createAdmin(app.deps)
    const { answer, chunks, ended } = await openStream(app, visitor.cookies['bangui_session']!)
    expect(answer.headers.get('cache-control')).toBe('no-store, no-transform')
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'")
    await vi.waitFor(() => expect(chunks.join('')).toContain('serverStatus'))
    const session = await visitor.session()
    await app.deps.sessions.end(session!.id)
    await ended
    expect(app.deps.streams.count).toBe(0)
  })

  it('ends when its session expires, and says so', async () => {
    await using app = await serveTestApp({ env: { BANGUI_SESSION_MAX_DAYS: '1' } })
    const visitor = await createAdmin(app.deps)
    const { expiresAt } = (await visitor.session())!
    app.time.now = expiresAt - 20
    const { chunks, ended } = await openStream(app, visitor.cookies['bangui_session']!)
    await vi.waitFor(() => expect(chunks.join('')).toContain('serverStatus'))
    app.time.now = expiresAt
    expect(await ended).toMatch(/event: serialized-error\ndata: .*"reason":"no_session"/)
    expect(app.deps.streams.count).toBe(0)
  })

  it('without a session is refused in the way of streams', async () => {
    await using app = await serveTestApp()
    const { answer, ended } = await openStream(app, 'A'.repeat(43))
    expect(answer.status).toBe(200)
    expect(await ended).toMatch(/event: serialized-error\ndata: .*"reason":"no_session"/)
  })
})

describe('the session that was used', () => {
  it('is noted after the answer, at most once a minute', async () => {
    await using app = await serveTestApp()
    const visitor = await createAdmin(app.deps)
    const cookie = `bangui_session=${visitor.cookies['bangui_session']}`
    const lastSeen = async () => (await app.deps.sessions.list(1))[0]?.lastSeenAt
    const start = app.time.now
    app.time.now += 59_000
    await app.request({ path: '/trpc/auth.session', headers: { cookie } })
    expect(await lastSeen()).toBe(start)
    app.time.now += 1_000
    await app.request({ path: '/trpc/auth.session', headers: { cookie } })
    await vi.waitFor(async () => expect(await lastSeen()).toBe(app.time.now))
  })
})

describe('a failed sign-in', () => {
  it('is logged with the address that a trusted proxy gives', async () => {
    await using app = await serveTestApp({ env: { BANGUI_TRUST_PROXY: '127.0.0.1' } })
    await app.post(
      'auth.login',
      { username: 'root', password: 'x' },
      { 'x-forwarded-for': '6.6.6.6, 198.51.100.7' },
    )
    expect(app.lines).toContainEqual({
      level: 'warn',
      event: 'login_failed',
      remoteAddress: '198.51.100.7',
      username: 'root',
    })
  })

  it('is logged with the address of the caller where no proxy stands between', async () => {
    await using app = await serveTestApp()
    await app.post('auth.login', { username: 'root', password: 'x' })
    expect(app.lines).toContainEqual({
      level: 'warn',
      event: 'login_failed',
      remoteAddress: '127.0.0.1',
      username: 'root',
    })
    expect(app.events('warn')).toEqual(['login_failed'])
  })

  it.each(['x-forwarded-for', 'x-real-ip', 'x-forwarded-proto', 'x-forwarded-host', 'forwarded', 'via'])(
    'behind a proxy that is not trusted is told by %s, and not logged for the proxy',
    async (header) => {
      await using app = await serveTestApp()
      for (const password of ['x', 'y'])
        await app.post('auth.login', { username: 'root', password }, { [header]: '198.51.100.7' })
      expect(app.events('warn')).toEqual([
        'proxy_not_trusted',
        'login_failed_shared_address',
        'login_failed_shared_address',
      ])
      expect(app.lines).toContainEqual({
        level: 'warn',
        event: 'login_failed_shared_address',
        remoteAddress: '127.0.0.1',
        username: 'root',
      })
    },
  )

  it('is not logged for a trusted proxy that does not say where it came from', async () => {
    await using app = await serveTestApp({ env: { BANGUI_TRUST_PROXY: '127.0.0.1' } })
    await app.post('auth.login', { username: 'root', password: 'x' })
    expect(app.events('warn')).toEqual(['proxy_not_trusted', 'login_failed_shared_address'])
  })
})

describe('every answer', () => {
  it('carries the strict headers', async () => {
    await using build = await createWebBuild()
    await using app = await serveTestApp({ webDir: build.webDir })
    const requests = [
      { path: '/', headers: html },
      { path: '/assets/main-abc.js' },
      { path: '/nothing' },
      { path: '/api/health' },
      { path: '/trpc/auth.session' },
      { path: '/trpc/settings.get' },
      { path: '/', headers: { host: 'evil.example' } },
      { path: '/', headers: { host: 'not a host' } },
      { method: 'POST', path: '/trpc/auth.login' },
    ]
    for (const request of requests) {
      const { headers } = await app.request(request)
      expect(headers['content-security-policy']).toMatch(
        /^default-src 'none'; script-src 'self'; style-src 'self'; .*frame-ancestors 'none'$/,
      )
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
      })
      expect(headers['strict-transport-security']).toBeUndefined()
    }
  })
})

describe('the health', () => {
  it('is degraded while the daemon is not there, and ok once it is', async () => {
    await using app = await serveTestApp()
    const health = async () => JSON.parse((await app.request({ path: '/api/health' })).text) as unknown
    expect(await health()).toEqual({ status: 'degraded', version: '0', daemon: { online: false } })
    await app.state.update((state) => ({ ...state, serverStatus: { ...state.serverStatus, online: true } }))
    expect(await health()).toEqual({ status: 'ok', version: '0', daemon: { online: true } })
  })

  it('is 503 where the database cannot be used', async () => {
    await using app = await serveTestApp()
    await app.deps.database.close()
    expect((await app.request({ path: '/api/health' })).status).toBe(503)
  })
})

describe('the health of many askers', () => {
  it('is one look at the database a second', async () => {
    await using app = await serveTestApp()
    const { database } = app.deps
    const look = database.check
    let looks = 0
    Object.assign(database, {
      check: () => {
        looks += 1
        look()
      },
    })
    const ask = () => app.request({ path: '/api/health' })
    await Promise.all(Array.from({ length: 20 }, ask))
    expect(looks).toBe(1)
    app.time.now += 1_000
    await ask()
    expect(looks).toBe(2)
    app.time.now -= 3_600_000
    await ask()
    expect(looks).toBe(3)
  })
})

describe('a database that fails', () => {
  it('makes a request fail without telling more than its id', async () => {
    await using app = await serveTestApp()
    const visitor = await createAdmin(app.deps)
    await app.appState.update((state) => ({
      ...state,
      runtimeSettings: { ...state.runtimeSettings, sessionCacheEnabled: false },
    }))
    await app.deps.database.close()
    const headers = { cookie: `bangui_session=${visitor.cookies['bangui_session']}` }
    const answer = await app.request({ path: '/trpc/settings.get', headers })
    expect(answer.status).toBeGreaterThanOrEqual(500)
    expect(['internal', 'database_unavailable']).toContain(answer.json().error!.data.reason)
    expect(answer.text).not.toMatch(/stack|sqlite|\.ts/i)
    expect(app.events('error')).toContain('request_failed')
  })

  it('does not tell where it is to somebody whose session could not be looked up', async () => {
    await using app = await serveTestApp()
    const authenticate = () => Promise.reject(new DatabaseError('io_error', '/data/bangui.db'))
    Object.assign(app.deps.sessions, { authenticate })
    const headers = { cookie: `bangui_session=${'A'.repeat(43)}` }
    const answer = await app.request({ path: '/trpc/settings.get', headers })
    expect(answer.status).toBe(503)
    expect(answer.json().error!.data.reason).toBe('database_unavailable')
    expect(answer.text).not.toContain('bangui.db')
  })
})

it('a query of a procedure that changes something is refused for its method', async () => {
  await using app = await serveTestApp()
  const answer = await app.request({ path: '/trpc/auth.login' })
  expect(answer.status).toBe(405)
  expect(answer.json().error!.data.reason).toBe('method_refused')
})
