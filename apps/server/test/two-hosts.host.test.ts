import type { PrivateDaemon } from '@bangui/fail2ban'
import type { Event, Live, RuntimeSnapshot } from '@bangui/shared'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { watchLive } from './api-client.ts'
import { bannedIn } from './banned-in.ts'
import { eventually } from './eventually.ts'
import { startTwoHosts } from './two-hosts.ts'

const LOCAL = '45.1.1.1'
const WEB1 = '45.2.2.2'
const BOTH = '45.9.9.9'
const FOUND = '45.3.3.3'

type Scope = 'local' | 'web1' | 'all'

/** Two hosts, with a reader of each stream for each host and for all. */
async function setUp() {
  await using opened = new AsyncDisposableStack()
  const at = opened.use(await startTwoHosts())
  const { api } = at
  const watchEvents = (host: Scope) => {
    const seen: { readonly id: string; readonly event: Event }[] = []
    const subscription = api.events.watch.subscribe(
      // from the first event on, whenever the stream opens
      { host, lastEventId: '0' },
      { onData: ({ id, data }) => seen.push({ id, event: data }) },
    )
    opened.defer(() => subscription.unsubscribe())
    return seen
  }
  const watchState = (host?: Scope) => {
    const seen: RuntimeSnapshot[] = []
    const subscription = api.state.watch.subscribe(host && { host }, {
      onData: ({ data }) => seen.push(data),
    })
    opened.defer(() => subscription.unsubscribe())
    return seen
  }
  const ofEach = <TValue>(create: (host: Scope) => TValue) => ({
    local: create('local'),
    web1: create('web1'),
    all: create('all'),
  })
  const live = {
    ...ofEach((host) => opened.use(watchLive(api, { host }))),
    unnamed: opened.use(watchLive(api)),
  }
  const events = ofEach(watchEvents)
  const states = { ...ofEach(watchState), unnamed: watchState() }
  for (const host of ['local', 'web1'])
    await eventually(async () =>
      expect(await api.server.status.query({ host })).toMatchObject({ online: true }),
    )
  const stack = opened.move()
  return { ...at, live, events, states, [Symbol.asyncDispose]: () => stack.disposeAsync() }
}

const bannedBy = async (daemon: PrivateDaemon, jail = 'app') => (await bannedIn(daemon, jail)).toSorted()

const addressOf = (event: Event) => ('address' in event ? event.address : null)

