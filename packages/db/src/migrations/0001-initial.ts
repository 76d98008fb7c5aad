import { sql } from 'kysely'
import type { Execute } from './migration.ts'

const statements = [
  sql`create table hosts (
    id integer primary key autoincrement,
    key text not null unique,
    name text not null,
    kind text not null check (kind in ('local', 'agent')),
    created_at integer not null
  ) strict`,
  sql`insert into hosts (id, key, name, kind, created_at)
    values (1, 'local', 'local', 'local', cast(unixepoch('subsec') * 1000 as integer))`,
  sql`create table settings (key text primary key, value text not null, updated_at integer not null) strict`,
  sql`create table users (
    id integer primary key autoincrement,
    name text not null,
    name_key text not null unique,
    password_hash text not null,
    role text not null,
    created_at integer not null,
    password_changed_at integer not null
  ) strict`,
  sql`create table sessions (
    id integer primary key autoincrement,
    token_hash blob not null unique check (length(token_hash) = 32),
    user_id integer not null references users (id) on delete cascade,
    created_at integer not null,
    last_seen_at integer not null,
    expires_at integer not null,
    remote_address text,
    user_agent text
  ) strict`,
  sql`create index sessions_user on sessions (user_id)`,
  sql`create table known_sign_ins (
    user_id integer not null references users (id) on delete cascade,
    kind text not null,
    value text not null,
    last_seen_at integer not null,
    primary key (kind, value, user_id)
  ) strict, without rowid`,
  sql`create index known_sign_ins_user on known_sign_ins (user_id, kind, last_seen_at)`,
  sql`create table runtime_state (
    host_id integer primary key references hosts (id),
    online integer check (online in (0, 1)),
    pending_recovery text,
    last_activation text,
    last_activation_confirmed integer not null check (last_activation_confirmed in (0, 1)),
    compared_daemon text,
    comparison_begun integer,
    updated_at integer not null
  ) strict`,
  sql`create table changes (
    id text primary key,
    host_id integer not null references hosts (id),
    operation_id text,
    title text not null,
    load text not null,
    expect text not null,
    state text not null,
    created_at integer not null
  ) strict`,
  sql`create index changes_host on changes (host_id, created_at)`,
]

/** Hosts, settings, users, sessions, the runtime state, and the changes of fail2ban's configuration. */
export async function initial(execute: Execute): Promise<void> {
  for (const statement of statements) await execute(statement)
}
