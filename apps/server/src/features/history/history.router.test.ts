import { type Fail2banHost, HostError, type LiveBansQuery } from '@bangui/fail2ban'
import type { ArchivedAddress, BanFilter } from '@bangui/db'
import { AddressDetail, HistoryPage, ListHistoryInput, type DaemonBan } from '@bangui/shared'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { createAdmin, createTestDeps, createVisitor, refusalOf } from '../../../test/create-test-deps.ts'
import { answer, jail } from '../../../test/fake-host.ts'
import { createFakeGeo } from '../../../test/fake-geo.ts'
import { listHistory } from './history.service.ts'
import { LIVE_PAGE_TIMEOUT_MS } from './live-history.ts'

async function setUp() {
  const test = await createTestDeps()
  const deps = {
    ...test.deps,
    scope: [test.deps],
    isAll: false,
    geo: createFakeGeo({ '8.8.8.8': 'US', '9.9.9.9': 'CH' }),
  }
  const visitor = await createAdmin(deps)
  return { ...test, deps, visitor }
}

const ban = (address: string, over: Partial<DaemonBan> = {}): DaemonBan => ({
  jail: 'sshd',
  address,
  bannedAt: 900_000,
  duration: 600,
  times: null,
  attempts: null,
  lines: [],
  ...over,
})

/** A host with pages of bans; gives what it was asked. */
function serveLive(host: Pick<Fail2banHost, 'history'>, pages: readonly (readonly DaemonBan[])[]) {
  const asked: LiveBansQuery[] = []
  Object.assign(host.history, {
    list: async (query: LiveBansQuery) => {
      asked.push(query)
      const page = Number(query.cursor ?? 0)
      return { rows: pages[page] ?? [], nextCursor: page + 1 < pages.length ? String(page + 1) : null }
    },
  })
  return asked
}

