import { DatabaseSync } from 'node:sqlite'
import type { PrivateDaemon, PrivateJail } from '@bangui/fail2ban'
import type { Event, HistoryRow } from '@bangui/shared'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { signIn, unattended, watchLive, type ApiClient } from './api-client.ts'
import { startBangui, type BanguiOptions, wired } from './bangui-process.ts'
import { bannedIn } from './banned-in.ts'
import { environmentOf } from './daemon-environment.ts'
import { eventually } from './eventually.ts'
import { latestRuntime } from './latest-runtime.ts'

/** A daemon that runs with {@link hostJails}, and how BanGUI is started on it. */
export interface HostUnderTest extends AsyncDisposable {
  readonly daemon: PrivateDaemon
  /** further variables of BanGUI's environment */
  readonly environment?: Readonly<Record<string, string>>
  readonly options?: BanguiOptions
  /** whether BanGUI may read fail2ban's database */
  readonly readsDatabase: boolean
}

const PAST = '45.90.0.1'
const FOUND = '45.1.0.1'
const HOUR = 3_600

/** Each test has jails of its own, as all share one daemon. */
export const hostJails: readonly PrivateJail[] = [
  { name: 'found', bantime: '1h', maxretry: 2 },
  { name: 'manual', bantime: '1h', options: { ignoreip: '198.51.100.0/24' } },
  {
    name: 'growing',
    bantime: 2,
    options: { 'bantime.increment': 'true', 'bantime.multipliers': '1 1800 86400' },
  },
  { name: 'paused', bantime: '1h' },
  { name: 'kept', bantime: '1h' },
  { name: 'tuned', bantime: '1h' },
  { name: 'spare', enabled: false },
  { name: 'broken', enabled: false, failregex: '^(unclosed <HOST>$' },
]

/** The jails that run at first, in the order in which BanGUI lists them. */
const firstJails = hostJails
  .filter(({ enabled }) => enabled !== false)
  .map(({ name }) => name)
  .toSorted()

/** Writes a ban of yesterday, which is over, into fail2ban's own database. */
export function addPastBan({ dbfile }: PrivateDaemon): void {
  const database = new DatabaseSync(dbfile, { timeout: 5_000 })
  const data = Buffer.from(JSON.stringify({ matches: ['a line of yesterday'], failures: 3 }))
  database
    .prepare('insert into bans (jail, ip, timeofban, bantime, bancount, data) values (?, ?, ?, 600, 1, ?)')
    .run('found', PAST, Math.floor(Date.now() / 1_000) - 20 * HOUR, data)
  database.close()
}

