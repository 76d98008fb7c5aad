import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'

/** A row to put into one of fail2ban's tables; anything goes, as in a hostile file. */
export interface TestRow {
  readonly jail?: unknown
  readonly ip?: unknown
  readonly timeofban?: unknown
  readonly bantime?: unknown
  readonly bancount?: unknown
  readonly data?: unknown
}

export interface TestDatabase extends AsyncDisposable {
  readonly path: string
  readonly database: BetterSqlite3.Database
  insert(table: 'bans' | 'bips', rows: readonly TestRow[]): void
}

/** fail2ban's schema, version 4 (server/database.py). */
const schema = `
  create table fail2banDb(version integer);
  insert into fail2banDb values (4);
  create table jails(name text not null unique, enabled integer not null default 1);
  create table logs(jail text not null, path text, firstlinemd5 text, lastfilepos integer default 0);
  create table bans(jail text not null, ip text, timeofban integer not null, bantime integer not null,
    bancount integer not null default 1, data json, foreign key(jail) references jails(name));
  create index bans_jail_timeofban_ip on bans(jail, timeofban);
  create index bans_jail_ip on bans(jail, ip);
  create index bans_ip on bans(ip);
  create table bips(ip text not null, jail text not null, timeofban integer not null, bantime integer not null,
    bancount integer not null default 1, data json, primary key(ip, jail), foreign key(jail) references jails(name));
  create index bips_timeofban on bips(timeofban);
  create index bips_ip on bips(ip);
`

/** A database as fail2ban makes it, in a folder of its own. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const folder = await mkdtemp(join(tmpdir(), 'f2b-db-'))
  const path = join(folder, 'fail2ban.sqlite3')
  const database = openAsFail2ban(path)
  database.exec(schema)
  return {
    path,
    database,
    insert(table, rows) {
      const statement = database.prepare(
        `insert into ${table} (jail, ip, timeofban, bantime, bancount, data) values (?, ?, ?, ?, ?, ?)`,
      )
      database.transaction(() => {
        for (const row of rows) statement.run(...columnsOf(row))
      })()
    },
    async [Symbol.asyncDispose]() {
      database.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Opens a database the way the daemon does. */
export function openAsFail2ban(path: string): BetterSqlite3.Database {
  const database = new BetterSqlite3(path)
  database.pragma('journal_mode = MEMORY')
  database.pragma('synchronous = OFF')
  database.pragma('foreign_keys = OFF')
  return database
}

const columnsOf = (row: TestRow) => {
  const {
    jail = 'sshd',
    ip = '192.0.2.1',
    timeofban = 1_795_201_200,
    bantime = 600,
    bancount = 1,
    data = null,
  } = row
  return [jail, ip, timeofban, bantime, bancount, data]
}

/** The `data` of a row as fail2ban writes it. */
export const banData = (content: unknown): Buffer => Buffer.from(JSON.stringify(content))
