import BetterSqlite3 from 'better-sqlite3'
import { addressKey, LOCAL_HOST_ID, type BannedBy } from '@bangui/shared'
import { onTestFinished } from 'vitest'
import { openMigratedDatabase } from '../../testing/temp-folder.ts'
import { codeOf } from '../author-code.ts'
import { createReading, type Reading } from './reading.ts'

export interface TestBan {
  readonly address: string
  readonly at: number
  readonly jail?: string
  /** the id of its host @default the local host */
  readonly host?: number
  readonly country?: string
  readonly duration?: number
  readonly until?: number | null
  readonly active?: boolean
  readonly lines?: readonly string[]
  /** @default fail2ban */
  readonly by?: BannedBy
  readonly reason?: string
}

/** A migrated database in a file, filled without the archive's writer; closed when the test ends. */
export interface TestArchive {
  readonly path: string
  readonly reading: Reading
  addBans(bans: readonly TestBan[]): void
  addFailures(jail: string, at: number, count: number): void
  /** counts the roll-ups and addresses anew, in the plainest way */
  rollUp(): void
}

export async function createTestArchive(bans: readonly TestBan[] = []): Promise<TestArchive> {
  const database = await openMigratedDatabase()
  const sqlite = new BetterSqlite3(database.path)
  onTestFinished(() => {
    sqlite.close()
  })
  const archive = createFiller(sqlite)
  archive.addBans(bans)
  archive.rollUp()
  return { path: database.path, reading: createReading(sqlite), ...archive }
}

function createFiller(
  sqlite: BetterSqlite3.Database,
): Pick<TestArchive, 'addBans' | 'addFailures' | 'rollUp'> {
  const addJail = sqlite.prepare('insert or ignore into archive_jails (host_id, name) values (?, ?)')
  const addBan = sqlite.prepare(
    `insert into bans (address, jail_id, at, confirmed, duration, until, active, country, times, by_kind, by_name, origin, reason)
     values (?, (select id from archive_jails where host_id = ? and name = ?), ?, 1, ?, ?, ?, ?, 1, ?, ?, ?, ?)`,
  )
  const addLine = sqlite.prepare('insert into ban_lines (ban_id, position, at, line) values (?, ?, ?, ?)')

  function addOne(ban: TestBan): void {
    const {
      address,
      at,
      jail = 'sshd',
      host = LOCAL_HOST_ID,
      country = '??',
      duration = 600,
      active = false,
      lines = [],
      by = { kind: 'fail2ban', name: null },
    } = ban
    const until = ban.until === undefined ? at + duration * 1000 : ban.until
    addJail.run(host, jail)
    const { lastInsertRowid } = addBan.run(
      addressKey(address),
      host,
      jail,
      at,
      duration,
      until,
      active ? 1 : 0,
      country,
      by.kind,
      by.name,
      codeOf(by),
      ban.reason ?? null,
    )
    for (const [position, line] of lines.entries()) addLine.run(lastInsertRowid, position, at, line)
  }

  return {
    addBans: sqlite.transaction((bans: readonly TestBan[]) => bans.forEach(addOne)),
    addFailures(jail, at, count) {
      addJail.run(LOCAL_HOST_ID, jail)
      for (const [table, unit] of units)
        sqlite
          .prepare(
            `insert into jail_${table} (start, jail_id, failures)
             values (cast(? as integer) / ${unit} * ${unit}, (select id from archive_jails where host_id = ${LOCAL_HOST_ID} and name = ?), ?)
             on conflict do update set failures = failures + excluded.failures`,
          )
          .run(at, jail, count)
    },
    rollUp: () => rollUp(sqlite),
  }
}

const units = [
  ['hours', 3_600_000],
  ['days', 86_400_000],
] as const

function rollUp(sqlite: BetterSqlite3.Database): void {
  sqlite.exec(`delete from addresses;
    insert into addresses (address, host_id, bans, first_at, last_at, country, first_jail_id, first_origin)
      select b.address, j.host_id, count(*), min(b.at), max(b.at), max(b.country), (
        select o.jail_id from bans o join archive_jails k on k.id = o.jail_id
        where o.address = b.address and k.host_id = j.host_id order by o.at, o.jail_id limit 1
      ), (
        select o.origin from bans o join archive_jails k on k.id = o.jail_id
        where o.address = b.address and k.host_id = j.host_id order by o.at, o.jail_id limit 1
      ) from bans b join archive_jails j on j.id = b.jail_id group by b.address, j.host_id`)
  for (const [table, unit] of units)
    sqlite.exec(`delete from country_${table};
      insert into country_${table} select j.host_id, b.at / ${unit} * ${unit}, b.country, b.origin, count(*)
        from bans b join archive_jails j on j.id = b.jail_id group by 1, 2, 3, 4;
      update jail_${table} set bans = 0, new_addresses = 0;
      insert into jail_${table} (start, jail_id, origin, bans, new_addresses)
        select b.at / ${unit} * ${unit}, b.jail_id, b.origin, count(*),
          count(*) filter (where b.at = a.first_at and b.jail_id = a.first_jail_id)
        from bans b join archive_jails j on j.id = b.jail_id
          join addresses a on a.address = b.address and a.host_id = j.host_id where true group by 1, 2, 3
        on conflict do update set bans = excluded.bans, new_addresses = excluded.new_addresses`)
}
