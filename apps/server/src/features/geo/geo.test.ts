import { findGeo, openTestDatabase, upsertGeo } from '@bangui/db'
import { describe, expect, it, vi } from 'vitest'
import { startGeoServer } from '../../../test/geo-server.ts'
import { createServiceDeps } from '../../../test/service-deps.ts'
import { createAppState } from '../../state/app-state.ts'
import { createGeo, type GeoOptions } from './geo.ts'
import { geoJobs } from './geo-jobs.ts'
import type { GeoFiles } from './geo-files.ts'
import { UNKNOWN_PLACE, type Place } from './mmdb.ts'

const DAY = 86_400_000

/** Files that know 1.1.1.1 alone. */
const files: GeoFiles = {
  find: (address) => (address === '1.1.1.1' ? { ...UNKNOWN_PLACE, country: 'AU' } : UNKNOWN_PLACE),
  status: () => ({ provider: 'none', message: 'No file.', builtAt: null, hasNetworks: false }),
  check: async () => undefined,
  close: () => undefined,
}

const countries = { '8.8.8.8': 'US', '9.9.9.9': 'CH', '2001:4860::8': 'IE' }

async function setUp({ on = true, allowPrivateUrls = true } = {}) {
  const server = await startGeoServer(countries)
  const database = await openTestDatabase()
  const service = createServiceDeps()
  const { clock, log } = service.deps
  const appState = createAppState({ demo: false, version: '0' })
  const switchTo = (geoServiceEnabled: boolean) =>
    appState.update((all) => ({ ...all, runtimeSettings: { ...all.runtimeSettings, geoServiceEnabled } }))
  await switchTo(on)
  const proxies = { http: null, https: null, no: '' }
  const config = { geoFile: null, geoServiceUrl: server.url, allowPrivateUrls, proxies }
  const create = (more: Partial<GeoOptions> = {}) =>
    createGeo({ config, database, appState, clock, log, files, ...more })
  const geo = create()
  const country = async (address: string) => (await geo.lookup([address])).get(address)?.country
  const rows = (...addresses: string[]) => findGeo(database.db, addresses)
  return {
    ...service,
    appState,
    server,
    database,
    geo,
    create,
    country,
    rows,
    switchTo,
    async [Symbol.asyncDispose]() {
      service[Symbol.dispose]()
      await server[Symbol.asyncDispose]()
      await database.close()
    },
  }
}

