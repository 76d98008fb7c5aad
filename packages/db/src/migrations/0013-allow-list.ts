import { sql } from 'kysely'
import type { Execute } from './migration.ts'

const statements = [
  sql`create table ignores (
    id integer primary key autoincrement,
    host_id integer references hosts (id),
    jail text,
    address text not null,
    note text,
    by_name text not null,
    added_at integer not null,
    expires_at integer,
    removed_by text
  ) strict`,
  sql`create unique index ignores_once on ignores (coalesce(host_id, 0), coalesce(jail, ''), address)`,
  sql`create table ignore_states (
    ignore_id integer not null references ignores (id) on delete cascade,
    host_id integer not null references hosts (id),
    sections text not null,
    written_at integer,
    holds text not null,
    primary key (ignore_id, host_id)
  ) strict, without rowid`,
]

/** What fail2ban must never ban, and where each entry stands on each host. */
export async function allowList(execute: Execute): Promise<void> {
  for (const statement of statements) await execute(statement)
}
