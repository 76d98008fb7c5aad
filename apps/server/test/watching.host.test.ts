import { DatabaseSync } from 'node:sqlite'
import { createDaemonConnection, createPrivateDaemon, type PrivateDaemon } from '@bangui/fail2ban'
import type { HistoryRow } from '@bangui/shared'
import { describe, expect, it } from 'vitest'
import { signIn, unattended, type ApiClient } from './api-client.ts'
import { startBangui, type BanguiProcess } from './bangui-process.ts'
import { environmentOf } from './daemon-environment.ts'
import { eventually } from './eventually.ts'

/** A real fail2ban with jails whose actions do nothing, and what is needed to look at it with BanGUI. */
async function setUp() {
  const stack = new AsyncDisposableStack()
  const daemon = stack.use(
    await createPrivateDaemon({
      jails: [
        { name: 'sshd', bantime: '1h' },
        { name: 'web', bantime: '1h' },
      ],
    }),
  )
  await daemon.start()
  const environment = { ...environmentOf(daemon), ...unattended }
  const start = async () => {
    const bangui = stack.use(await startBangui(environment))
    const { api } = await signIn(bangui.url)
    return { bangui, api }
  }
  return { daemon, start, environment, [Symbol.asyncDispose]: () => stack.disposeAsync() }
}

const address = (n: number) => `203.${n >> 16}.${(n >> 8) & 255}.${n & 255}`

const banDirectly = (daemon: PrivateDaemon, jail: string, ...addresses: string[]) =>
  daemon.ask('set', jail, 'banip', ...addresses)

/** Bans that were over before BanGUI was there: more than it takes in between two kills. */
const PAST = 30_000

function seedPast(daemon: PrivateDaemon): void {
  const database = new DatabaseSync(daemon.dbfile, { timeout: 5_000 })
  const insert = database.prepare(
    'insert into bans (jail, ip, timeofban, bantime, data) values (?, ?, ?, 600, ?)',
  )
  const start = Math.floor(Date.now() / 1_000) - 20 * 3_600
  const data = Buffer.from('{"matches": ["a line"], "failures": 3}')
  database.exec('begin')
  for (let n = 0; n < PAST; n += 1)
    insert.run(n % 2 === 0 ? 'web' : 'sshd', address(n).replace('203', '198'), start + n, data)
  database.exec('commit')
  database.close()
}

/** Every ban of the archive, page by page. */
async function wholeHistory(api: ApiClient['api']): Promise<HistoryRow[]> {
  const rows: HistoryRow[] = []
  let cursor: string | null = null
  do {
    const page: { rows: HistoryRow[]; nextCursor: string | null } = await api.history.list.query({
      cursor,
      limit: 500,
    })
    rows.push(...page.rows)
    cursor = page.nextCursor
  } while (cursor !== null)
  return rows
}

const keysOf = (rows: readonly HistoryRow[]) => rows.map((row) => `${row.jail} ${row.address}`).toSorted()