describe('a look-up', () => {
  it('asks about a page of addresses in one call, under the names that were given', async () => {
    await using test = await setUp()
    const asked = ['8.8.8.8', '1.1.1.1', '2001:4860:0::8', '8.8.8.8', 'x.example', '9.9.9.0/24', '5.5.5.5']
    const found = await test.geo.lookup(asked)
    expect([...found.values()]).toEqual([
      { address: '8.8.8.8', country: 'US', asn: 64_500, organisation: 'Example Net' },
      { address: '1.1.1.1', country: 'AU', asn: null, organisation: null },
      { address: '2001:4860:0::8', country: 'IE', asn: 64_500, organisation: 'Example Net' },
      { address: 'x.example', country: null, asn: null, organisation: null },
      { address: '9.9.9.0/24', country: null, asn: null, organisation: null },
      { address: '5.5.5.5', country: null, asn: null, organisation: null },
    ])
    expect(test.server.calls).toEqual([['8.8.8.8', '2001:4860::8', '9.9.9.0', '5.5.5.5']])
    expect(test.server.requests[0]).toMatchObject({
      method: 'POST',
      url: '/batch?fields=status%2Cquery%2CcountryCode%2Cas',
      headers: { 'content-type': 'application/json' },
    })
  })

  it('sends nothing anywhere unless the user switched it on, and follows the switch', async () => {
    await using test = await setUp({ on: false })
    expect(await test.country('8.8.8.8')).toBeNull()
    expect(test.server.calls).toEqual([])
    await test.switchTo(true)
    expect(await test.country('8.8.8.8')).toBe('US')
    await test.switchTo(false)
    expect(await test.country('9.9.9.9')).toBeNull()
    expect(test.server.calls).toHaveLength(1)
  })

  it('never sends what is not public, or what a file knows', async () => {
    await using test = await setUp()
    await test.geo.lookup(['10.0.0.1', '127.0.0.1', '192.168.0.0/16', 'fe80::1', '203.0.113.7', '1.1.1.1'])
    expect(test.server.calls).toEqual([])
  })

  it('of more than a hundred addresses takes several calls', async () => {
    await using test = await setUp()
    const many = Array.from({ length: 250 }, (_, index) => `20.0.0.${index}`)
    await test.geo.lookup(many)
    expect(test.server.calls.map((call) => call.length)).toEqual([100, 100, 50])
  })

  it('of an address that is being asked about waits for that answer', async () => {
    await using test = await setUp()
    const both = await Promise.all([test.country('8.8.8.8'), test.country('8.8.8.8')])
    expect(both).toEqual(['US', 'US'])
    expect(test.server.calls).toEqual([['8.8.8.8']])
  })

  it('ends when nobody waits for it any more', async () => {
    await using test = await setUp()
    test.server.test.reply = () => undefined
    const found = await test.geo.lookup(['8.8.8.8'], AbortSignal.abort())
    expect(found.get('8.8.8.8')?.country).toBeNull()
  })

  it('has the network of the file, with its name, where the service knows one too', async () => {
    await using test = await setUp()
    const own = (place: Place) => test.create({ files: { ...files, find: () => place } })
    const lookUp = async (place: Place) => (await own(place).lookup(['8.8.8.8'])).get('8.8.8.8')
    expect(await lookUp({ country: null, asn: 7, organisation: null })).toMatchObject({
      country: 'US',
      asn: 7,
      organisation: null,
    })
    expect(await lookUp({ country: 'DE', asn: 7, organisation: 'Own' })).toMatchObject({
      country: 'DE',
      asn: 7,
      organisation: 'Own',
    })
    expect(await lookUp(UNKNOWN_PLACE)).toMatchObject({ asn: 64_500, organisation: 'Example Net' })
  })

  it('at once has what files and memory know', async () => {
    await using test = await setUp()
    expect(['1.1.1.1', '8.8.8.8', 'x', ''].map(test.geo.countryOf)).toEqual(['AU', null, null, null])
    await test.geo.lookup(['8.8.8.8', '2001:4860::8'])
    const spellings = ['8.8.8.8', '8.8.8.8/29', '::ffff:8.8.8.8', '2001:4860:0::8']
    expect(spellings.map(test.geo.countryOf)).toEqual(['US', 'US', 'US', 'IE'])
  })
})

describe('an address that is not public', () => {
  it.each([
    '192.168.7.7',
    '10.0.0.0/8',
    '192.168.0.0/15',
    '127.0.0.1',
    '169.254.1.1',
    '100.64.0.1',
    '203.0.113.7',
    '224.0.0.1',
    '0.0.0.0',
    '::ffff:192.168.7.7',
    '::1',
    'fe80::1',
    'fd00::/8',
    '2001:db8::1',
  ])('has no country, whatever a file says: %s', async (address) => {
    await using test = await setUp()
    const everywhere = { country: 'AU', asn: 7, organisation: 'Example Net' }
    const geo = test.create({ files: { ...files, find: () => everywhere } })
    expect(geo.countryOf(address)).toBeNull()
    expect((await geo.lookup([address])).get(address)).toEqual({ address, ...UNKNOWN_PLACE })
    expect(geo.countryOf('8.8.8.8')).toBe('AU')
  })
})

