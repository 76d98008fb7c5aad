import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { admin, createAdmin } from '../../test/create-test-deps.ts'
import { serveTestApp } from '../../test/serve-test-app.ts'
import { BODY_LIMIT } from './read-body.ts'

let webDir: string

beforeAll(async () => {
  webDir = await mkdtemp(join(tmpdir(), 'bangui-web-'))
  await mkdir(join(webDir, 'assets'))
  const page =
    '<!doctype html><html><head><script src="./assets/theme.js"></script><base href="/" /></head></html>'
  await writeFile(join(webDir, 'index.html'), page)
  await writeFile(join(webDir, 'assets/main-abc.js'), 'plain')
  await writeFile(join(webDir, 'assets/main-abc.js.br'), 'brotli')
  await writeFile(join(webDir, 'assets/main-abc.js.gz'), 'gzip')
  await writeFile(join(webDir, 'robots.txt'), 'no')
  await writeFile(`${webDir}-secret`, 'secret')
})
afterAll(async () => {
  await rm(webDir, { recursive: true })
  await rm(`${webDir}-secret`)
})

const html = { accept: 'text/html,application/xhtml+xml' }

describe('the host', () => {
  it('that is not ours is refused by name, whatever is asked', async () => {
    await using app = await serveTestApp()
    for (const path of ['/', '/api/health', '/trpc/auth.session']) {
      const answer = await app.request({ path, headers: { host: 'evil.example' } })
      expect(answer.status).toBe(403)
      const { message, data } = answer.json().error!
      expect(data).toMatchObject({ code: 'FORBIDDEN', reason: 'host_unknown' })
      expect(message).toContain('BANGUI_PUBLIC_URL')
      expect(message).toContain('evil.example')
    }
  })

  it('that is ours is served', async () => {
    await using app = await serveTestApp({ env: { BANGUI_PUBLIC_URL: 'https://bans.example.org' } })
    for (const host of ['localhost', 'bans.example.org', 'web1', '192.0.2.1:1', '[::1]']) {
      expect((await app.request({ path: '/api/health', headers: { host } })).status).toBe(200)
    }
  })

  it('counts also where the request line names another one', async () => {
    await using app = await serveTestApp()
    expect((await app.request({ path: 'http://evil.example/api/health' })).status).toBe(403)
    expect(
      (await app.request({ path: 'http://localhost/api/health', headers: { host: 'evil.example' } })).status,
    ).toBe(403)
  })
})

