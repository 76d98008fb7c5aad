import { truncate } from 'node:fs/promises'
import { DatabaseSync } from 'node:sqlite'
import { createPrivateDaemon, type PrivateDaemon } from '@bangui/fail2ban'
import { describe, expect, it } from 'vitest'
import { signIn, unattended } from './api-client.ts'
import { startBangui } from './bangui-process.ts'
import { bannedIn } from './banned-in.ts'
import { environmentOf } from './daemon-environment.ts'
import { eventually } from './eventually.ts'

async function setUp() {
  const stack = new AsyncDisposableStack()
  const daemon = stack.use(
    await createPrivateDaemon({ jails: [{ name: 'app', bantime: '1h', maxretry: 2 }] }),
  )
  await daemon.start()
  const start = async () => {
    const bangui = stack.use(await startBangui({ ...environmentOf(daemon), ...unattended }))
    return { bangui, api: (await signIn(bangui.url)).api }
  }
  return { daemon, start, [Symbol.asyncDispose]: () => stack.disposeAsync() }
}

/** The addresses that fail2ban itself remembers. */
function remembered({ dbfile }: PrivateDaemon): string[] {
  const database = new DatabaseSync(dbfile)
  const rows = database.prepare('select distinct ip from bans order by ip').all()
  database.close()
  return rows.map(({ ip }) => String(ip))
}

/** What fail2ban does once a day with what is older than `dbpurgeage`. */
function purge({ dbfile }: PrivateDaemon): void {
  const database = new DatabaseSync(dbfile)
  database.exec('delete from bans')
  database.close()
}

describe('the history of BanGUI', { concurrent: true }, () => {
  it('begins with fail2ban’s records at its first start, also where the log was removed', async () => {
    await using at = await setUp()
    for (const user of ['eve', 'mallory']) await at.daemon.logFailure('app', '45.1.1.1', user)
    await at.daemon.ask('set', 'app', 'banip', '45.2.2.2')
    await eventually(() => expect(remembered(at.daemon)).toEqual(['45.1.1.1', '45.2.2.2']))
    await truncate(at.daemon.logfile)
    const { api } = await at.start()
    const rows = await eventually(async () => {
      const page = await api.history.list.query({})
      expect(page.rows).toHaveLength(2)
      return page.rows
    })
    const found = rows.find(({ address }) => address === '45.1.1.1')
    expect(found).toMatchObject({ jail: 'app', active: true, attempts: 2, duration: 3_600, times: 1 })
    const { lines } = await api.history.lines.query({ id: found?.id ?? 0 })
    expect(lines).toEqual([expect.stringContaining('eve'), expect.stringContaining('mallory')])
  })

  it('emits no ban that was restored before its first start, and returns since when it counts failures', async () => {
    await using at = await setUp()
    await at.daemon.ask('set', 'app', 'banip', '45.2.2.2', '45.3.3.3')
    await eventually(() => expect(remembered(at.daemon)).toEqual(['45.2.2.2', '45.3.3.3']))
    await at.daemon.stop()
    await truncate(at.daemon.logfile)
    await at.daemon.start()
    const { api } = await at.start()
    await eventually(async () => expect((await api.bans.list.query({})).total).toBe(2))
    const told = await eventually(async () => {
      const events = await api.history.events.query({})
      expect(events.map(({ event }) => event.type)).toContain('jail.changed')
      return events.map(({ event }) => event.type)
    })
    expect(told).not.toContain('ban.added')
    const { rows } = await api.history.list.query({})
    expect(rows.map(({ times, active }) => [times, active])).toEqual([
      [1, true],
      [1, true],
    ])
    const { failuresSince = 0 } = await api.stats.overview.query({ range: '24h' })
    expect(Date.now() - failuresSince).toBeLessThan(3_600_000)
  })

  it('keeps a ban that somebody ended and those that fail2ban has purged, with their lines', async () => {
    await using at = await setUp()
    const { api } = await at.start()
    for (const user of ['eve', 'mallory']) await at.daemon.logFailure('app', '45.1.1.1', user)
    await at.daemon.ask('set', 'app', 'banip', '45.2.2.2')
    const linesOf = async (address: string) => {
      const { rows } = await api.history.list.query({ search: address })
      return (await api.history.lines.query({ id: rows[0]?.id ?? 0 })).lines
    }
    await eventually(async () => expect(await linesOf('45.1.1.1')).toHaveLength(2))
    await api.bans.unban.mutate({ addresses: ['45.1.1.1'] })
    await eventually(() => expect(remembered(at.daemon)).toEqual(['45.2.2.2']))
    purge(at.daemon)
    await api.server.runJob.mutate({ name: 'event_reconcile' })
    const { rows } = await api.history.list.query({})
    expect(rows).toHaveLength(2)
    expect(rows.find(({ address }) => address === '45.2.2.2')).toMatchObject({ active: true })
    expect(rows.find(({ address }) => address === '45.1.1.1')).toMatchObject({
      endReason: 'unbanned',
      endedBy: 'admin',
    })
    expect(await linesOf('45.1.1.1')).toHaveLength(2)
    await eventually(async () =>
      expect(await api.stats.overview.query({ range: '24h' })).toMatchObject({ bans: 2, failures: 2 }),
    )
  })
})

describe('fail2ban', () => {
  it('bans, unbans and answers as before while BanGUI hangs or does not run, and BanGUI has all of it later', async () => {
    await using at = await setUp()
    const { bangui, api } = await at.start()
    await eventually(async () =>
      expect(await api.server.status.query()).toMatchObject({ online: true, responding: true }),
    )
    process.kill(bangui.pid, 'SIGSTOP')
    for (const user of ['eve', 'mallory']) await at.daemon.logFailure('app', '45.1.1.1', user)
    const banned = () => bannedIn(at.daemon, 'app')
    await eventually(async () => expect(await banned()).toContain('45.1.1.1'))
    await at.daemon.ask('set', 'app', 'banip', '45.2.2.2', '45.3.3.3')
    await at.daemon.ask('set', 'app', 'unbanip', '45.2.2.2')
    expect(await banned()).not.toContain('45.2.2.2')
    process.kill(bangui.pid, 'SIGCONT')
    const inForce = async (client: typeof api) =>
      (await client.bans.list.query({ sort: 'address' })).rows.map(({ address }) => address)
    await eventually(async () => expect(await inForce(api)).toEqual(['45.1.1.1', '45.3.3.3']))
    await bangui.kill('SIGKILL')
    await at.daemon.ask('set', 'app', 'unbanip', '45.3.3.3')
    await at.daemon.ask('set', 'app', 'banip', '45.4.4.4')
    expect(await banned()).toContain('45.4.4.4')
    const again = await at.start()
    await eventually(async () => expect(await inForce(again.api)).toEqual(['45.1.1.1', '45.4.4.4']))
    expect((await again.api.history.list.query({})).rows).toHaveLength(4)
  })
})
