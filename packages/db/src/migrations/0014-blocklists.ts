import { sql } from 'kysely'
import type { Execute } from './migration.ts'

const statements = [
  sql`create table blocklists (
    id integer primary key autoincrement,
    host_id integer not null references hosts (id),
    name text not null,
    url text,
    jail text not null,
    schedule text,
    zone text not null,
    enabled integer not null,
    format text not null,
    list_column integer,
    unban_removed integer not null,
    next_at integer,
    last_tried_at integer,
    last_changed_at integer,
    last_error text,
    created_at integer not null,
    created_by text not null
  ) strict`,
  sql`create table blocklist_contents (
    list_id integer not null references blocklists (id) on delete cascade,
    kind text not null,
    at integer not null,
    file_name text,
    etag text,
    last_modified text,
    look text,
    entries integer not null,
    invalid integer not null,
    hash text not null,
    content blob not null,
    primary key (list_id, kind)
  ) strict`,
  sql`create table import_runs (
    id integer primary key autoincrement,
    list_id integer not null references blocklists (id) on delete cascade,
    status text not null,
    by_name text,
    by_id integer,
    operation text,
    started_at integer not null,
    finished_at integer,
    content_hash text,
    total integer not null default 0,
    banned integer not null default 0,
    already integer not null default 0,
    invalid integer not null default 0,
    skipped integer not null default 0,
    unbanned integer not null default 0,
    ban_ms integer not null default 0,
    message text
  ) strict`,
  sql`create index import_runs_of_list on import_runs (list_id, id)`,
]

/** Lists of addresses that are banned, their versions, and each import of them. */
export async function blocklists(execute: Execute): Promise<void> {
  for (const statement of statements) await execute(statement)
}