describe('a post', () => {
  it('needs application/json', async () => {
    await using app = await serveTestApp()
    for (const type of ['multipart/form-data; boundary=x', 'text/plain', 'application/jsonp', '']) {
      const answer = await app.post('auth.login', admin, { 'content-type': type })
      expect(answer.status).toBe(415)
      expect(answer.json().error!.data.reason).toBe('content_type')
    }
    expect(
      (await app.post('auth.login', admin, { 'content-type': 'Application/JSON; charset=utf-8' })).status,
    ).toBe(401)
  })

  it('needs an origin that is ours', async () => {
    await using app = await serveTestApp()
    const headers = { 'content-type': 'application/json' }
    const without = await app.request({
      method: 'POST',
      path: '/trpc/auth.login',
      headers,
      body: JSON.stringify(admin),
    })
    const foreign = await app.post('auth.login', admin, { origin: 'http://evil.example' })
    const opaque = await app.post('auth.login', admin, { origin: 'null' })
    for (const answer of [without, foreign, opaque]) {
      expect(answer.status).toBe(403)
      expect(answer.json().error!.data.reason).toBe('origin_refused')
    }
  })

  it('is no way round for other methods', async () => {
    await using app = await serveTestApp()
    for (const method of ['PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
      const answer = await app.request({
        method,
        path: '/trpc/auth.login',
        headers: { origin: 'http://evil.example' },
      })
      expect(answer.status).toBe(405)
      expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([])
    }
  })

  it('that is no JSON is the caller’s mistake', async () => {
    await using app = await serveTestApp()
    const headers = { 'content-type': 'application/json', origin: app.origin }
    const answer = await app.request({ method: 'POST', path: '/trpc/auth.login', headers, body: '{"a' })
    expect(answer.status).toBe(400)
    expect(answer.json().error!.data).toMatchObject({ code: 'BAD_REQUEST', reason: 'invalid_input' })
    expect(app.events('error')).toEqual([])
  })

  it('of 100 MB is refused before it is read', async () => {
    await using app = await serveTestApp()
    const chunk = Buffer.alloc(65_536, ' ')
    let sent = 0
    async function* body() {
      for (; sent < 1600; sent += 1) yield chunk
    }
    const headers = { 'content-type': 'application/json', origin: app.origin }
    const length = { 'content-length': String(1600 * chunk.length) }
    const before = process.memoryUsage().rss
    const told = await app.request({
      method: 'POST',
      path: '/trpc/auth.login',
      headers: { ...headers, ...length },
      body: body(),
    })
    expect(told.status).toBe(413)
    expect(told.json().error!.data).toMatchObject({
      code: 'PAYLOAD_TOO_LARGE',
      reason: 'too_large',
      params: { limit: BODY_LIMIT },
    })
    expect(sent).toBeLessThan(1600)
    sent = 0
    const chunked = await app.request({ method: 'POST', path: '/trpc/auth.login', headers, body: body() })
    expect(chunked.status).toBe(413)
    expect(chunked.json().error!.data.reason).toBe('too_large')
    expect(sent).toBeLessThan(1600)
    expect(process.memoryUsage().rss - before).toBeLessThan(80_000_000)
    expect((await app.request({ path: '/api/health' })).status).toBe(200)
  })

  it('of just under the limit is read', async () => {
    await using app = await serveTestApp()
    const answer = await app.post('auth.login', { username: 'x'.repeat(BODY_LIMIT - 100), password: 'y' })
    expect(answer.status).toBe(400)
    expect(answer.json().error!.data).toMatchObject({
      reason: 'invalid_input',
      fieldErrors: { username: [expect.any(String)] },
    })
  })
})

describe('a query', () => {
  it('is refused to other sites', async () => {
    await using app = await serveTestApp()
    const refused: Record<string, string>[] = [
      { origin: 'http://evil.example' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
    ]
    for (const headers of refused) {
      const answer = await app.request({ path: '/trpc/auth.session', headers })
      expect(answer.status).toBe(403)
      expect(answer.json().error!.data.reason).toBe('origin_refused')
    }
  })

  it('is answered to our own page, and kept nowhere', async () => {
    await using app = await serveTestApp()
    const own: Record<string, string>[] = [{}, { 'sec-fetch-site': 'same-origin' }, { origin: app.origin }]
    for (const headers of own) {
      const answer = await app.request({ path: '/trpc/auth.session', headers })
      expect(answer.status).toBe(200)
      expect(answer.json()).toEqual({ result: { data: null } })
      expect(answer.headers['cache-control']).toBe('no-store')
      expect(answer.headers['access-control-allow-origin']).toBeUndefined()
    }
  })

  it('is one of at most twenty in a request', async () => {
    await using app = await serveTestApp()
    const batch = (count: number) =>
      `/trpc/${Array.from({ length: count }, () => 'auth.session').join(',')}?batch=1&input={}`
    expect((await app.request({ path: batch(20) })).status).toBe(200)
    expect((await app.request({ path: batch(21) })).status).toBe(400)
  })

  it('without a session is refused before its input is looked at', async () => {
    await using app = await serveTestApp()
    const query = await app.request({ path: '/trpc/settings.get' })
    const mutation = await app.post('settings.update', { nonsense: true })
    for (const answer of [query, mutation]) {
      expect(answer.status).toBe(401)
      expect(answer.json().error!.data).toMatchObject({ code: 'UNAUTHORIZED', reason: 'no_session' })
      expect(answer.text).not.toContain('stack')
    }
  })

  it('under an unknown name, or with a path that is no text, is an error without a stack', async () => {
    await using app = await serveTestApp()
    for (const path of ['/trpc/nothing.here', '/trpc/%ff', '/trpc/auth.session?input=%7B']) {
      const answer = await app.request({ path })
      expect(answer.status).toBeGreaterThanOrEqual(200)
      expect(answer.status).toBeLessThan(500)
      expect(answer.text).not.toMatch(/stack|node_modules/)
    }
  })
})

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
})

