import { sql } from 'kysely'
import type { Execute } from './migration.ts'

const statements = [
  sql`create index operations_started on operations (started_at, seq)`,
  sql`create table state_days (
    host_id integer not null references hosts (id),
    jail text not null,
    day integer not null,
    up_seconds integer not null,
    down_seconds integer not null,
    idle_seconds integer not null,
    changes integer not null,
    primary key (host_id, day, jail)
  ) strict, without rowid`,
]

/** The order of operations by their beginning; how long fail2ban and each jail were up on a day. */
export async function activity(execute: Execute): Promise<void> {
  for (const statement of statements) await execute(statement)
}
