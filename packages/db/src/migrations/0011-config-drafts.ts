import { sql } from 'kysely'
import type { Execute } from './migration.ts'

const statements = [
  sql`create table config_drafts (
    user_id integer not null references users (id) on delete cascade,
    host_id integer not null references hosts (id),
    revision integer not null,
    edits text not null,
    saved_at integer not null,
    primary key (user_id, host_id)
  ) strict, without rowid`,
]

/** The edits of fail2ban's configuration that a user has not applied yet. */
export async function configDrafts(execute: Execute): Promise<void> {
  for (const statement of statements) await execute(statement)
}
