import { sql } from 'kysely'
import type { Execute } from './migration.ts'

const statements = [
  sql`create table operations (
    seq integer primary key autoincrement,
    id text not null unique,
    host_id integer not null references hosts (id),
    kind text not null,
    actor_kind text not null check (actor_kind in ('user', 'token', 'schedule', 'system')),
    actor_name text,
    title text not null,
    params text not null,
    state text not null
      check (state in ('running', 'done', 'partly', 'failed', 'cancelled', 'interrupted')),
    done integer not null,
    total integer,
    undoes text,
    resumed_by text,
    started_at integer not null,
    ended_at integer,
    message text
  ) strict`,
  sql`create index operations_host on operations (host_id, seq)`,
  sql`create index operations_kind on operations (kind, state, seq)`,
  sql`create index operations_actor on operations (actor_name, seq)`,
  sql`create index operations_state on operations (state, seq)`,
  sql`create index operations_ended on operations (ended_at) where ended_at is not null`,
  sql`create index operations_undoes on operations (undoes) where undoes is not null`,
  sql`create table operation_items (
    id integer primary key,
    operation text not null references operations (id) on delete cascade,
    kind text not null check (kind in ('requested', 'banned', 'unbanned')),
    count integer not null,
    items text not null
  ) strict`,
  sql`create index changes_operation on changes (operation_id) where operation_id is not null`,
  sql`create index operation_items_operation on operation_items (operation, kind)`,
]

/** What anybody did to a host, and what its undo or its continuation needs. */
export async function operations(execute: Execute): Promise<void> {
  for (const statement of statements) await execute(statement)
}