describe('history.list', () => {
  it('asks the archive, narrowed by what was chosen and typed', async () => {
    await using test = await setUp()
    const asked: BanFilter[] = []
    test.archive.listHistory = async ({ filter, cursor, limit }) => {
      asked.push(filter)
      expect([cursor, limit]).toEqual(['c', 20])
      return { rows: [], nextCursor: null }
    }
    const list = (input: object) =>
      test.visitor.call((api) => api.history.list({ cursor: 'c', limit: 20, ...input }))
    await list({ from: 1, to: 2, country: 'de', search: 'jail:sshd', origin: 'user' })
    expect(asked).toMatchObject([{ from: 1, to: 2, country: 'DE', jail: 'sshd', origin: 'user' }])
    expect(await refusalOf(list({ source: 'live', origin: 'user' }))).toMatchObject({
      reason: 'origin_not_kept',
    })
    await expect(list({ origin: 'blocklist:0' })).rejects.toThrow()
    expect(await list({ country: 'DE', search: 'country:FR' })).toEqual({ rows: [], nextCursor: null })
    expect(asked).toHaveLength(1)
  })

  it("tells what fail2ban's own database holds, with countries", async () => {
    await using test = await setUp()
    const asked = serveLive(test.host, [
      [
        ban('8.8.8.8', { times: 3, attempts: 5 }),
        ban('5.5.5.5', { duration: -1 }),
        ban('9.9.9.9', { duration: 10 }),
      ],
    ])
    const input = { source: 'live', search: '203.0.', jail: 'sshd', from: 1 } as const
    const page = await test.visitor.call((api) => api.history.list(input))
    expect(HistoryPage.parse(page)).toEqual(page)
    expect(page.rows).toMatchObject([
      { id: null, address: '8.8.8.8', country: 'US', until: 1_500_000, active: true, times: 3, attempts: 5 },
      { address: '5.5.5.5', country: null, until: null, active: true, endReason: null },
      { address: '9.9.9.9', country: 'CH', until: 910_000, active: false, endReason: 'expired' },
    ])
    expect(asked).toEqual([
      { address: '203.0.0.0/16', jail: 'sshd', from: 1, to: null, cursor: null, limit: 50 },
    ])
  })

  it('reads on in it until a page of what was asked for is full', async () => {
    await using test = await setUp()
    const asked = serveLive(test.host, [
      [ban('8.8.8.8'), ban('9.9.9.9')],
      [ban('8.8.8.8', { jail: 'nginx-http' })],
      [ban('8.8.8.8')],
      [ban('9.9.9.9')],
    ])
    const page = await test.visitor.call((api) =>
      api.history.list({ source: 'live', country: 'US', search: 'SSH', limit: 2 }),
    )
    expect(page.rows.map(({ jail: name }) => name)).toEqual(['sshd', 'sshd'])
    expect(page.nextCursor).toBe('3')
    expect(asked.map(({ limit }) => limit)).toEqual([2, 1, 1])
  })

  it("finds a ban of what is no address by the beginning of its name in fail2ban's own database", async () => {
    await using test = await setUp()
    serveLive(test.host, [[ban('attacker.example'), ban('8.8.8.8'), ban('root')]])
    const found = async (search: string) => {
      const page = await test.visitor.call((api) => api.history.list({ source: 'live', search }))
      return page.rows.map(({ address }) => address)
    }
    expect(await found('attacker')).toEqual(['attacker.example'])
    expect(await found('example')).toEqual([])
    expect(await found('ssh')).toHaveLength(3)
  })

  it('says why that database cannot be read', async () => {
    await using test = await setUp()
    const status = {
      state: 'off',
      path: null,
      message: 'fail2ban keeps no database (dbfile = None).',
    } as const
    test.host.history.list = () => Promise.reject(new HostError('database_unreadable', { status }))
    const refusal = await refusalOf(test.visitor.call((api) => api.history.list({ source: 'live' })))
    expect(refusal).toEqual({
      code: 'SERVICE_UNAVAILABLE',
      reason: 'database_of_daemon_unavailable',
      params: { message: status.message },
    })
  })

  it('gives up a database of fail2ban that does not answer in time, and says so', async () => {
    await using test = await setUp()
    test.host.history.list = () => new Promise(() => undefined)
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    const refused = listHistory(test.deps, ListHistoryInput.parse({ source: 'live' })).catch(
      (error: unknown) => error,
    )
    await vi.advanceTimersByTimeAsync(LIVE_PAGE_TIMEOUT_MS)
    expect(await refused).toMatchObject({
      code: 'database_of_daemon_unavailable',
      message: expect.stringContaining('within 20 seconds'),
    })
  })

  it('has what was read in time, and where the rest begins', async () => {
    await using test = await setUp()
    const serve = { history: { ...test.host.history } }
    serveLive(serve, [[ban('8.8.8.8')], [ban('9.9.9.9')], []])
    test.host.history.list = (query) =>
      query.cursor === '1' ? new Promise(() => undefined) : serve.history.list(query)
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    const page = listHistory(test.deps, ListHistoryInput.parse({ source: 'live' }))
    await vi.advanceTimersByTimeAsync(LIVE_PAGE_TIMEOUT_MS)
    expect(await page).toMatchObject({ rows: [{ address: '8.8.8.8' }], nextCursor: '1' })
  })

  it('is for people who are signed in', async () => {
    await using test = await setUp()
    const stranger = createVisitor(test.deps)
    const refusal = await refusalOf(stranger.call((api) => api.history.list()))
    expect(refusal).toMatchObject({ code: 'UNAUTHORIZED', reason: 'no_session' })
  })
})

const archived: ArchivedAddress = {
  active: [],
  bans: [],
  totals: { bans: 1, jails: 1, firstAt: 1, lastAt: 1 },
  failures: [],
  timeline: [],
  lines: [],
  neighbours: [],
}