describe('the web interface', () => {
  it('starts at its page, which is never kept', async () => {
    await using app = await serveTestApp({ webDir })
    for (const path of ['/', '/index.html', '/jails/some.jail', '/setup']) {
      const answer = await app.request({ path, headers: html })
      expect(answer.status).toBe(200)
      expect(answer.headers['content-type']).toBe('text/html; charset=utf-8')
      expect(answer.headers['cache-control']).toBe('no-store')
      expect(answer.text).toMatch(/<head>\s*<base href="\/" \/><script/)
      expect(answer.text.match(/<base/g)).toHaveLength(1)
    }
  })

  it('has files that are kept for ever, in the encoding that the browser takes', async () => {
    await using app = await serveTestApp({ webDir })
    const cases = [
      ['gzip, deflate, br', 'brotli', 'br'],
      ['gzip', 'gzip', 'gzip'],
      ['br;q=0, gzip;q=0.5', 'gzip', 'gzip'],
      ['identity', 'plain', undefined],
    ] as const
    for (const [accept, content, encoding] of cases) {
      const answer = await app.request({
        path: '/assets/main-abc.js',
        headers: { 'accept-encoding': accept },
      })
      expect(answer.text).toBe(content)
      expect(answer.headers['content-encoding']).toBe(encoding)
      expect(answer.headers).toMatchObject({
        'content-type': 'text/javascript; charset=utf-8',
        'cache-control': 'public, max-age=31536000, immutable',
        vary: 'accept-encoding',
      })
    }
    const robots = await app.request({ path: '/robots.txt' })
    expect(robots.headers['cache-control']).toBe('no-cache')
    const again = await app.request({
      path: '/robots.txt',
      headers: { 'if-none-match': robots.headers.etag! },
    })
    expect([again.status, again.text]).toEqual([304, ''])
  })

  it('answers a head without a body', async () => {
    await using app = await serveTestApp({ webDir })
    const answer = await app.request({ method: 'HEAD', path: '/', headers: html })
    expect([answer.status, answer.text]).toEqual([200, ''])
  })

  it('has nothing else', async () => {
    await using app = await serveTestApp({ webDir })
    const secret = `${webDir.split('/').at(-1)}-secret`
    const paths = [
      '/assets/missing.js',
      '/missing.js',
      '/api/nothing',
      '/assets/',
      '/assets',
      `/../${secret}`,
      `/%2e%2e/${secret}`,
      `/..%2f${secret}`,
      `/assets/..%2f..%2f${secret}`,
      '/assets/main-abc.js%00',
      '/assets/main-abc.js/',
      '/%ff',
    ]
    for (const path of paths) {
      const answer = await app.request({ path })
      expect([path, answer.status]).toEqual([path, 404])
      expect(answer.json().error!.data.reason).toBe('not_found')
    }
    const asset = await app.request({ path: '/assets/missing.js', headers: html })
    expect(asset.status).toBe(404)
  })

  it('that is not built says so', async () => {
    await using app = await serveTestApp()
    const answer = await app.request({ path: '/', headers: html })
    expect(answer.status).toBe(404)
    expect(answer.json().error!.data.reason).toBe('web_missing')
  })
})

describe('a base path', () => {
  it('holds everything', async () => {
    await using app = await serveTestApp({ webDir, env: { BANGUI_BASE_PATH: '/bans' } })
    await createAdmin(app.deps)
    expect(app.server.url).toMatch(/\/bans\/$/)
    const page = await app.request({ path: '/bans/jails', headers: html })
    expect(page.text).toContain('<base href="/bans/" />')
    expect((await app.request({ path: '/bans/assets/main-abc.js' })).status).toBe(200)
    expect((await app.request({ path: '/bans/api/health' })).status).toBe(200)
    expect((await app.request({ path: '/bans/trpc/auth.session' })).json().result!.data).toBeNull()
    const login = await app.post('auth.login', admin)
    expect(login.headers['set-cookie']?.[0]).toContain('; Path=/bans;')
  })

  it('leaves nothing outside but the way in', async () => {
    await using app = await serveTestApp({ webDir, env: { BANGUI_BASE_PATH: '/bans' } })
    const bare = await app.request({ path: '/bans' })
    expect([bare.status, bare.headers.location]).toEqual([308, '/bans/'])
    for (const path of ['/', '/api/health', '/trpc/auth.session', '/bansx/', '/assets/main-abc.js']) {
      expect([path, (await app.request({ path, headers: html })).status]).toEqual([path, 404])
    }
  })
})

describe('every answer', () => {
  it('carries the strict headers', async () => {
    await using app = await serveTestApp({ webDir })
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

describe('a database that fails', () => {
  it('makes a request fail without telling more than its id', async () => {
    await using app = await serveTestApp()
    const visitor = await createAdmin(app.deps)
    await app.state.update((state) => ({
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
})
