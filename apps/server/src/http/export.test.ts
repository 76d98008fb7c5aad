import { request } from 'node:http'
import { DatabaseError } from '@bangui/db'
import { HostError } from '@bangui/fail2ban'
import type { Ban, HistoryRow } from '@bangui/shared'
import { describe, expect, it } from 'vitest'
import { createAdmin } from '../../test/create-test-deps.ts'
import { serveTestApp } from '../../test/serve-test-app.ts'

const ban = (address: string, over: Partial<Ban> = {}): Ban => ({
  address,
  jail: 'sshd',
  since: 1_000,
  until: null,
  duration: -1,
  country: 'DE',
  times: 1,
  attempts: 5,
  by: { kind: 'user', name: '=cmd' },
  reason: null,
  id: 1,
  ...over,
})

const past = (address: string): HistoryRow => ({
  id: 1,
  address,
  jail: 'sshd',
  at: 1_000,
  duration: 600,
  country: null,
  until: 601_000,
  active: false,
  endReason: 'expired',
  endedBy: null,
  times: 2,
  attempts: null,
  by: { kind: 'fail2ban', name: null },
  reason: 'a "reason", with commas',
})

async function setUp(env: Record<string, string> = {}) {
  const app = await serveTestApp({ env })
  const visitor = await createAdmin(app.deps)
  const cookie = `bangui_session=${visitor.cookies['bangui_session']}`
  const get = (path: string, headers: Record<string, string> = {}) =>
    app.request({ path, headers: { cookie, ...headers } })
  return { ...app, visitor, cookie, get }
}

/** More pages than any test reads; counts how many were asked for. */
function endless(app: Awaited<ReturnType<typeof setUp>>, from: (page: number) => Promise<Ban[]>) {
  const seen = { pages: 0 }
  app.archive.listActive = async () => {
    seen.pages += 1
    const nextCursor = seen.pages < 2_000 ? String(seen.pages) : null
    return { rows: await from(seen.pages), total: 0, nextCursor }
  }
  return seen
}

describe('an export', () => {
  it('of bans is a CSV file, narrowed and sorted as the list is', async () => {
    await using app = await setUp()
    const asked: unknown[] = []
    app.archive.listActive = async (query) => {
      asked.push(query)
      if (query.cursor === null) return { rows: [ban('192.0.2.1')], total: 2, nextCursor: 'more' }
      return {
        rows: [ban('192.0.2.2', { until: 5_000, duration: 4, reason: '@x' })],
        total: 2,
        nextCursor: null,
      }
    }
    const input = encodeURIComponent(
      JSON.stringify({ jail: 'sshd', search: 'DE', sort: 'address', limit: 1 }),
    )
    const answer = await app.get(`/api/export/bans.csv?input=${input}`)
    expect(answer.text).toBe(
      [
        'address,jail,since,until,duration,country,times,attempts,by,byName,reason',
        "192.0.2.1,sshd,1970-01-01T00:00:01.000Z,,-1,DE,1,5,user,'=cmd,",
        "192.0.2.2,sshd,1970-01-01T00:00:01.000Z,1970-01-01T00:00:05.000Z,4,DE,1,5,user,'=cmd,'@x",
        '',
      ].join('\r\n'),
    )
    expect(answer).toMatchObject({
      status: 200,
      headers: {
        'content-type': 'text/csv; charset=utf-8; header=present',
        'content-disposition': 'attachment; filename="bangui-bans-1970-01-01.csv"',
        'cache-control': 'no-store, no-transform',
        'x-content-type-options': 'nosniff',
      },
    })
    const query = { filter: { jail: 'sshd', country: 'DE' }, sort: 'address', offset: 0, limit: 500 }
    expect(asked).toMatchObject([
      { ...query, cursor: null },
      { ...query, cursor: 'more' },
    ])
  })

  it('of the history is JSON lines, from the archive or from fail2ban', async () => {
    await using app = await setUp()
    app.archive.listHistory = async () => ({ rows: [past('192.0.2.1'), past('192.0.2.2')], nextCursor: null })
    const answer = await app.get('/api/export/history.jsonl')
    const rows = answer.text
      .trimEnd()
      .split('\n')
      .map((line): unknown => JSON.parse(line))
    expect(rows).toMatchObject([
      {
        address: '192.0.2.1',
        at: '1970-01-01T00:00:01.000Z',
        reason: 'a "reason", with commas',
        country: null,
      },
      { address: '192.0.2.2', until: '1970-01-01T00:10:01.000Z', active: false, endReason: 'expired' },
    ])
    const { id: _id, ...shown } = past('192.0.2.1')
    expect(Object.keys(rows[0] as object).toSorted()).toEqual([...Object.keys(shown), 'byName'].toSorted())

    app.host.history.list = async () => ({
      rows: [{ jail: 'x', address: '192.0.2.9', bannedAt: 0, duration: 1, times: 1, attempts: 1, lines: [] }],
      nextCursor: null,
    })
    const live = await app.get(`/api/export/history.csv?input=${encodeURIComponent('{"source":"live"}')}`)
    expect(live.text.split('\r\n')[1]).toMatch(/^192\.0\.2\.9,x,1970-01-01T00:00:00\.000Z/)
  })

  it('of the history is narrowed as the list is, on every page of it', async () => {
    await using app = await setUp()
    const asked: Parameters<typeof app.archive.listHistory>[0][] = []
    app.archive.listHistory = async (query) => {
      asked.push(query)
      return { rows: [past('45.0.0.1')], nextCursor: query.cursor === null ? 'more' : null }
    }
    const input = { from: 5, to: 9, country: 'DE', search: 'jail:sshd 45.0.0.0/24' }
    const answer = await app.get(`/api/export/history.csv?input=${encodeURIComponent(JSON.stringify(input))}`)
    expect(answer.text.trimEnd().split('\r\n')).toHaveLength(3)
    const addresses = { from: expect.any(Uint8Array), to: expect.any(Uint8Array) }
    const filter = { from: 5, to: 9, country: 'DE', jail: 'sshd', addresses }
    expect(asked).toMatchObject([
      { filter, cursor: null },
      { filter, cursor: 'more' },
    ])
  })

  it('of nothing has its header, and stands under the base path', async () => {
    await using app = await setUp({ BANGUI_BASE_PATH: '/bangui' })
    app.archive.listHistory = async () => ({ rows: [], nextCursor: null })
    const answer = await app.get('/bangui/api/export/history.csv')
    expect(answer.text).toMatch(/^address,jail,at,[^\r\n]*\r\n$/)
    expect((await app.get('/api/export/history.csv')).status).toBe(404)
  })
})

