import type { Event, HostEvent } from '@bangui/shared'
import type BetterSqlite3 from 'better-sqlite3'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { log, pending, rows, seconds } from '../../testing/log-lines.ts'
import { addTestHosts } from '../../testing/test-hosts.ts'
import { openTempWriter } from '../../testing/temp-writer.ts'
import type { ArchiveWriter } from '../writer-port.ts'

/** The local host and another one. */
const hosts = [1, 2] as const

const kinds = [
  'ban',
  'restored',
  'unban',
  'suspended',
  'failure',
  'import',
  'list',
  'pending ban',
  'pending unban',
  'end suspended',
  'lost',
  'online',
  'offline',
] as const

interface Step {
  readonly host: (typeof hosts)[number]
  readonly kind: (typeof kinds)[number]
  readonly address: string
  readonly jail: string
  readonly after: number
}

const story = fc.array(
  fc.record({
    host: fc.constantFrom(...hosts),
    kind: fc.constantFrom(...kinds),
    address: fc.constantFrom('203.0.113.7', '203.0.113.8', '2001:db8::7'),
    jail: fc.constantFrom('sshd', 'web'),
    after: fc.integer({ min: 1, max: 4_000 }),
  }),
  { minLength: 1, maxLength: 40 },
)

/** What a step has the writer do at a time, in seconds. */
async function play(writer: ArchiveWriter, { kind, address, jail }: Step, time: number): Promise<void> {
  const at = seconds(time)
  const about = { address, jail, at }
  const read = (event: HostEvent) => writer.ingest(log(event))
  const daemon = (online: boolean): Event => ({ type: 'daemon.changed', at, online, pid: time })
  const steps: Record<Step['kind'], () => Promise<unknown>> = {
    ban: () => read({ ...about, type: 'ban', restored: false }),
    restored: () => read({ ...about, type: 'ban', restored: true }),
    unban: () => read({ ...about, type: 'unban' }),
    suspended: () => read({ ...about, type: 'suspended', daemonStops: false }),
    failure: () => read({ ...about, type: 'failure', failedAt: at }),
    import: () => writer.importBans({ ...rows(time, { bannedAt: time - 1, address, jail }), emit: true }),
    list: () =>
      writer.syncActive(jail, [{ address, bannedAt: at, duration: 600, country: 'DE' }], {
        asOf: at,
        reason: 'unknown',
      }),
    'pending ban': () => writer.addPendingActions([pending('ban', { address, jail, at })]),
    'pending unban': () => writer.addPendingActions([pending('unban', { address, jail, at })]),
    'end suspended': () => writer.endSuspended({ by: 'jail', before: at, lostAt: null }),
    lost: () => writer.addLostBans([{ address, jail, at, seq: time }]),
    online: () => writer.addEvent(daemon(true)),
    offline: () => writer.addEvent(daemon(false)),
  }
  await steps[kind]()
  await writer.setCursor('log', String(time))
}

/** Everything that is stored about a host, without the ids of rows. */
function storedOf(sqlite: BetterSqlite3.Database, host: number) {
  const all = (text: string) => sqlite.prepare(text).all({ host })
  const jails = 'join archive_jails j on j.id = jail_id where j.host_id = :host'
  return {
    bans: all(`select hex(address) as address, j.name, at, logged_at, confirmed, duration, until, own_until, active,
      suspended, end_reason, ended_by, country, times, attempts, by_kind, by_name from bans ${jails}
      order by address, j.name, at`),
    hours: all(
      `select j.name, start, bans, failures, new_addresses from jail_hours ${jails} order by j.name, start`,
    ),
    days: all(
      `select j.name, start, bans, failures, new_addresses from jail_days ${jails} order by j.name, start`,
    ),
    countries: all(
      `select start, country, bans from country_hours where host_id = :host order by start, country`,
    ),
    addresses: all(`select hex(address) as address, bans, first_at, last_at, country, (
      select name from archive_jails where id = first_jail_id) as first from addresses where host_id = :host order by address`),
    events: all('select type, at, data from events where host_id = :host order by seq'),
    pending: all(
      'select jail, hex(address) as address, kind, sent_at from pending_actions where host_id = :host order by 1, 2, 3',
    ),
    lost: all('select jail, address, lost_at from lost_bans where host_id = :host order by id'),
    cursor: all(`select value from cursors where host_id = :host and name = 'log'`),
  }
}

async function openWithHosts() {
  const opened = await openTempWriter()
  const { default: Sqlite } = await import('better-sqlite3')
  const writable = new Sqlite(opened.path)
  addTestHosts(writable, hosts)
  writable.close()
  return opened
}

describe('what the writer stores about a host', () => {
  it('is the same with another host in the database, whatever happens there', async () => {
    await fc.assert(
      fc.asyncProperty(story, async (steps) => {
        const times = steps.map((_, index) =>
          steps.slice(0, index + 1).reduce((sum, { after }) => sum + after, 0),
        )
        const run = async (played: (step: Step) => boolean) => {
          const { sqlite, forHost } = await openWithHosts()
          for (const [index, step] of steps.entries())
            if (played(step)) await play(forHost(step.host), step, times[index] ?? 0)
          return sqlite
        }
        const both = await run(() => true)
        for (const host of hosts)
          expect(storedOf(both, host)).toEqual(storedOf(await run((step) => step.host === host), host))
      }),
      { numRuns: 40 },
    )
  })

  it('is deleted with the last ban of an address there, and stays elsewhere', async () => {
    const { forHost, writer, sqlite } = await openWithHosts()
    const old = { type: 'ban', restored: false, jail: 'sshd', address: '203.0.113.7' } as const
    for (const [host, at] of [
      [1, 0],
      [2, 90_000],
    ] as const) {
      await forHost(host).ingest(log({ ...old, at: seconds(at) }))
      await forHost(host).ingest(
        log({ type: 'unban', jail: old.jail, address: old.address, at: seconds(at + 600) }),
      )
    }
    const limits = { linesBefore: 0, eventsBefore: 0, maxEvents: 1_000 }
    await writer.retain({ ...limits, bansBefore: seconds(80_000) })
    expect(sqlite.prepare('select host_id, bans from addresses').all()).toEqual([{ host_id: 2, bans: 1 }])
  })

  it('gets the country that is learnt of an address, on every host', async () => {
    const { forHost, writer, sqlite } = await openWithHosts()
    for (const host of hosts)
      await forHost(host).importBans(rows(90, { bannedAt: 0, country: null } as never))
    await writer.setCountries([{ address: '203.0.113.7', country: 'FR' }])
    for (const host of hosts)
      expect(storedOf(sqlite, host)).toMatchObject({
        bans: [{ country: 'FR' }],
        addresses: [{ country: 'FR' }],
      })
    expect(sqlite.prepare('select host_id, country, bans from country_days where bans > 0').all()).toEqual(
      hosts.map((host) => ({ host_id: host, country: 'FR', bans: 1 })),
    )
  })

  it('has times and overdue jails of its own', async () => {
    const { forHost, bans } = await openWithHosts()
    const ban = { type: 'ban', restored: false, jail: 'sshd', address: '203.0.113.7' } as const
    await forHost(1).ingest(log({ ...ban, at: seconds(0) }, { ...ban, at: seconds(700) }))
    await forHost(2).ingest(log({ ...ban, at: seconds(1_400) }))
    expect(bans().map(({ times }) => times)).toEqual([1, 2, 1])
    expect(await forHost(1).listOverdueJails(seconds(1_500))).toEqual(['sshd'])
    expect(await forHost(2).listOverdueJails(seconds(1_500))).toEqual([])
  })
})
