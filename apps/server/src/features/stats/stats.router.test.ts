import type { ReadOptions, StatsQuery } from '@bangui/db'
import { createPacker, HostError, type LiveCounts } from '@bangui/fail2ban'
import { StatsOverview, type StatsInput } from '@bangui/shared'
import { describe, expect, it } from 'vitest'
import { createAdmin, createTestDeps, refusalOf } from '../../../test/create-test-deps.ts'
import { answer } from '../../../test/fake-host.ts'
import { createFakeGeo } from '../../../test/fake-geo.ts'
import { asRole } from '../../../test/as-role.ts'
import { createCallerFactory } from '../../trpc.ts'
import { statsRouter } from './stats.router.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR

async function setUp() {
  const test = await createTestDeps()
  test.time.now = 100 * DAY + 1
  const deps = { ...test.deps, geo: createFakeGeo({ '8.8.8.8': 'US' }) }
  const visitor = await createAdmin(deps)
  return { ...test, deps, visitor }
}

const top = ['byJail', 'byCountry', 'topAddresses', 'topNetworks', 'repeatOffenders'] as const

describe('from the archive', () => {
  it.each([...top, 'byOrigin'] as const)('%s asks for the named range, at most so many', async (verb) => {
    await using test = await setUp()
    const asked: StatsQuery[] = []
    const rows = ['a', 'b', 'c'].map((key) => ({ key, bans: 1 }))
    Object.assign(test.archive, {
      [verb]: async (query: StatsQuery) => {
        asked.push(query)
        return rows.slice(0, verb === 'byJail' || verb === 'byOrigin' ? 3 : 2)
      },
    })
    const found = await test.visitor.call<unknown[]>((api) =>
      api.stats[verb]({ range: '24h', limit: 2, origin: 'blocklist:3' }),
    )
    expect(found).toEqual(rows.slice(0, 2))
    expect(asked).toMatchObject([
      {
        named: '24h',
        bounds: { from: 99 * DAY + HOUR, to: 100 * DAY + HOUR },
        origin: 'blocklist:3',
        now: 100 * DAY + 1,
      },
    ])
  })

  it.each([...top, 'byOrigin', 'trend', 'overview'] as const)(
    '%s refuses to say whose bans are in fail2ban’s own database',
    async (verb) => {
      await using test = await setUp()
      const input = { range: '24h', source: 'live', origin: 'user' } as const
      const call = test.visitor.call<unknown>((api) => api.stats[verb](input))
      expect(await refusalOf(call)).toMatchObject({ code: 'BAD_REQUEST', reason: 'origin_not_kept' })
    },
  )

  it('byCountry compares by what is asked for', async () => {
    await using test = await setUp()
    const asked: unknown[] = []
    const listAs = (verb: string) => async (query: unknown) => {
      asked.push([verb, query])
      return [{ key: 'DE', bans: 2, addresses: 1, asOf: 1 }]
    }
    Object.assign(test.archive, {
      byCountry: listAs('bans'),
      addressesByCountry: listAs('addresses'),
      activeByCountry: listAs('active'),
    })
    for (const measure of [undefined, 'addresses', 'active'] as const)
      for (const range of ['24h', { from: 1, to: 2 }] as const)
        await test.visitor.call((api) => api.stats.byCountry({ range, measure, limit: 3 }))
    expect(asked).toMatchObject([
      ['bans', { named: '24h' }],
      ['bans', { named: null, bounds: { from: 1, to: 2 } }],
      ['addresses', { named: '24h', limit: 3 }],
      ['addresses', { named: null, bounds: { from: 1, to: 2 }, limit: 3 }],
      ['active', { now: test.time.now, limit: 3 }],
      ['active', { now: test.time.now, limit: 3 }],
    ])
  })

  it('trend passes on how many points of what, and any span as it is', async () => {
    await using test = await setUp()
    const trend = { bucketSeconds: 3_600, start: 5, series: [] }
    test.archive.trend = async (query) => {
      expect(query).toEqual({
        named: null,
        bounds: { from: 5, to: 9 },
        now: test.time.now,
        buckets: 7,
        measure: 'failures',
      })
      return trend
    }
    const input = { range: { from: 5, to: 9 }, buckets: 7, measure: 'failures' } as const
    expect(await test.visitor.call((api) => api.stats.trend(input))).toEqual(trend)
  })

  it('a range that ends before it begins is refused', async () => {
    await using test = await setUp()
    const range = { from: 9, to: 5 }
    expect(await refusalOf(test.visitor.call((api) => api.stats.overview({ range })))).toMatchObject({
      code: 'BAD_REQUEST',
    })
  })

  it("fail2ban's own database is not counted on when nobody waits any more", async () => {
    await using test = await setUp()
    let counted = 0
    test.host.history.count = async () => {
      counted += 1
      test.deps.operations.cancel('mine')
      return noCounts
    }
    const input = { range: '24h', source: 'live', operationId: 'mine' } as const
    expect(await refusalOf(test.visitor.call((api) => api.stats.overview(input)))).toMatchObject({
      reason: 'operation_cancelled',
    })
    expect(counted).toBe(1)
  })

  it('counting under an id is listed as an operation, and can be cancelled', async () => {
    await using test = await setUp()
    test.archive.overview = (_query, { signal, onProgress }: ReadOptions = {}) => {
      onProgress?.(3, 10)
      return new Promise((_resolve, reject) => {
        signal?.addEventListener('abort', () => reject(new Error('stopped')))
      })
    }
    const input: StatsInput = { range: { from: 1, to: 2 }, source: 'archive', operationId: 'mine' }
    const refused = refusalOf(test.visitor.call((api) => api.stats.overview(input)))
    await expect
      .poll(() => test.deps.operations.list())
      .toMatchObject([{ id: 'mine', kind: 'statistics', state: 'running', done: 3, total: 10 }])
    test.deps.operations.cancel('mine')
    expect(await refused).toMatchObject({ reason: 'operation_cancelled' })
    expect(test.deps.operations.list()).toMatchObject([{ state: 'cancelled' }])
    expect(test.events('error')).toEqual([])
  })
})

