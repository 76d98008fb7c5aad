import { rm } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { admin, createAdmin } from '../../test/create-test-deps.ts'
import { serveTestApp } from '../../test/serve-test-app.ts'
import { createWebBuild, html } from '../../test/web-build.ts'

describe('the web interface', () => {
  it('starts at its page, which is never kept', async () => {
    await using build = await createWebBuild()
    await using app = await serveTestApp({ webDir: build.webDir })
    for (const path of ['/', '/index.html', '/jails/some.jail', '/setup']) {
      const answer = await app.request({ path, headers: html })
      expect(answer.status).toBe(200)
      expect(answer.headers['content-type']).toBe('text/html; charset=utf-8')
      expect(answer.headers['cache-control']).toBe('no-store')
      expect(answer.text).toMatch(
        /<head>\s*<base href="\/" \/>\s*<meta name="bangui-build" content="[\w-]{22}" \/><script/,
      )
      expect(answer.text.match(/<base/g)).toHaveLength(1)
    }
  })

  it('is served as it was at the start, whatever becomes of the folder', async () => {
    await using build = await createWebBuild()
    await using app = await serveTestApp({ webDir: build.webDir })
    await rm(build.webDir, { recursive: true })
    const answer = await app.request({ path: '/assets/main-abc.js', headers: { 'accept-encoding': 'gzip' } })
    expect(answer).toMatchObject({ status: 200, text: 'gzip' })
  })

  it('has files that are kept for ever, in the encoding that the browser takes', async () => {
    await using build = await createWebBuild()
    await using app = await serveTestApp({ webDir: build.webDir })
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
    await using build = await createWebBuild()
    await using app = await serveTestApp({ webDir: build.webDir })
    const answer = await app.request({ method: 'HEAD', path: '/', headers: html })
    expect([answer.status, answer.text]).toEqual([200, ''])
  })

  it('has nothing else', async () => {
    await using build = await createWebBuild()
    await using app = await serveTestApp({ webDir: build.webDir })
    const secret = 'secret'
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
    await using build = await createWebBuild()
    await using app = await serveTestApp({ webDir: build.webDir, env: { BANGUI_BASE_PATH: '/bans' } })
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
    await using build = await createWebBuild()
    await using app = await serveTestApp({ webDir: build.webDir, env: { BANGUI_BASE_PATH: '/bans' } })
    const bare = await app.request({ path: '/bans' })
    expect([bare.status, bare.headers.location]).toEqual([308, '/bans/'])
    for (const path of ['/', '/api/health', '/trpc/auth.session', '/bansx/', '/assets/main-abc.js']) {
      expect([path, (await app.request({ path, headers: html })).status]).toEqual([path, 404])
    }
  })
})