describe('before the first byte', () => {
  it('problems are returned as an error', async () => {
    await using app = await setUp()
    const refusal = async (path: string, headers: Record<string, string> = {}) => {
      const answer = await app.get(path, headers)
      return [answer.status, answer.json().error?.data.reason]
    }
    expect(await refusal('/api/export/bans.csv', { cookie: '' })).toEqual([401, 'no_session'])
    expect(await refusal('/api/export/bans.csv', { 'sec-fetch-site': 'cross-site' })).toEqual([
      403,
      'origin_refused',
    ])
    expect(await refusal('/api/export/bans.csv', { host: 'evil.example' })).toEqual([403, 'host_unknown'])
    for (const path of [
      'users.csv',
      'bans.xlsx',
      'bans',
      'constructor.csv',
      'bans.toString',
      '%2e%2e%2fbans.csv',
    ])
      expect(await refusal(`/api/export/${path}`)).toEqual([404, 'not_found'])
    for (const input of ['{', '[]', '{"sort":"reason"}', '{"search":7}'])
      expect(await refusal(`/api/export/bans.csv?input=${encodeURIComponent(input)}`)).toEqual([
        400,
        'invalid_input',
      ])
    app.archive.listActive = () => Promise.reject(new DatabaseError('locked', '/var/lib/bangui/bangui.db'))
    expect(await refusal('/api/export/bans.csv')).toEqual([503, 'database_unavailable'])
    const status = { state: 'off', path: null, message: 'none' } as const
    app.host.history.list = () => Promise.reject(new HostError('database_unreadable', { status }))
    expect(await refusal(`/api/export/history.csv?input=${encodeURIComponent('{"source":"live"}')}`)).toEqual(
      [503, 'database_of_daemon_unavailable'],
    )
    expect(app.deps.streams.count).toBe(0)
  })
})

describe('after the first byte', () => {
  it('an error breaks the connection: a short file does not look whole', async () => {
    await using app = await setUp()
    endless(app, async (page) => {
      if (page === 3) throw new Error('the disk is gone')
      return [ban('192.0.2.1')]
    })
    await expect(app.get('/api/export/bans.csv')).rejects.toThrow('aborted')
    expect(app.events('error')).toEqual(['export_failed'])
    expect(app.deps.streams.count).toBe(0)
  })

  it('a reader that does not read is not read for', async () => {
    await using app = await setUp()
    const rows = Array.from({ length: 500 }, () => ban('192.0.2.1', { reason: 'x'.repeat(200) }))
    const seen = endless(app, async () => rows)
    const headers = { cookie: app.cookie }
    const outgoing = request({
      host: '127.0.0.1',
      port: app.server.port,
      path: '/api/export/bans.csv',
      headers,
    })
    const incoming = new Promise<AsyncIterable<Buffer>>((resolve) => outgoing.on('response', resolve))
    outgoing.end()
    await incoming
    let before = -1
    await expect
      .poll(() => {
        const still = seen.pages === before
        before = seen.pages
        return still
      })
      .toBe(true)
    expect(seen.pages).toBeLessThan(400)
    expect(app.deps.streams.count).toBe(1)
    outgoing.destroy()
    await expect.poll(() => app.deps.streams.count).toBe(0)
  })

  it('the end of the session ends it', async () => {
    await using app = await setUp()
    endless(app, async (page) => {
      if (page === 3) await app.visitor.call((api) => api.auth.logout())
      return [ban('192.0.2.1')]
    })
    await expect(app.get('/api/export/bans.csv')).rejects.toThrow('aborted')
    expect(app.deps.streams.count).toBe(0)
    expect(app.events('error')).toEqual([])
  })
})
