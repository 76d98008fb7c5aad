import { sql } from 'kysely'
import type { Execute } from './migration.ts'

const statements = [
  sql`create table pauses (
    host_id integer primary key references hosts (id),
    by_name text not null,
    reason text,
    started_at integer not null,
    ends_at integer not null,
    jails text not null
  ) strict`,
]

/** The maintenance pause of each host. */
export async function pauses(execute: Execute): Promise<void> {
  for (const statement of statements) await execute(statement)
}
