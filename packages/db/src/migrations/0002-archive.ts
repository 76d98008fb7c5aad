import { sql } from 'kysely'
import type { Execute } from './migration.ts'

/** Roll-ups by hour and by day have the same shape; `start` is the beginning of the hour or day. */
const jailRollUp = (name: string) => sql`create table ${sql.raw(name)} (
    start integer not null,
    jail_id integer not null references archive_jails (id),
    bans integer not null default 0,
    failures integer not null default 0,
    new_addresses integer not null default 0,
    primary key (start, jail_id)
  ) strict, without rowid`

const countryRollUp = (name: string) => sql`create table ${sql.raw(name)} (
    host_id integer not null references hosts (id),
    start integer not null,
    country text not null,
    bans integer not null default 0,
    primary key (host_id, start, country)
  ) strict, without rowid`

const statements = [
  sql`create table archive_jails (
    id integer primary key,
    host_id integer not null references hosts (id),
    name text not null,
    reads_own_log integer not null default 0 check (reads_own_log in (0, 1)),
    unique (host_id, name)
  ) strict`,
  sql`create table bans (
    id integer primary key autoincrement,
    address blob not null,
    jail_id integer not null references archive_jails (id),
    at integer not null,
    logged_at integer,
    confirmed integer not null check (confirmed in (0, 1)),
    duration integer not null,
    until integer,
    active integer not null check (active in (0, 1)),
    end_reason text,
    ended_by text,
    country text not null,
    times integer not null,
    attempts integer,
    by_kind text not null,
    by_name text,
    reason text,
    operation_id text,
    end_operation_id text,
    began_at integer,
    own_until integer,
    suspended text
  ) strict`,
  sql`create unique index bans_identity on bans (address, jail_id, at desc)`,
  sql`create index bans_at on bans (at, id)`,
  sql`create index bans_jail on bans (jail_id, at, id)`,
  sql`create index bans_country on bans (country, jail_id, at, id)`,
  sql`create index bans_active on bans (jail_id, address, at, until, duration, country, times) where active = 1`,
  sql`create index bans_ending on bans (until) where active = 1`,
  sql`create index bans_suspended on bans (suspended, until) where suspended is not null`,
  jailRollUp('jail_hours'),
  jailRollUp('jail_days'),
  countryRollUp('country_hours'),
  countryRollUp('country_days'),
  sql`create table addresses (
    address blob not null,
    host_id integer not null references hosts (id),
    bans integer not null,
    first_at integer not null,
    last_at integer not null,
    country text not null,
    first_jail_id integer not null default 0,
    primary key (address, host_id)
  ) strict, without rowid`,
  sql`create table ban_lines (
    ban_id integer not null references bans (id) on delete cascade,
    position integer not null,
    at integer not null,
    line text not null,
    primary key (ban_id, position)
  ) strict, without rowid`,
  sql`create index ban_lines_at on ban_lines (at)`,
  sql`create table events (
    seq integer primary key autoincrement,
    host_id integer not null references hosts (id),
    at integer not null,
    type text not null,
    jail text,
    address blob,
    data text not null
  ) strict`,
  sql`create index events_type on events (type, seq)`,
  sql`create index events_host on events (host_id, type, seq)`,
  sql`create index events_jail on events (jail, type, seq) where jail is not null`,
  sql`create index events_address on events (address, seq) where address is not null`,
  sql`create table cursors (
    host_id integer not null references hosts (id),
    name text not null,
    value text not null,
    updated_at integer not null,
    primary key (host_id, name)
  ) strict, without rowid`,
  sql`create table pending_actions (
    id integer primary key,
    host_id integer not null references hosts (id),
    jail text not null,
    address blob not null,
    kind text not null check (kind in ('ban', 'unban')),
    operation text not null,
    sent_at integer not null,
    duration integer,
    ends_at integer,
    restores integer,
    by_kind text not null,
    by_name text,
    reason text,
    closed_at integer,
    written_by integer,
    unique (host_id, jail, address, kind, operation)
  ) strict`,
  sql`create index pending_actions_operation on pending_actions (operation)`,
  sql`create index pending_actions_closed on pending_actions (host_id, closed_at) where closed_at is not null`,
  sql`create table lost_bans (
    id integer primary key,
    host_id integer not null references hosts (id),
    jail text not null,
    address text not null,
    lost_at integer not null,
    unique (host_id, address, jail)
  ) strict`,
  ...['idle_jails', 'stopped_jails'].map(
    (name) => sql`create table ${sql.table(name)} (
    host_id integer not null references hosts (id),
    jail text not null,
    since integer not null,
    daemon text not null,
    primary key (host_id, jail)
  ) strict, without rowid`,
  ),
  sql`create table timers (
    host_id integer not null references hosts (id),
    jail text not null,
    address blob not null,
    operation text not null,
    set_at integer not null,
    ends_at integer not null,
    state text not null check (state in ('pending', 'armed')),
    primary key (host_id, jail, address, operation)
  ) strict, without rowid`,
  sql`create index timers_due on timers (host_id, ends_at)`,
  sql`create table geo_cache (
    address text primary key,
    country text,
    asn integer,
    organisation text,
    looked_up_at integer not null,
    last_seen integer not null
  ) strict, without rowid`,
  sql`create index geo_cache_seen on geo_cache (last_seen)`,
]

/** The history of bans with its roll-ups, the events, and what is waiting to happen. */
export async function archive(execute: Execute): Promise<void> {
  for (const statement of statements) await execute(statement)
}