describe('two hosts in one BanGUI', () => {
  let at: Awaited<ReturnType<typeof setUp>>
  beforeAll(async () => {
    at = await setUp()
  })
  afterAll(() => at[Symbol.asyncDispose]())

  const inForce = async (host: Scope) =>
    (await at.api.bans.list.query({ host })).rows
      .map((ban) => `${ban.host} ${ban.jail} ${ban.address}`)
      .toSorted()
  const runningOn = async (host: Scope) =>
    (await at.api.jails.list.query({ host })).filter(({ running }) => running).map(({ name }) => name)
  const latest = (messages: readonly Live[], host: string) => {
    const found = messages.findLast((message) => 'runtime' in message && message.host === host)
    return found && 'runtime' in found ? found.runtime : undefined
  }

  it('are listed, each online', async () => {
    expect(await at.api.hosts.list.query()).toMatchObject([
      { id: 'local', kind: 'local', online: true },
      { id: 'web1', name: 'Web 1', kind: 'agent', online: true },
    ])
  })

  it('are named in requests: another name finds no host, and a change is about one of them', async () => {
    await expect(at.api.bans.list.query({ host: 'web2' })).rejects.toMatchObject({
      data: { code: 'NOT_FOUND', reason: 'host_not_found' },
    })
    for (const host of ['all', 'Web1', ''])
      await expect(at.api.jails.stop.mutate({ host, name: 'app' })).rejects.toMatchObject({
        data: { code: 'BAD_REQUEST', reason: 'invalid_input' },
      })
    expect(await runningOn('web1')).toContain('app')
  })

  it('run their own jails; a list of all names the host of each', async () => {
    expect(await runningOn('local')).toEqual(['app', 'only-local'])
    expect(await runningOn('web1')).toEqual(['app', 'only-web1'])
    const all = await at.api.jails.list.query({ host: 'all' })
    const running = all.flatMap(({ running: runs, host, name }) => (runs ? [[host, name]] : []))
    expect(running).toEqual([
      ['local', 'app'],
      ['local', 'only-local'],
      ['web1', 'app'],
      ['web1', 'only-web1'],
    ])
    expect(await at.api.jails.list.query()).toEqual(await at.api.jails.list.query({ host: 'local' }))
    await expect(at.api.jails.get.query({ name: 'only-web1' })).rejects.toMatchObject({
      data: { reason: 'jail_unknown' },
    })
    expect(await at.api.jails.get.query({ name: 'only-web1', host: 'web1' })).toMatchObject({ running: true })
  })

  it('ban what they are asked to, and nothing of the other', async () => {
    const ban = (host: string, addresses: string[]) =>
      at.api.bans.ban.mutate({ host, jail: 'app', addresses, reason: `on ${host}` })
    expect(await ban('local', [LOCAL, BOTH])).toMatchObject({ banned: 2 })
    expect(await ban('web1', [WEB1, BOTH])).toMatchObject({ banned: 2 })
    expect(await bannedBy(at.local)).toEqual([LOCAL, BOTH])
    expect(await bannedBy(at.web1)).toEqual([WEB1, BOTH])
    await eventually(async () => expect(await inForce('all')).toHaveLength(4))
    expect(await inForce('local')).toEqual([`undefined app ${LOCAL}`, `undefined app ${BOTH}`])
    expect(await inForce('web1')).toEqual([`undefined app ${WEB1}`, `undefined app ${BOTH}`])
    expect(await inForce('all')).toEqual([
      `local app ${LOCAL}`,
      `local app ${BOTH}`,
      `web1 app ${WEB1}`,
      `web1 app ${BOTH}`,
    ])
    const { rows } = await at.api.bans.list.query({ host: 'all', search: BOTH })
    expect(rows.map(({ host, reason, by }) => `${host} ${reason} ${by.name}`).toSorted()).toEqual([
      'local on local admin',
      'web1 on web1 admin',
    ])
    expect(await at.api.bans.counts.query()).toEqual([{ jail: 'app', count: 2 }])
  })

  it('find attacks of their own', async () => {
    await at.web1.logFailure('app', FOUND)
    await at.web1.logFailure('app', FOUND)
    await eventually(async () => expect(await bannedBy(at.web1)).toContain(FOUND))
    await eventually(async () => expect(await inForce('web1')).toHaveLength(3))
    expect(await inForce('local')).toHaveLength(2)
    expect(await bannedBy(at.local)).not.toContain(FOUND)
  })

  it('have statistics of their own, which add up and merge by address', async () => {
    const { stats } = at.api
    const range = '24h' as const
    const overview = async (host: Scope) => {
      const { bans, failures, activeBans, addresses } = await stats.overview.query({ host, range })
      return { bans, failures, activeBans, addresses }
    }
    await eventually(async () => {
      expect(await overview('local')).toEqual({ bans: 2, failures: 0, activeBans: 2, addresses: 2 })
      expect(await overview('web1')).toEqual({ bans: 3, failures: 2, activeBans: 3, addresses: 3 })
      expect(await overview('all')).toEqual({ bans: 5, failures: 2, activeBans: 5, addresses: 4 })
    })
    const byJail = async (host: Scope) =>
      (await stats.byJail.query({ host, range })).map(({ key, bans }) => [key, bans])
    expect(await byJail('local')).toEqual([['app', 2]])
    expect(await byJail('web1')).toEqual([['app', 3]])
    expect(await byJail('all')).toEqual([['app', 5]])
    const top = await stats.topAddresses.query({ host: 'all', range })
    expect(top[0]).toMatchObject({ key: BOTH, bans: 2 })
    expect(top).toHaveLength(4)
    const points = async (host: Scope) =>
      (await stats.trend.query({ host, range })).series.flatMap((series) => series.points)
    const sum = (numbers: readonly number[]) => numbers.reduce((one, other) => one + other, 0)
    expect([sum(await points('local')), sum(await points('web1')), sum(await points('all'))]).toEqual([
      2, 3, 5,
    ])
  })

  it('have a history of their own, and lines and details that are found by row and address', async () => {
    const history = async (host: Scope) =>
      (await at.api.history.list.query({ host })).rows.map((row) => `${row.host} ${row.address}`).toSorted()
    expect(await history('local')).toEqual([`undefined ${LOCAL}`, `undefined ${BOTH}`])
    expect(await history('all')).toEqual([
      `local ${LOCAL}`,
      `local ${BOTH}`,
      `web1 ${WEB1}`,
      `web1 ${FOUND}`,
      `web1 ${BOTH}`,
    ])
    const [row] = (await at.api.history.list.query({ host: 'web1', search: FOUND })).rows
    await eventually(async () =>
      expect((await at.api.history.lines.query({ id: row?.id ?? 0 })).lines).toHaveLength(2),
    )
    const detail = (host: Scope) => at.api.history.address.query({ host, address: BOTH })
    expect((await detail('local')).totals.bans).toBe(1)
    expect((await detail('web1')).totals.bans).toBe(1)
    expect((await detail('all')).totals.bans).toBe(2)
    const ignored = { jail: 'app', address: '198.51.100.7' }
    await at.api.jails.update.mutate({ host: 'web1', name: ignored.jail, addIgnored: [ignored.address] })
    const ignoring = async (host: Scope) => {
      const found = await at.api.history.address.query({ host, address: ignored.address })
      return [found.ignoredBy, found.ignoredOn]
    }
    expect(await ignoring('local')).toEqual([[], undefined])
    expect(await ignoring('web1')).toEqual([['app'], undefined])
    expect(await ignoring('all')).toEqual([['app'], [{ host: 'web1', jail: 'app' }]])
    expect((await at.api.history.address.query({ host: 'local', address: FOUND })).totals.bans).toBe(0)
    const live = async (host: Scope) =>
      (await at.api.history.list.query({ host, source: 'live' })).rows
        .map(({ address }) => address)
        .toSorted()
    await eventually(async () => expect(await live('local')).toEqual([LOCAL, BOTH]))
    await eventually(async () => expect(await live('web1')).toEqual([WEB1, FOUND, BOTH]))
    await expect(at.api.history.list.query({ host: 'all', source: 'live' })).rejects.toMatchObject({
      message: expect.stringContaining('one host at a time'),
      data: { reason: 'invalid_input' },
    })
  })

  it('are exported, those of all with their host', async () => {
    const file = async (name: string, input: object) => {
      const url = new URL(`api/export/${name}?input=${encodeURIComponent(JSON.stringify(input))}`, at.url)
      const response = await fetch(url, { headers: { cookie: at.cookie } })
      return (await response.text()).trimEnd().split(/\r?\n/)
    }
    const [header, ...rows] = await file('bans.csv', { host: 'all' })
    expect(header).toMatch(/^host,address,/)
    expect(rows.map((row) => row.split(',').slice(0, 2).join(' ')).toSorted()).toEqual([
      `local ${LOCAL}`,
      `local ${BOTH}`,
      `web1 ${WEB1}`,
      `web1 ${FOUND}`,
      `web1 ${BOTH}`,
    ])
    expect((await file('history.csv', { host: 'local' }))[0]).toMatch(/^address,/)
    expect(await file('history.csv', { host: 'local' })).toHaveLength(3)
  })

  it('unban what they are asked to, and the other keeps its ban', async () => {
    expect(await at.api.bans.unban.mutate({ host: 'web1', addresses: [BOTH] })).toMatchObject({ unbanned: 1 })
    expect(await bannedBy(at.local)).toContain(BOTH)
    expect(await bannedBy(at.web1)).not.toContain(BOTH)
    await eventually(async () => expect(await inForce('web1')).toHaveLength(2))
    expect(await inForce('local')).toHaveLength(2)
    await at.api.server.runJob.mutate({ name: 'event_reconcile' })
    await at.api.server.runJob.mutate({ name: 'web1:event_reconcile' })
    expect([await inForce('local'), await inForce('web1')]).toMatchObject([{ length: 2 }, { length: 2 }])
  })

  it('have a record of what was done to each, and an undo finds its host', async () => {
    const done = async (host: Scope) =>
      (await at.api.operations.list.query({ host })).rows.map((row) => `${row.host} ${row.kind}`).toSorted()
    expect(await done('local')).toEqual(['local ban'])
    expect(await done('web1')).toEqual(['web1 ban', 'web1 jail.update', 'web1 unban'])
    expect(await done('all')).toEqual(['local ban', 'web1 ban', 'web1 jail.update', 'web1 unban'])
    const [unban] = (await at.api.operations.list.query({ host: 'web1', kind: 'unban' })).rows
    await at.api.operations.undo.mutate({ id: unban?.id ?? '' })
    await eventually(async () => expect(await bannedBy(at.web1)).toContain(BOTH))
    expect(await bannedBy(at.local)).toEqual([LOCAL, BOTH])
    await at.api.bans.unban.mutate({ host: 'web1', addresses: [BOTH] })
    await eventually(async () => expect(await inForce('web1')).toHaveLength(2))
  })

  it('switch a jail on one, and the other is left alone', async () => {
    expect(await at.api.jails.activate.mutate({ host: 'web1', name: 'spare' })).toMatchObject({
      applied: true,
    })
    expect(await runningOn('web1')).toEqual(['app', 'only-web1', 'spare'])
    expect(await runningOn('local')).toEqual(['app', 'only-local'])
    expect(await at.api.jails.deactivate.mutate({ host: 'web1', name: 'spare' })).toMatchObject({
      applied: true,
    })
    expect(await runningOn('web1')).toEqual(['app', 'only-web1'])
    expect(await at.api.jails.setIdle.mutate({ host: 'web1', name: 'app', idle: true })).toBeDefined()
    const idle = (await at.api.jails.list.query({ host: 'all' })).filter((jail) => jail.idle)
    expect(idle.map(({ host, name }) => [host, name])).toEqual([['web1', 'app']])
    await at.api.jails.setIdle.mutate({ host: 'web1', name: 'app', idle: false })
  })

  it('are paused one by one', async () => {
    await at.api.pause.start.mutate({ host: 'web1', minutes: 5 })
    const idle = async () =>
      (await at.api.jails.list.query({ host: 'all' })).flatMap((jail) => (jail.idle ? [jail.host] : []))
    expect(await idle()).toEqual(['web1', 'web1'])
    await expect(at.api.pause.end.mutate({ host: 'local' })).rejects.toMatchObject({
      data: { reason: 'pause_none' },
    })
    expect(await idle()).toEqual(['web1', 'web1'])
    await at.api.pause.end.mutate({ host: 'web1' })
    expect(await idle()).toEqual([])
  })

  it('end bans after a custom duration on their own host alone', async () => {
    const ban = { jail: 'app', addresses: ['45.6.6.6'] }
    await at.api.bans.ban.mutate({ ...ban, host: 'local' })
    await at.api.bans.ban.mutate({ ...ban, host: 'web1', duration: 1 })
    const ended = (host: Scope) => at.api.operations.list.query({ host, actor: 'timer' })
    await eventually(async () => {
      await at.api.server.runJob.mutate({ name: 'timed_unbans' })
      await at.api.server.runJob.mutate({ name: 'web1:timed_unbans' })
      expect((await ended('web1')).rows).toMatchObject([{ host: 'web1', askedBy: ['admin'], state: 'done' }])
    })
    expect((await ended('local')).rows).toEqual([])
    expect(await bannedBy(at.web1)).not.toContain('45.6.6.6')
    expect(await bannedBy(at.local)).toContain('45.6.6.6')
    await at.api.bans.unban.mutate({ host: 'local', addresses: ban.addresses })
  })

  it('restart the daemon of one, with its bans, and not the other', async () => {
    const changes = (host: 'local' | 'web1') =>
      at.events[host].filter(({ event }) => event.type === 'daemon.changed').length
    const before = { local: changes('local'), web1: changes('web1') }
    const pids = [await at.local.pid(), await at.web1.pid()]
    expect(await at.api.server.restart.mutate({ host: 'web1' })).toMatchObject({ online: true })
    expect(await at.local.pid()).toBe(pids[0])
    expect(await at.web1.pid()).not.toBe(pids[1])
    await eventually(async () => expect(await bannedBy(at.web1)).toEqual([WEB1, FOUND]))
    await eventually(async () => expect(await inForce('web1')).toHaveLength(2))
    await eventually(() => expect(changes('web1')).toBeGreaterThan(before.web1))
    expect(changes('local')).toBe(before.local)
  })

  it('roll back a change that crashed one, while the other stays online', async () => {
    await at.api.jails.activate.mutate({ host: 'web1', name: 'bad' })
    await eventually(() =>
      expect(latest(at.live.web1.messages, 'web1')).toMatchObject({
        serverStatus: { online: false },
        pendingRecovery: { jailName: 'bad', cause: 'crashed', recovered: false },
      }),
    )
    expect(await at.api.recovery.pending.query({ host: 'local' })).toBeNull()
    expect(await at.api.server.status.query({ host: 'local' })).toMatchObject({ online: true })
    await expect(at.api.recovery.rollback.mutate({ host: 'local' })).rejects.toMatchObject({
      data: { reason: 'recovery_none' },
    })
    expect(await at.api.recovery.rollback.mutate({ host: 'web1' })).toMatchObject({
      started: true,
      online: true,
    })
    await eventually(async () => expect(await runningOn('web1')).toEqual(['app', 'only-web1']))
    await eventually(async () => expect(await bannedBy(at.web1)).toEqual([WEB1, FOUND]))
    await at.api.recovery.dismiss.mutate({ host: 'web1' })
    expect(await bannedBy(at.local)).toEqual([LOCAL, BOTH])
  })

  it('stream their own state, and all of it together, each with its host', async () => {
    await eventually(() => {
      for (const messages of [at.live.all.messages, at.live.unnamed.messages]) {
        expect(latest(messages, 'local')?.pendingRecovery).toBeNull()
        expect(latest(messages, 'web1')).toMatchObject({ host: 'web1', pendingRecovery: null })
      }
    })
    const hostsOf = (items: readonly { readonly host: string }[]) => [
      ...new Set(items.map(({ host }) => host)),
    ]
    expect(hostsOf(at.live.local.messages)).toEqual(['local'])
    expect(hostsOf(at.live.web1.messages)).toEqual(['web1'])
    expect(hostsOf(at.live.all.messages).toSorted()).toEqual(['local', 'web1'])
    const snapshots = at.live.unnamed.messages.filter(({ type }) => type === 'snapshot')
    expect(hostsOf(snapshots)).toEqual(['local', 'web1'])
    expect(hostsOf(at.states.local)).toEqual(['local'])
    expect(hostsOf(at.states.web1)).toEqual(['web1'])
    expect(hostsOf(at.states.unnamed).toSorted()).toEqual(['local', 'web1'])
    for (const seen of Object.values(at.states)) {
      const changed = seen.filter(({ revision }) => revision > 0).map(({ revision }) => revision)
      expect(new Set(changed).size).toBe(changed.length)
    }
    const nobody = at.live.local.messages.flatMap((message) =>
      message.type === 'events' ? message.events : [],
    )
    expect(nobody.map(addressOf)).not.toContain(WEB1)
    expect(nobody.map(addressOf)).not.toContain(FOUND)
  })

  it('stream their events, each once and in order, and those of both together', async () => {
    const { local, web1, all } = at.events
    const keyOf = ({ id, event }: (typeof all)[number]) => `${id} ${event.host}`
    await eventually(() =>
      expect(all.map(keyOf).toSorted()).toEqual([...local, ...web1].map(keyOf).toSorted()),
    )
    const ids = all.map(({ id }) => Number(id))
    expect(ids).toEqual(ids.toSorted((one, other) => one - other))
    expect(new Set(ids).size).toBe(ids.length)
    expect(new Set(local.map(({ event }) => event.host))).toEqual(new Set(['local']))
    expect(new Set(web1.map(({ event }) => event.host))).toEqual(new Set(['web1']))
    expect(web1.map(({ event }) => [event.type, addressOf(event)])).toContainEqual(['failure.found', FOUND])
    const past = await at.api.history.events.query({ host: 'all', limit: 500 })
    expect(past.map(({ seq, event }) => `${seq} ${event.host}`).toReversed()).toEqual(
      expect.arrayContaining(all.map(keyOf)),
    )
  })
})
