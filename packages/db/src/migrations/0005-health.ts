import { sql } from 'kysely'
import type { Execute } from './migration.ts'

const statements = [
  sql`create table findings (
    id integer primary key autoincrement,
    host_id integer not null references hosts (id),
    finding text not null,
    check_id text not null,
    severity text not null check (severity in ('critical', 'warning', 'hint')),
    jail text,
    content text not null,
    since integer not null,
    last_seen integer not null,
    until integer
  ) strict`,
  sql`create unique index findings_open on findings (host_id, finding) where until is null`,
  sql`create index findings_until on findings (host_id, until) where until is not null`,
  sql`create table accepted_findings (
    host_id integer not null references hosts (id),
    finding text not null,
    accepted_by text not null,
    reason text not null,
    accepted_at integer not null,
    until integer,
    primary key (host_id, finding)
  ) strict, without rowid`,
]

/** What the checks of the protection found, and what somebody accepted of it. */
export async function health(execute: Execute): Promise<void> {
  for (const statement of statements) await execute(statement)
}