describe('history.address', () => {
  async function setUpAddress() {
    const test = await setUp()
    const asked: string[] = []
    test.archive.describeAddress = async (address) => {
      asked.push(address)
      return archived
    }
    test.host.listed = [jail('sshd'), jail('nginx'), jail('off', { running: false })]
    test.host.jails.listIgnored = async (name) =>
      name === 'sshd' ? ['8.8.0.0/16', 'x.example'] : ['10.0.0.0/8']
    test.host.outcome = answer()
    await test.deps.monitor.probe()
    const describeIt = (address: string) => test.visitor.call((api) => api.history.address({ address }))
    return { ...test, asked, describeIt }
  }

  it('brings together what is known, in canonical form', async () => {
    await using test = await setUpAddress()
    const detail = await test.describeIt(' ::ffff:8.8.8.8 ')
    expect(AddressDetail.parse(detail)).toEqual(detail)
    expect(detail).toMatchObject({
      address: '8.8.8.8',
      kind: 'public',
      country: 'US',
      network: '8.8.8.0/24',
      totals: { bans: 1 },
      ignoredBy: ['sshd'],
    })
    expect(test.asked).toEqual(['8.8.8.8'])
  })

  it('says since when bans are known one by one', async () => {
    await using test = await setUpAddress()
    test.archive.recordedTimes = async () => ({ bans: 7, failures: 9 })
    expect(await test.describeIt('8.8.8.8')).toMatchObject({ recordedSince: 7 })
  })

  it('of a network names no network around it where it is as wide', async () => {
    await using test = await setUpAddress()
    expect(await test.describeIt('8.8.8.77/24')).toMatchObject({ address: '8.8.8.0/24', network: null })
    expect(await test.describeIt('2001:db8::1')).toMatchObject({
      network: '2001:db8::/48',
      kind: 'documentation',
    })
  })

  it('does without the daemon: who ignores it is not known then', async () => {
    await using test = await setUpAddress()
    test.host.jails.listIgnored = () =>
      Promise.reject(new HostError('daemon_unavailable', { reason: 'refused', message: 'gone' }))
    expect(await test.describeIt('8.8.8.8')).toMatchObject({ ignoredBy: null })
  })

  it('returns the jails that ignore it also where one of them cannot be asked', async () => {
    await using test = await setUpAddress()
    const { listIgnored } = test.host.jails
    test.host.jails.listIgnored = async (name) => {
      if (name === 'nginx') throw new HostError('jail_unknown', { jailName: name })
      return listIgnored(name)
    }
    expect(await test.describeIt('8.8.8.8')).toMatchObject({ ignoredBy: ['sshd'] })
  })

  it('is there for a name that fail2ban banned, and refuses what nobody knows', async () => {
    await using test = await setUpAddress()
    expect(await test.describeIt('evil.example')).toMatchObject({
      kind: 'unknown',
      network: null,
      ignoredBy: null,
    })
    const totals = { bans: 0, jails: 0, firstAt: null, lastAt: null }
    test.archive.describeAddress = async () => ({ ...archived, totals })
    expect(await refusalOf(test.describeIt('evil.example'))).toMatchObject({ reason: 'addresses_invalid' })
  })
})

it('history.lines gives the lines of a ban', async () => {
  await using test = await setUp()
  test.archive.listLines = async (id) => [`line of ${id}`]
  expect(await test.visitor.call((api) => api.history.lines({ id: 7 }))).toEqual({
    id: 7,
    lines: ['line of 7'],
  })
})

it('history.events gives older events, page by page', async () => {
  await using test = await setUp()
  const queries: unknown[] = []
  test.archive.listEvents = async (query) => {
    queries.push(query)
    return []
  }
  await test.visitor.call((api) => api.history.events())
  await test.visitor.call((api) =>
    api.history.events({ before: 9, types: ['ban.added'], jail: 'sshd', limit: 5 }),
  )
  expect(queries).toEqual([
    { before: null, types: null, jail: null, limit: 50 },
    { before: 9, types: ['ban.added'], jail: 'sshd', limit: 5 },
  ])
})
