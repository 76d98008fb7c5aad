import { once } from 'node:events'
import { connect } from 'node:net'
import { describe, expect, it } from 'vitest'
import { admin, createAdmin } from '../../test/create-test-deps.ts'
import { serveTestApp } from '../../test/serve-test-app.ts'
import type { Deps } from '../deps.ts'
import { MAX_DEPTH } from './check-structure.ts'
import { MAX_BODY_BYTES, MAX_LIST_BODY_BYTES, MAX_STRANGER_BODY_BYTES } from './read-body.ts'

const cookieOfAdmin = async (deps: Deps) =>
  `bangui_session=${(await createAdmin(deps)).cookies['bangui_session']}`

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

  it('that is not JSON is the caller’s mistake', async () => {
    await using app = await serveTestApp()
    const headers = { 'content-type': 'application/json', origin: app.origin }
    const answer = await app.request({ method: 'POST', path: '/trpc/auth.login', headers, body: '{"a' })
    expect(answer.status).toBe(400)
    expect(answer.json().error!.data).toMatchObject({ code: 'BAD_REQUEST', reason: 'invalid_input' })
    expect(app.events('error')).toEqual([])
  })

  it('that its sender gives up is no failure of ours', async () => {
    await using app = await serveTestApp()
    const head = ['POST /trpc/auth.login HTTP/1.1', `Host: ${app.origin.slice(7)}`, `Origin: ${app.origin}`]
    const rest = ['Content-Type: application/json', 'Content-Length: 5000', 'Expect: 100-continue', '', '{']
    const socket = connect(app.server.port, '127.0.0.1', () => socket.write([...head, ...rest].join('\r\n')))
    socket.on('error', () => undefined)
    // the server says that it goes on reading
    await once(socket, 'data')
    socket.resetAndDestroy()
    await expect.poll(() => app.events('debug')).toContain('request_aborted')
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
      params: { limit: MAX_LIST_BODY_BYTES },
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

  it('of more than a stranger may send is read from who is signed in, and from nobody else', async () => {
    await using app = await serveTestApp()
    const large = { username: 'x'.repeat(MAX_BODY_BYTES - 100), password: 'y' }
    for (const cookie of ['', `bangui_session=${'A'.repeat(43)}`]) {
      const stranger = await app.post('auth.login', large, { cookie })
      expect(stranger.status).toBe(413)
      expect(stranger.json().error!.data.params).toEqual({ limit: MAX_STRANGER_BODY_BYTES })
    }
    const answer = await app.post('auth.login', large, { cookie: await cookieOfAdmin(app.deps) })
    expect(answer.status).toBe(400)
    expect(answer.json().error!.data).toMatchObject({
      reason: 'invalid_input',
      fieldErrors: { username: [expect.any(String)] },
    })
  })

  it('may be large where it has a list of addresses, and nowhere else', async () => {
    await using app = await serveTestApp()
    const cookie = await cookieOfAdmin(app.deps)
    const padding = 'x'.repeat(MAX_BODY_BYTES)
    const list = { jail: 'none', addresses: ['192.0.2.1'], padding }
    for (const procedure of ['bans.preview', 'bans.ban', 'bans.unban']) {
      const answer = await app.post(procedure, list, { cookie })
      expect([procedure, answer.status]).not.toEqual([procedure, 413])
    }
    const together = await app.post('auth.logout,bans.preview?batch=1', { 1: list }, { cookie: '' })
    expect(together.status).toBe(413)
    for (const procedure of ['auth.endSession', 'settings.update', 'jails.update', 'auth.login', 'no.such']) {
      const answer = await app.post(procedure, { id: '1', padding }, { cookie })
      expect(answer.status).toBe(413)
      expect(answer.json().error!.data).toMatchObject({
        reason: 'too_large',
        params: { limit: MAX_BODY_BYTES },
      })
    }
  })

  it.each([
    ['lists in one another', `${'['.repeat(30_000)}${']'.repeat(30_000)}`],
    ['objects in one another', `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`],
    ['many lists beside one another', `[${Array.from({ length: 20_000 }, () => '[]').join(',')}]`],
    ['many keys', `{${Array.from({ length: 10_001 }, () => '"":1').join(',')}}`],
  ])('of %s is refused before it is parsed', async (_title, body) => {
    await using app = await serveTestApp()
    const headers = {
      'content-type': 'application/json',
      origin: app.origin,
      cookie: await cookieOfAdmin(app.deps),
    }
    for (const path of ['/trpc/auth.endSession', '/trpc/bans.ban', '/trpc/auth.logout,bans.ban?batch=1']) {
      const answer = await app.request({ method: 'POST', path, headers, body })
      expect(answer.status).toBe(400)
      expect(answer.json().error!.data).toMatchObject({ code: 'BAD_REQUEST', reason: 'input_too_complex' })
    }
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

  it('with an input that is nested too deeply is refused before it is parsed', async () => {
    await using app = await serveTestApp()
    const cookie = await cookieOfAdmin(app.deps)
    const deep = '['.repeat(MAX_DEPTH + 1)
    for (const path of [
      `/trpc/bans.list?input=${deep}`,
      `/trpc/bans.list?batch=1&input={"0":${deep}`,
      `/trpc/state.watch?connectionParams=${deep}`,
      `/api/export/bans.csv?input=${encodeURIComponent(deep)}`,
    ]) {
      const answer = await app.request({ path, headers: { cookie } })
      expect(answer.status).toBe(400)
      expect(answer.json().error!.data.reason).toBe('input_too_complex')
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