describe('an answer', () => {
  it('is kept in memory, and in the table after a flush, for the next process', async () => {
    await using test = await setUp()
    await test.country('8.8.8.8')
    await test.country('8.8.8.8')
    expect(test.server.calls).toHaveLength(1)
    expect(await test.rows('8.8.8.8')).toEqual([])
    await test.geo.flush()
    expect(await test.rows('8.8.8.8')).toMatchObject([
      { country: 'US', asn: 64_500, lookedUpAt: test.time.now },
    ])

    await test.switchTo(false)
    const next = test.create()
    expect((await next.lookup(['8.8.8.8'])).get('8.8.8.8')?.country).toBe('US')
    const warm = test.create()
    await warm.warm()
    expect(warm.countryOf('8.8.8.8')).toBe('US')
  })

  it('is read without a write to the database, which waits for the next flush', async () => {
    await using test = await setUp({ on: false })
    const row = { country: 'US', asn: null, organisation: null, lookedUpAt: 0, lastSeen: 0 }
    await upsertGeo(
      test.database.db,
      ['8.8.8.8', '9.9.9.9'].map((address) => ({ ...row, address })),
    )
    const countWrites = async () => {
      const query = test.database.db.selectNoFrom(({ fn }) => fn<number>('total_changes', []).as('count'))
      return (await query.executeTakeFirstOrThrow()).count
    }
    const before = await countWrites()
    expect(await test.country('8.8.8.8')).toBe('US')
    expect(await test.country('8.8.8.8')).toBe('US')
    expect(test.geo.countryOf('8.8.8.8')).toBe('US')
    const next = test.create()
    await next.warm()
    expect(next.countryOf('9.9.9.9')).toBe('US')
    expect(await countWrites()).toBe(before)
    await test.geo.flush()
    expect(await countWrites()).toBe(before + 1)
    expect(await test.rows('8.8.8.8')).toMatchObject([{ lastSeen: test.time.now }])
  })

  it('is written at the shutdown', async () => {
    await using test = await setUp()
    await test.country('8.8.8.8')
    await test.geo.close()
    expect(await test.rows('8.8.8.8')).toHaveLength(1)
  })

  it('of “unknown” is kept too, and asked for again after 7 days', async () => {
    await using test = await setUp()
    await test.country('5.5.5.5')
    test.time.now += 7 * DAY - 1
    await test.country('5.5.5.5')
    expect(test.server.calls).toHaveLength(1)
    test.time.now += 1
    await test.country('5.5.5.5')
    expect(test.server.calls).toHaveLength(2)
  })

  it('that is used stays, and one that nobody asked for in 90 days goes', async () => {
    await using test = await setUp()
    const { db } = test.database
    const row = { country: 'US', asn: null, organisation: null, lookedUpAt: 0, lastSeen: test.time.now }
    await upsertGeo(
      db,
      ['8.8.8.8', '9.9.9.9'].map((address) => ({ ...row, address })),
    )
    test.time.now += 90 * DAY
    await test.country('8.8.8.8')
    expect(await test.geo.cleanup()).toBe(0)
    test.time.now += 1
    expect(await test.geo.cleanup()).toBe(1)
    expect(await test.rows('8.8.8.8', '9.9.9.9')).toMatchObject([{ address: '8.8.8.8' }])
    expect(await test.geo.cleanup()).toBe(0)
    // the country of a ban that comes in is a use as well
    test.time.now += 90 * DAY - 1
    expect(test.geo.countryOf('8.8.8.8')).toBe('US')
    test.time.now += 2
    expect(await test.geo.cleanup()).toBe(0)
  })
})

it('an answer that nobody asked for goes after as many days as are set', async () => {
  await using test = await setUp()
  const { geoCacheDays } = test.appState.get().runtimeSettings
  expect(geoCacheDays).toBe(90)
  await test.appState.update((all) => ({
    ...all,
    runtimeSettings: { ...all.runtimeSettings, geoCacheDays: 7 },
  }))
  await test.country('8.8.8.8')
  test.time.now += 7 * DAY
  expect(await test.geo.cleanup()).toBe(0)
  test.time.now += 1
  expect(await test.geo.cleanup()).toBe(1)
  expect(test.geo.countryOf('8.8.8.8')).toBeNull()
})

