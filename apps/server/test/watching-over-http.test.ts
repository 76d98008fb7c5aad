import { openArchive, openDatabase, type Archive, type HostArchive } from '@bangui/db'
import {
  AddressDetail,
  CountryStats,
  HistoryPage,
  LOCAL_HOST_ID,
  StatsOverview,
  StatsTrend,
} from '@bangui/shared'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createGeo } from '../src/features/geo/geo.ts'
import { createHttpApp } from '../src/http/create-http-app.ts'
import { serve } from '../src/http/serve.ts'
import { appRouter } from '../src/router.ts'
import { createAdmin, createTestDeps } from './create-test-deps.ts'
import { withHost } from './one-host.ts'
import { rawRequest } from './raw-request.ts'

const HOUR = 3_600_000
const NOW = Date.UTC(2026, 4, 1, 12)
/** More than two pages of an export. */
const BANS = 1_200

let folder: string
let archive: Archive & HostArchive
let app: Awaited<ReturnType<typeof startApp>>

/** The application on a real archive and the bundled countries. */
async function startApp() {
  const test = await createTestDeps()
  test.time.now = NOW
  const { config, database, appState, clock, log } = test.deps
  const geo = createGeo({ config, database, appState, clock, log })
  const deps = withHost({ ...test.deps, geo }, { archive })
  const visitor = await createAdmin(deps)
  const { fetch } = createHttpApp(deps, { router: appRouter, webDir: '/nowhere' })
  const where = { host: '127.0.0.1', port: 0, basePath: '/', publicUrl: null, trustProxy: [] }
  const server = await serve({ fetch, ...where })
  const cookie = `bangui_session=${visitor.cookies['bangui_session']}`
  return {
    geo,
    visitor,
    get: (path: string) => rawRequest(server.port, { path, headers: { cookie } }),
    async [Symbol.asyncDispose]() {
      await server.stop(200)
      await test[Symbol.asyncDispose]()
    },
  }
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bangui-watching-'))
  const path = join(folder, 'bangui.db')
  const database = await openDatabase({ path })
  await database.migrate()
  await database.close()
  const opened = await openArchive({ path })
  archive = { ...opened, ...opened.forHost(LOCAL_HOST_ID) }
  app = await startApp()
  const bans = Array.from({ length: BANS }, (_, index) => ({
    jail: index % 3 === 0 ? 'nginx' : 'sshd',
    address: `8.8.${index >> 8}.${index & 255}`,
    bannedAt: NOW - HOUR - index * 1_000,
    duration: 86_400,
    times: 1,
    attempts: 5,
    lines: [`=a line of ${index}`],
    country: app.geo.countryOf('8.8.8.8'),
  }))
  await archive.importBans({ bans, cursor: null, now: NOW })
})

afterAll(async () => {
  await app[Symbol.asyncDispose]()
  await archive.close()
  await rm(folder, { recursive: true })
})

describe('on a real archive', () => {
  it('the history is listed page by page, without gap or repeat', async () => {
    const seen = new Set<string>()
    let cursor: string | null = null
    do {
      const page: HistoryPage = await app.visitor.call((api) => api.history.list({ cursor, limit: 500 }))
      HistoryPage.parse(page)
      for (const row of page.rows) seen.add(row.address)
      cursor = page.nextCursor
    } while (cursor !== null)
    expect(seen.size).toBe(BANS)
  })

  it('the history is narrowed by what is typed', async () => {
    const search = 'jail:sshd 8.8.1.0/24 US'
    const { rows } = await app.visitor.call((api) => api.history.list({ search, limit: 500 }))
    expect(rows.length).toBeGreaterThan(100)
    expect(rows.every(({ address, jail }) => address.startsWith('8.8.1.') && jail === 'sshd')).toBe(true)
  })

  it('an address has its bans, country and lines', async () => {
    const detail = await app.visitor.call((api) => api.history.address({ address: '8.8.0.7' }))
    expect(AddressDetail.parse(detail)).toEqual(detail)
    expect(detail).toMatchObject({
      country: 'US',
      network: '8.8.0.0/24',
      totals: { bans: 1, jails: 1 },
      lines: ['=a line of 7'],
      ignoredBy: null,
    })
    const [ban] = detail.bans
    expect(await app.visitor.call((api) => api.history.lines({ id: ban?.id ?? 0 }))).toMatchObject({
      lines: ['=a line of 7'],
    })
  })

  it('the numbers of a range are there', async () => {
    const { call } = app.visitor
    const overview = await call((api) => api.stats.overview({ range: '24h' }))
    expect(StatsOverview.parse(overview)).toEqual(overview)
    expect(overview).toMatchObject({ bans: BANS, addresses: BANS, newAddresses: BANS })
    const trend = await call((api) => api.stats.trend({ range: '7d' }))
    expect(StatsTrend.parse(trend)).toEqual(trend)
    expect(trend.series.map(({ jail }) => jail)).toEqual(['sshd', 'nginx'])
    expect(await call((api) => api.stats.byCountry({ range: 'all' }))).toMatchObject([
      { key: 'US', bans: BANS },
    ])
    const inRange = await call((api) => api.stats.byCountry({ range: 'all', measure: 'addresses' }))
    const now = await call((api) => api.stats.byCountry({ range: '24h', measure: 'active' }))
    for (const numbers of [inRange, now]) expect(z.array(CountryStats).parse(numbers)).toEqual(numbers)
    expect(inRange).toMatchObject([{ key: 'US', bans: BANS, addresses: BANS }])
    expect(now).toMatchObject([{ key: 'US', addresses: BANS }])
    expect(await call((api) => api.stats.topNetworks({ range: '24h', limit: 3 }))).toHaveLength(3)
    const range = { from: NOW - 2 * HOUR, to: NOW - HOUR - 1 }
    const counted = await call((api) => api.stats.topAddresses({ range, operationId: 'a-1', limit: 1 }))
    expect(counted).toMatchObject([{ bans: 1 }])
  })

  it.each(['bans', 'history'])('all %s are exported, each once', async (name) => {
    const csv = await app.get(`/api/export/${name}.csv`)
    expect(csv.status).toBe(200)
    expect(new Set(csv.text.trimEnd().split('\r\n')).size).toBe(BANS + 1)
    const jsonl = await app.get(`/api/export/${name}.jsonl`)
    const lines = jsonl.text.trimEnd().split('\n')
    expect(new Set(lines).size).toBe(BANS)
    const Row = z.object({ address: z.string(), jail: z.string(), duration: z.literal(86_400) })
    for (const line of lines) Row.parse(JSON.parse(line))
  })
})