async function openHost(host: HostUnderTest) {
  await using opened = new AsyncDisposableStack()
  opened.use(host)
  const { daemon, options } = host
  const environment = { ...environmentOf(daemon), ...unattended, ...host.environment }
  const bangui = opened.use(await startBangui(environment, { program: wired, ...options }))
  const { api } = await signIn(bangui.url)
  const live = opened.use(watchLive(api))
  const events: Event[] = []
  const subscription = api.events.watch.subscribe(undefined, { onData: ({ data }) => events.push(data) })
  opened.defer(() => subscription.unsubscribe())
  await eventually(() => expect(latestRuntime(live)?.serverStatus).toMatchObject({ online: true }))
  const stack = opened.move()
  return {
    host,
    daemon,
    api,
    bangui,
    runtime: () => latestRuntime(live),
    eventsOf: (jail: string) => events.filter((event) => 'jail' in event && event.jail === jail),
    inForce: async (jail: string) => (await api.bans.list.query({ jail, limit: 500 })).rows,
    history: (search: string) => historyOf(api, search),
    banned: async (jail: string) => (await bannedIn(daemon, jail)).toSorted(),
    running: async () =>
      (await api.jails.list.query()).filter((jail) => jail.running).map(({ name }) => name),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

const historyOf = async (api: ApiClient['api'], search: string): Promise<readonly HistoryRow[]> =>
  (await api.history.list.query({ search, limit: 500 })).rows

/** Whether an event is about a ban or what led to it: others, such as findings, come when they come. */
const isOfBan = (type: string): boolean => /^(?:failure|ban)\./.test(type)

/** Whether two moments are the same to fail2ban, which counts whole seconds in one place and rounds in another. */
const near = (moment: number | null | undefined, other: number) =>
  Math.abs((moment ?? Number.NaN) - other) <= 2_000

/** Tests what BanGUI promises with every fail2ban that it supports; `name` tells which one. */
export function testHost(name: string, version: string, setUp: () => Promise<HostUnderTest>): void {
  describe(`fail2ban ${name}`, () => {
    let at: Awaited<ReturnType<typeof openHost>>
    beforeAll(async () => {
      at = await openHost(await setUp())
    })
    afterAll(async () => {
      await at[Symbol.asyncDispose]()
    })

    it('is online with its version and its jails, each with its settings', async () => {
      expect(await at.api.server.status.query()).toMatchObject({ online: true, version })
      expect(await at.running()).toEqual(firstJails)
      expect(await at.api.jails.get.query({ name: 'tuned' })).toMatchObject({ name: 'tuned', running: true })
      expect(await at.api.jails.tuning.query({ name: 'tuned' })).toMatchObject({
        bantime: HOUR,
        findtime: 600,
        maxretry: 3,
      })
      expect((await at.api.server.log.query()).lines.join('\n')).toContain(`Starting Fail2ban v${version}`)
    })

    it('shows failures, the ban that they lead to and its end, each once', async () => {
      const before = Date.now()
      await at.daemon.logFailure('found', FOUND)
      await at.daemon.logFailure('found', FOUND)
      const [ban] = await eventually(async () => {
        const bans = await at.inForce('found')
        expect(bans).toMatchObject([{ address: FOUND, duration: HOUR, times: 1, by: { kind: 'fail2ban' } }])
        return bans
      })
      expect(near(ban?.since, before)).toBe(true)
      expect(near(ban?.until, before + HOUR * 1_000)).toBe(true)
      await at.daemon.ask('set', 'found', 'unbanip', FOUND)
      await eventually(async () => expect(await at.inForce('found')).toEqual([]))
      // it may have been there early enough to see the jail start
      const told = () => at.eventsOf('found').flatMap(({ type }) => (isOfBan(type) ? [type] : []))
      await eventually(() =>
        expect(told()).toEqual(['failure.found', 'failure.found', 'ban.added', 'ban.removed']),
      )
      expect(await at.history(FOUND)).toMatchObject([{ active: false, endReason: 'unbanned' }])
    })

    it('bans addresses and networks that a user names, and ends these bans', async () => {
      const addresses = ['45.2.0.1', '2A02:0::1', '45.2.1.0/24', '45.2.1.9', '198.51.100.7']
      const result = await at.api.bans.ban.mutate({ jail: 'manual', addresses, reason: 'a scanner' })
      expect(result).toMatchObject({ banned: 4, refused: [{ reason: 'ignored' }] })
      expect(await at.banned('manual')).toEqual(['2a02::1', '45.2.0.1', '45.2.1.0/24', '45.2.1.9'])
      await eventually(async () => expect(await at.inForce('manual')).toHaveLength(4))
      for (const ban of await at.inForce('manual')) {
        expect(ban).toMatchObject({ by: { kind: 'user', name: 'admin' }, reason: 'a scanner' })
        expect(near(ban.until, ban.since + HOUR * 1_000)).toBe(true)
      }
      const short = { jail: 'manual', addresses: ['45.2.0.2'], duration: 2 }
      expect(await at.api.bans.ban.mutate(short)).toMatchObject({ banned: 1 })
      await eventually(async () => expect(await at.banned('manual')).not.toContain('45.2.0.2'))
      const network = { jail: 'manual', addresses: ['45.2.1.0/24'] }
      expect(await at.api.bans.unban.mutate(network)).toMatchObject({ unbanned: 2 })
      expect(await at.banned('manual')).toEqual(['2a02::1', '45.2.0.1'])
      await eventually(async () => expect(await at.inForce('manual')).toHaveLength(2))
      expect(await at.api.bans.unban.mutate({ addresses: ['2a02::1', '45.2.0.1'] })).toEqual({
        unbanned: 2,
        absent: 0,
      })
      await eventually(async () => expect(await at.inForce('manual')).toEqual([]))
    })

    it('makes the second ban of an address longer, to the second', async () => {
      const address = '45.3.0.1'
      await at.daemon.ask('set', 'growing', 'banip', address)
      await eventually(async () => expect(await at.banned('growing')).toEqual([]))
      await at.daemon.ask('set', 'growing', 'banip', address)
      const before = Date.now()
      const until = before + 2 * 1_800 * 1_000
      const extended = await eventually(() => {
        const event = at.eventsOf('growing').find(({ type }) => type === 'ban.extended')
        expect(event).toMatchObject({ address, times: 2 })
        return event
      })
      expect('until' in extended! && near(extended.until, until)).toBe(true)
      await eventually(async () => {
        const [ban] = await at.inForce('growing')
        expect(ban).toMatchObject({ address, duration: 2 * 1_800, times: 2 })
        expect(near(ban?.until, until)).toBe(true)
      })
    })

    it('stops one jail and starts it again, which ends no ban', async () => {
      await at.api.bans.ban.mutate({ jail: 'paused', addresses: ['45.4.0.1'], reason: 'kept' })
      const [before] = await eventually(async () => {
        const bans = await at.inForce('paused')
        expect(bans).toMatchObject([{ address: '45.4.0.1', reason: 'kept' }])
        return bans
      })
      await at.api.jails.stop.mutate({ name: 'paused' })
      expect(await at.running()).not.toContain('paused')
      await at.api.jails.start.mutate({ name: 'paused' })
      await eventually(async () => expect(await at.banned('paused')).toEqual(['45.4.0.1']))
      await eventually(async () => {
        expect(await at.inForce('paused')).toMatchObject([{ id: before?.id, reason: 'kept', times: 1 }])
      })
      expect(await at.history('45.4.0.1')).toHaveLength(1)
      expect(await at.api.recovery.pending.query()).toBeNull()
    })

    it('tunes a jail until its next reload', async () => {
      const tuning = () => at.api.jails.tuning.query({ name: 'tuned' })
      const changes = { bantime: '2h', maxretry: 7, addIgnored: ['45.5.0.9'] }
      await at.api.jails.update.mutate({ name: 'tuned', ...changes })
      expect(await tuning()).toMatchObject({ bantime: 2 * HOUR, maxretry: 7, ignored: ['45.5.0.9'] })
      await at.api.bans.ban.mutate({ jail: 'tuned', addresses: ['45.5.0.1'] })
      const [ban] = await eventually(async () => {
        const bans = await at.inForce('tuned')
        expect(bans).toHaveLength(1)
        return bans
      })
      expect(near(ban?.until, ban!.since + 2 * HOUR * 1_000)).toBe(true)
      await at.api.jails.reload.mutate({ name: 'tuned' })
      expect(await tuning()).toMatchObject({ bantime: HOUR, maxretry: 3, ignored: [] })
    })

    it('switches a jail on and off, and says what fail2ban would refuse', async () => {
      const preview = (jail: string) => at.api.jails.preview.query({ name: jail, enabled: true })
      expect(await preview('broken')).toMatchObject({ refused: expect.stringMatching(/regex|unclosed/i) })
      await expect(at.api.jails.activate.mutate({ name: 'broken' })).rejects.toMatchObject({
        message: expect.stringMatching(/regex|unclosed/i),
        data: { reason: 'config_refused' },
      })
      expect(await preview('spare')).toMatchObject({ refused: null })
      expect(await at.api.jails.activate.mutate({ name: 'spare' })).toMatchObject({ applied: true })
      expect(await at.running()).toEqual([...firstJails, 'spare'].toSorted())
      expect(await at.api.jails.deactivate.mutate({ name: 'spare' })).toMatchObject({ applied: true })
      expect(await at.running()).toEqual(firstJails)
    })

    it('restarts with its bans: none ends, none begins', async () => {
      const addresses = Array.from({ length: 50 }, (_, index) => `45.6.0.${index}`)
      await at.daemon.ask('set', 'kept', 'banip', ...addresses)
      const before = await eventually(async () => {
        const bans = await at.inForce('kept')
        expect(bans).toHaveLength(addresses.length)
        return bans
      })
      const pid = await at.daemon.pid()
      expect(await at.api.server.restart.mutate()).toMatchObject({
        online: true,
        activeJails: firstJails.length,
      })
      expect(await at.daemon.pid()).not.toBe(pid)
      await eventually(async () => expect(await at.banned('kept')).toHaveLength(addresses.length))
      await at.api.server.runJob.mutate({ name: 'event_reconcile' })
      const after = await at.inForce('kept')
      expect(new Set(after.map(({ id }) => id))).toEqual(new Set(before.map(({ id }) => id)))
      expect(after).toHaveLength(before.length)
      const told = at.eventsOf('kept').flatMap(({ type }) => (isOfBan(type) ? [type] : []))
      expect(told).toEqual(addresses.map(() => 'ban.added'))
      expect(await at.api.recovery.pending.query()).toBeNull()
    })

    it('has the history of before BanGUI where its database can be read, else says why not', async () => {
      const { readsDatabase } = at.host
      if (!readsDatabase) {
        expect(at.runtime()?.watching.database).toMatchObject({ state: 'unreadable' })
        expect(await at.history(PAST)).toEqual([])
        return
      }
      const rows = await eventually(async () => {
        const found = await at.history(PAST)
        expect(found).toHaveLength(1)
        return found
      })
      expect(rows).toMatchObject([{ jail: 'found', active: false, duration: 600, attempts: 3 }])
      const live = await at.api.history.list.query({ search: PAST, source: 'live' })
      expect(live.rows).toMatchObject([{ jail: 'found', duration: 600 }])
    })

    it('dies of a jail, which is noticed, and comes back with one click', async () => {
      await at.daemon.addCrashingJail('crasher')
      await at.api.jails.activate.mutate({ name: 'crasher' })
      await eventually(() =>
        expect(at.runtime()).toMatchObject({
          serverStatus: { online: false },
          pendingRecovery: { jailName: 'crasher', cause: 'crashed', recovered: false },
        }),
      )
      expect(await at.api.recovery.rollback.mutate()).toMatchObject({ started: true, online: true })
      expect(await at.running()).toEqual(firstJails)
      await at.api.recovery.dismiss.mutate()
    })

    it('stops and starts when it is told to', async () => {
      expect(await at.api.server.stop.mutate()).toMatchObject({ online: false })
      expect(await at.daemon.pid()).toBeUndefined()
      expect(await at.api.server.start.mutate()).toMatchObject({
        online: true,
        activeJails: firstJails.length,
      })
      expect(await at.api.server.reload.mutate()).toMatchObject({ applied: true })
      expect(await at.running()).toEqual(firstJails)
      expect(await at.api.recovery.pending.query()).toBeNull()
    })

    it('writes settings for good, and sets up its own jail for bans that last longer', async () => {
      const change = { name: 'tuned', maxretry: 9, permanent: true }
      expect(await at.api.jails.update.mutate(change)).toMatchObject({ applied: true })
      expect(await at.api.bans.setUpManualJail.mutate()).toMatchObject({ applied: true })
      expect(await at.api.server.reload.mutate()).toMatchObject({ applied: true })
      expect(await at.api.jails.tuning.query({ name: 'tuned' })).toMatchObject({ maxretry: 9 })
      const ban = { jail: 'manual', addresses: ['45.2.0.7'], duration: '-1' }
      expect(await at.api.bans.ban.mutate(ban)).toMatchObject({ banned: 1, jail: 'bangui' })
      await eventually(async () => {
        const inForce = await at.inForce('bangui')
        expect(inForce).toMatchObject([{ address: '45.2.0.7', until: null, duration: -1 }])
      })
    })
  })
}
