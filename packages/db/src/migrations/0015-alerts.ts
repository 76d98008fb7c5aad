import { sql } from 'kysely'
import type { Execute } from './migration.ts'

const statements = [
  sql`create table alert_channels (
    id integer primary key autoincrement,
    settings text not null,
    sealed text,
    secret_names text not null,
    digest_until integer,
    created_at integer not null,
    updated_at integer not null
  ) strict`,
  sql`create table alert_rules (
    id integer primary key autoincrement,
    settings text not null,
    muted_until integer,
    muted_by text,
    created_at integer not null,
    updated_at integer not null
  ) strict`,
  sql`create table alert_subjects (
    rule_id integer not null references alert_rules (id) on delete cascade,
    subject text not null,
    state text not null,
    primary key (rule_id, subject)
  ) strict, without rowid`,
  sql`create table alert_incidents (
    seq integer primary key autoincrement,
    id text not null unique,
    rule_id integer,
    rule text not null,
    rule_name text not null,
    severity text not null check (severity in ('critical', 'warning', 'info')),
    host_id integer references hosts (id),
    host_name text not null,
    subject text not null,
    state text not null check (state in ('open', 'notified', 'acknowledged', 'resolved')),
    title text not null,
    content text not null,
    count integer not null,
    opened_at integer not null,
    announced_at integer,
    notified_at integer,
    reminded_at integer,
    acknowledged_at integer,
    acknowledged_by text,
    resolved_at integer,
    muted_until integer,
    muted_by text
  ) strict`,
  sql`create unique index alert_incidents_open on alert_incidents (rule_id, subject) where resolved_at is null`,
  sql`create index alert_incidents_resolved on alert_incidents (resolved_at) where resolved_at is not null`,
  sql`create table alert_history (
    id integer primary key autoincrement,
    incident integer not null references alert_incidents (seq) on delete cascade,
    at integer not null,
    kind text not null,
    by_name text,
    detail text
  ) strict`,
  sql`create index alert_history_incident on alert_history (incident)`,
  sql`create table alert_deliveries (
    id integer primary key autoincrement,
    delivery_id text not null unique,
    channel_id integer not null references alert_channels (id) on delete cascade,
    incident integer references alert_incidents (seq) on delete cascade,
    kind text not null,
    critical integer not null check (critical in (0, 1)),
    title text not null,
    message text not null,
    outgoing text,
    merged_into integer,
    state text not null check (state in ('waiting', 'sending', 'merged', 'sent', 'failed')),
    attempts integer not null default 0,
    doubtful integer not null default 0 check (doubtful in (0, 1)),
    created_at integer not null,
    next_at integer,
    sent_at integer,
    answer text
  ) strict`,
  sql`create index alert_deliveries_waiting on alert_deliveries (channel_id, state) where state in ('waiting', 'sending')`,
  sql`create index alert_deliveries_sent on alert_deliveries (channel_id, sent_at) where sent_at is not null`,
  sql`create index alert_deliveries_incident on alert_deliveries (incident) where incident is not null`,
  sql`create index alert_deliveries_merged on alert_deliveries (merged_into) where merged_into is not null`,
  sql`create table alert_progress (
    name text primary key,
    value integer not null
  ) strict, without rowid`,
]

/** The rules of alerts and their incidents, the channels, and the queue of what is sent. */
export async function alerts(execute: Execute): Promise<void> {
  for (const statement of statements) await execute(statement)
}