describe('watching a real fail2ban', { concurrent: true }, () => {
  it('has a ban of fail2ban itself: active, in the history, in the statistics, emitted once', async () => {
    await using at = await setUp()
    const { api } = await at.start()
    const told: unknown[] = []
    const subscription = api.events.watch.subscribe(undefined, { onData: ({ data }) => told.push(data) })
    for (let attempt = 0; attempt < 3; attempt += 1) await at.daemon.logFailure('sshd', '203.0.113.9')
    await eventually(() =>
      expect(told).toContainEqual(
        expect.objectContaining({ type: 'ban.added', jail: 'sshd', address: '203.0.113.9' }),
      ),
    )
    const { rows, total } = await api.bans.list.query({})
    expect(total).toBe(1)
    expect(rows[0]).toMatchObject({ address: '203.0.113.9', jail: 'sshd', duration: 3600, times: 1 })
    expect(await wholeHistory(api)).toHaveLength(1)
    const numbers = { bans: 1, failures: 3, activeBans: 1, addresses: 1, newAddresses: 1 }
    await eventually(async () =>
      expect(await api.stats.overview.query({ range: '24h' })).toMatchObject(numbers),
    )
    expect(await api.stats.byJail.query({ range: '24h' })).toMatchObject([{ key: 'sshd', bans: 1 }])
    await at.daemon.ask('set', 'sshd', 'unbanip', '203.0.113.9')
    await eventually(() => expect(told).toContainEqual(expect.objectContaining({ type: 'ban.removed' })))
    expect((await api.bans.list.query({})).total).toBe(0)
    const [row] = await wholeHistory(api)
    expect(row).toMatchObject({ active: false, endReason: 'unbanned' })
    expect(told.filter((event) => (event as { type: string }).type === 'ban.added')).toHaveLength(1)
    subscription.unsubscribe()
  })

  it('has the bans of the time before its first start and while it did not run, once', async () => {
    await using at = await setUp()
    await banDirectly(at.daemon, 'sshd', address(1), address(2))
    await at.daemon.ask('set', 'sshd', 'unbanip', address(2))
    const first = await at.start()
    // an unban waits until it is sure that it ended a ban
    await eventually(async () => {
      expect(keysOf(await wholeHistory(first.api))).toHaveLength(2)
      expect((await first.api.bans.list.query({})).rows.map((row) => row.address)).toEqual([address(1)])
    })
    await first.bangui.kill('SIGTERM')
    await banDirectly(at.daemon, 'web', address(3))
    await at.daemon.ask('set', 'sshd', 'unbanip', address(1))
    const second = await at.start()
    await eventually(async () => {
      expect(keysOf(await wholeHistory(second.api))).toEqual(
        [`sshd ${address(1)}`, `sshd ${address(2)}`, `web ${address(3)}`].toSorted(),
      )
      expect((await second.api.bans.list.query({})).rows.map((row) => row.address)).toEqual([address(3)])
    })
  })

  it('takes a restart of the daemon with many bans for what it is: nothing ended, nothing began', async () => {
    await using at = await setUp()
    const { api } = await at.start()
    const addresses = Array.from({ length: 400 }, (_, n) => address(n + 1))
    const total = async () => (await api.bans.list.query({})).total
    const told: string[] = []
    const subscription = api.events.watch.subscribe(undefined, {
      onData: ({ data }) => told.push(data.type),
    })
    await banDirectly(at.daemon, 'sshd', ...addresses)
    // fail2ban's database can have a ban before its line is read
    await eventually(() => expect(told.filter((type) => type === 'ban.added')).toHaveLength(400))
    told.length = 0
    await at.daemon.stop()
    await at.daemon.start()
    await eventually(async () => expect((await api.server.probe.mutate()).currentlyBanned).toBe(400))
    await eventually(() => expect(told.filter((type) => type === 'daemon.changed').length).toBeGreaterThan(1))
    await eventually(async () => expect(await total()).toBe(400))
    await api.server.runJob.mutate({ name: 'event_reconcile' })
    expect(told.filter((type) => type.startsWith('ban.'))).toEqual([])
    expect(await total()).toBe(400)
    expect(await wholeHistory(api)).toHaveLength(400)
    subscription.unsubscribe()
  })

  it(
    'loses no ban and doubles none, killed with -9 fifty times while they come and its history is imported',
    { timeout: 600_000 },
    // the common one does not poll where tests run side by side
    async ({ expect: own }) => {
      await using at = await setUp()
      seedPast(at.daemon)
      const connection = createDaemonConnection({ socketPath: at.daemon.socketPath })
      let [made, round] = [0, 0]
      const over = new AbortController()
      const banning = (async () => {
        while (!over.signal.aborted) {
          await new Promise((resolve) => setTimeout(resolve, 20))
          if (made >= (round + 1) * 200) continue
          const batch = Array.from({ length: 10 }, () => address(++made))
          await connection.request(['set', made % 3 === 0 ? 'web' : 'sshd', 'banip', ...batch], {
            write: true,
          })
        }
      })()
      let bangui: BanguiProcess | undefined
      for (; round < 50; round += 1) {
        bangui = await startBangui(at.environment)
        // anywhere from its first look to a steady intake
        await new Promise((resolve) => setTimeout(resolve, (round * 37) % 400))
        await bangui.kill('SIGKILL')
      }
      over.abort()
      await banning
      await connection.close()
      const { api } = await at.start()
      const patience = { timeout: 120_000, interval: 250 }
      await own.poll(async () => (await api.bans.list.query({ limit: 1 })).total, patience).toBe(made)
      const overview = () => api.stats.overview.query({ range: '24h' })
      await own.poll(async () => (await overview()).bans, patience).toBe(made + PAST)
      const keys = keysOf(await wholeHistory(api))
      expect(keys).toHaveLength(made + PAST)
      expect(new Set(keys).size).toBe(made + PAST)
    },
  )
})