function pack(bans: Readonly<Record<string, number>>) {
  const packer = createPacker(9)
  for (const [address, count] of Object.entries(bans)) packer.add(address, count)
  return packer.pack()
}

const noCounts: LiveCounts = {
  bans: 0,
  addresses: 0,
  newAddresses: 0,
  previous: null,
  buckets: [],
  firsts: [],
  topAddresses: [],
  topNetworks: [],
  packed: pack({}),
}

describe("from fail2ban's own database", () => {
  const at = 100 * DAY
  const counts: Record<string, LiveCounts> = {
    [`${99 * DAY + HOUR}`]: {
      bans: 5,
      addresses: 3,
      newAddresses: 2,
      previous: { bans: 2, addresses: 2, newAddresses: 1 },
      buckets: [{ jail: 'sshd', start: at, bans: 5 }],
      firsts: [{ start: at, count: 2 }],
      topAddresses: [
        { address: '8.8.8.8', bans: 3, jails: 1, firstAt: at, lastAt: at },
        { address: '9.9.9.9', bans: 1, jails: 1, firstAt: at, lastAt: at },
      ],
      topNetworks: [
        { network: '8.8.8.0/24', bans: 3, addresses: 1 },
        { network: '9.9.9.0/24', bans: 1, addresses: 1 },
      ],
      packed: pack({ '8.8.8.8': 3, '9.9.9.9': 1, 'x.example': 1 }),
    },
    '0': {
      ...noCounts,
      bans: 1,
      newAddresses: 1,
      buckets: [{ jail: 'sshd', start: 1, bans: 1 }],
      firsts: [{ start: 1, count: 1 }],
    },
  }

  async function setUpLive() {
    const test = await setUp()
    test.host.outcome = answer({ currentlyBanned: 4 })
    await test.deps.monitor.probe()
    test.host.history.count = async ({ from }) => counts[String(from)] ?? noCounts
    return test
  }
  const live = { range: '24h', source: 'live' } as const

  it('overview compares with the day before, and knows who is new', async () => {
    await using test = await setUpLive()
    const overview = await test.visitor.call((api) => api.stats.overview(live))
    expect(StatsOverview.parse(overview)).toEqual(overview)
    expect(overview).toMatchObject({
      from: 99 * DAY + HOUR,
      to: 100 * DAY + HOUR,
      bans: 5,
      failures: 0,
      addresses: 3,
      newAddresses: 2,
      activeBans: 4,
      previous: { bans: 2, addresses: 2, newAddresses: 1 },
      asOf: test.time.now,
    })
    expect(overview.notKept).toEqual(['failures', 'activeBans'])
    expect(overview.sparklines).toMatchObject({ failures: [], activeBans: [] })
    const { bucketSeconds, bans, newAddresses } = overview.sparklines
    expect([bucketSeconds, bans.length]).toEqual([1_800, 48])
    expect([bans.at(-2), newAddresses.at(-2)]).toEqual([5, 2])
  })

  it('compares with no time that fail2ban keeps no bans of, and says since when it does', async () => {
    await using test = await setUpLive()
    const since = 99 * DAY
    test.host.history.recordedSince = async () => since
    const asked = <TResult>(ask: Parameters<typeof test.visitor.call<TResult>>[0]) => test.visitor.call(ask)
    expect(await asked((api) => api.stats.overview(live))).toMatchObject({
      bans: 5,
      previous: null,
      recordedSince: since,
    })
    expect(await asked((api) => api.stats.trend({ ...live, range: '7d' }))).toMatchObject({
      recordedSince: since,
    })
    expect(await asked((api) => api.stats.trend(live))).not.toHaveProperty('recordedSince')
    const failures = await asked((api) => api.stats.trend({ ...live, measure: 'failures' }))
    expect(failures).toMatchObject({ series: [], recordedSince: 100 * DAY + HOUR })
    expect(await asked((api) => api.stats.recorded(live))).toEqual({
      bans: since,
      failures: null,
      singleBans: since,
    })
  })

  it('overview of all there is has nothing to compare with', async () => {
    await using test = await setUpLive()
    const overview = await test.visitor.call((api) => api.stats.overview({ ...live, range: 'all' }))
    expect(overview).toMatchObject({ bans: 1, previous: null, newAddresses: 1 })
  })

  it('lists and trends are folded from the same counts', async () => {
    await using test = await setUpLive()
    const { call } = test.visitor
    expect(await call((api) => api.stats.byJail(live))).toMatchObject([{ key: 'sshd', bans: 5 }])
    expect(await call((api) => api.stats.byCountry(live))).toMatchObject([
      { key: 'US', bans: 3 },
      { key: '??', bans: 2 },
    ])
    expect(await call((api) => api.stats.byCountry({ ...live, measure: 'addresses' }))).toMatchObject([
      { key: '??', bans: 2, addresses: 2 },
      { key: 'US', bans: 3, addresses: 1 },
    ])
    expect(await call((api) => api.stats.topAddresses({ ...live, limit: 1 }))).toMatchObject([
      { key: '8.8.8.8', bans: 3, country: 'US' },
    ])
    expect(await call((api) => api.stats.repeatOffenders(live))).toMatchObject([{ key: '8.8.8.8' }])
    expect(await call((api) => api.stats.topNetworks(live))).toMatchObject([
      { key: '8.8.8.0/24', addresses: 1 },
      { key: '9.9.9.0/24', country: null },
    ])
    expect((await call((api) => api.stats.trend({ ...live, buckets: 24 }))).series).toMatchObject([
      { jail: 'sshd', points: { length: 24, 23: 5 } },
    ])
    expect((await call((api) => api.stats.trend({ ...live, measure: 'failures' }))).series).toEqual([])
  })

  it('numbers of a span that are asked for at once are counted the same way', async () => {
    await using test = await setUpLive()
    const asked = new Set<string>()
    test.host.history.count = async (query) => {
      asked.add(JSON.stringify(query))
      return noCounts
    }
    for (const range of ['24h', '7d', '30d', '90d', 'all'] as const) {
      asked.clear()
      for (const verb of [...top, 'overview'] as const)
        await test.visitor.call<unknown>((api) => api.stats[verb]({ ...live, range }))
      await test.visitor.call((api) => api.stats.trend({ ...live, range, buckets: 60 }))
      expect([...asked], range).toHaveLength(1)
    }
  })

  it('one who asks for too much at once is told so, and nobody else is; who goes away leaves the line', async () => {
    await using test = await setUpLive()
    const gate = Promise.withResolvers<LiveCounts>()
    const signals: (AbortSignal | undefined)[] = []
    test.host.history.count = (_query, { signal } = {}) => {
      signals.push(signal)
      return gate.promise
    }
    const callAs = createCallerFactory(statsRouter)
    const ada = asRole(test.deps, 'viewer')
    const abort = new AbortController()
    const adas = callAs(ada, { signal: abort.signal })
    const asked = Array.from({ length: 24 }, (_, from) =>
      adas.trend({ source: 'live', range: { from, to: 100 } }),
    )
    await expect.poll(() => signals).toHaveLength(24)
    expect(await refusalOf(adas.overview(live))).toEqual({
      code: 'TOO_MANY_REQUESTS',
      reason: 'too_many_readings',
      params: { most: 24 },
    })
    const other = callAs({ ...ada, session: ada.session && { ...ada.session, userId: 2 } }).byJail(live)
    await expect.poll(() => signals).toHaveLength(25)
    abort.abort()
    expect(signals.map((signal) => signal?.aborted ?? false)).toEqual([
      ...Array<boolean>(24).fill(true),
      false,
    ])
    gate.resolve(noCounts)
    await Promise.allSettled(asked)
    expect(await other).toEqual([])
    expect(await callAs(ada).byJail(live)).toEqual([])
  })

  it('says why it cannot be read', async () => {
    await using test = await setUpLive()
    const status = { state: 'locked', path: '/x', message: 'It is locked.' } as const
    test.host.history.count = () => Promise.reject(new HostError('database_unreadable', { status }))
    for (const verb of [...top, 'overview', 'trend'] as const)
      expect(await refusalOf(test.visitor.call<unknown>((api) => api.stats[verb](live)))).toMatchObject({
        reason: 'database_of_daemon_unavailable',
      })
  })
})