describe('a call that fails', () => {
  it.each([
    ['with 500', 500, '[]'],
    ['with a redirect', 302, ''],
    ['with something else than JSON', 200, '<html>'],
    ['with another shape', 200, '{"status":"success"}'],
    ['with a giant', 200, JSON.stringify(['x'.repeat(300_000)])],
  ])('%s is not kept: the next look-up asks again', async (_title, status, body) => {
    await using test = await setUp()
    test.server.test.reply = (response) =>
      response.writeHead(status, { location: `${test.server.url}/elsewhere` }).end(body)
    expect(await test.country('8.8.8.8')).toBeNull()
    expect(test.server.calls).toHaveLength(1)
    await test.geo.flush()
    expect(await test.rows('8.8.8.8')).toEqual([])
    test.server.test.reply = undefined
    expect(await test.country('8.8.8.8')).toBe('US')
    expect(test.events('warn')).toEqual(['geo_service_failed'])
  })

  it('takes nothing from an answer about what was not asked', async () => {
    await using test = await setUp()
    test.server.test.reply = (response) =>
      response.end(JSON.stringify([{ status: 'success', query: '9.9.9.9', countryCode: 'XK' }]))
    expect(await test.country('8.8.8.8')).toBeNull()
    expect(test.geo.countryOf('9.9.9.9')).toBeNull()
  })

  it('because the service is on a private address is not made', async () => {
    await using test = await setUp({ allowPrivateUrls: false })
    expect(await test.country('8.8.8.8')).toBeNull()
    expect(test.server.calls).toEqual([])
  })
})

describe('the limits of the service', () => {
  it.each([
    { title: 'no calls left', status: 200, headers: { 'x-rl': '0', 'x-ttl': '30' }, seconds: 30 },
    { title: 'too many', status: 429, headers: { 'x-ttl': '20' }, seconds: 20 },
    { title: 'too many, in the words of HTTP', status: 429, headers: { 'retry-after': '10' }, seconds: 10 },
    { title: 'too many, and not for how long', status: 429, headers: {}, seconds: 60 },
  ])('are obeyed: $title', async ({ status, headers, seconds }) => {
    await using test = await setUp()
    test.server.test.reply = (response) =>
      response
        .writeHead(status, headers)
        .end(JSON.stringify([{ status: 'success', query: '8.8.8.8', countryCode: 'US' }]))
    expect(await test.country('8.8.8.8')).toBe(status === 200 ? 'US' : null)
    test.server.test.reply = undefined
    test.time.now += seconds * 1_000 - 1
    expect(await test.country('9.9.9.9')).toBeNull()
    expect(test.server.calls).toHaveLength(1)
    test.time.now += 1
    expect(await test.country('9.9.9.9')).toBe('CH')
  })
})

describe('what the service knows', () => {
  it('is learnt without waiting, once, and given to bans that lack it', async () => {
    await using test = await setUp()
    test.geo.learn(['8.8.8.8', '1.1.1.1', '9.9.9.0/24', '5.5.5.5'])
    await vi.waitFor(() => expect(test.geo.countryOf('8.8.8.8')).toBe('US'))
    await test.geo.lookup(['8.8.8.8'])
    const given: unknown[] = []
    test.archive.setCountries = async (located) => void given.push(...located)
    const job = geoJobs({ ...test.deps, geo: test.geo }).find(({ name }) => name === 'geo_cache_flush')
    await job?.run(new AbortController().signal)
    expect(given).toEqual([{ address: '8.8.8.8', country: 'US' }])
    expect(test.geo.takeLearnt()).toEqual([])
  })

  it('is not asked for while it is off', async () => {
    await using test = await setUp({ on: false })
    test.geo.learn(['8.8.8.8'])
    await test.geo.flush()
    expect(test.server.calls).toEqual([])
  })
})

it('the status names the service where no file can be used', async () => {
  await using test = await setUp()
  expect(test.geo.status()).toMatchObject({
    provider: 'service',
    message: expect.stringContaining('127.0.0.1'),
  })
  await test.switchTo(false)
  expect(test.geo.status().provider).toBe('none')
})
