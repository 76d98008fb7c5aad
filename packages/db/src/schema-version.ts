import type BetterSqlite3 from 'better-sqlite3'
import { DatabaseError } from './database-error.ts'
import type { Tables } from './tables.ts'

/** "BanG", in the header of each database of ours (sqlite.org/pragma.html#pragma_application_id). */
export const applicationId = 0x42_61_6e_47

/** The version of the schema, 0 before the first migration. */
export function readSchemaVersion(sqlite: BetterSqlite3.Database): number {
  const table = sqlite
    .prepare(`select 1 from sqlite_schema where type = 'table' and name = 'migrations'`)
    .get()
  if (!table) return 0
  const row = sqlite
    .prepare<[], { version: number | null }>('select max(version) as version from migrations')
    .get()
  return row?.version ?? 0
}

/** The version of the first migration; versions before it were never released. */
export const FIRST_VERSION = 9

/** Returns the version after this many migrations. */
export const versionAfter = (migrations: number): number => FIRST_VERSION - 1 + migrations

/** Refuses a database that a newer program wrote, or one from before the first release. */
export function requireKnownVersion(version: number, known: number, path: string): void {
  if (version > known) {
    const detail = `its schema has version ${version}, this program knows ${known}`
    throw new DatabaseError('newer', path, { detail })
  }
  if (version > 0 && version < FIRST_VERSION) throw new DatabaseError('older', path)
}

/** Every table that stands after the migrations; the executor lock sees to its own. */
export const tableNames = {
  migrations: true,
  hosts: true,
  filter_tests: true,
  pauses: true,
  blocklists: true,
  blocklist_contents: true,
  import_runs: true,
  ignores: true,
  ignore_states: true,
  settings: true,
  users: true,
  sessions: true,
  known_sign_ins: true,
  runtime_state: true,
  changes: true,
  config_drafts: true,
  archive_jails: true,
  bans: true,
  jail_hours: true,
  jail_days: true,
  country_hours: true,
  country_days: true,
  addresses: true,
  ban_lines: true,
  events: true,
  cursors: true,
  pending_actions: true,
  lost_bans: true,
  idle_jails: true,
  stopped_jails: true,
  timers: true,
  operations: true,
  operation_items: true,
  state_days: true,
  findings: true,
  accepted_findings: true,
  geo_cache: true,
  alert_channels: true,
  alert_rules: true,
  alert_subjects: true,
  alert_incidents: true,
  alert_history: true,
  alert_deliveries: true,
  alert_progress: true,
} as const satisfies Record<Exclude<keyof Tables, 'scheduler_lock'>, true>

/** Refuses a migrated database that lacks a table: somebody dropped it, and no migration makes it anew. */
export function requireTables(sqlite: BetterSqlite3.Database, path: string): void {
  const rows = sqlite
    .prepare<[], { name: string }>(`select name from sqlite_schema where type = 'table'`)
    .all()
  const found = new Set(rows.map(({ name }) => name))
  const missing = Object.keys(tableNames).filter((name) => !found.has(name))
  if (missing.length === 0) return
  const detail = `${missing.length === 1 ? 'its table' : 'its tables'} ${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} missing`
  throw new DatabaseError('not_a_database', path, { detail })
}

/** Refuses the database of another program: nothing of it is touched. */
export function requireOwnDatabase(sqlite: BetterSqlite3.Database, path: string): void {
  const id = sqlite.pragma('application_id', { simple: true })
  if (id === applicationId) return
  const table = sqlite.prepare<[], { name: string }>('select name from sqlite_schema limit 1').get()
  if (id === 0 && !table) return
  throw new DatabaseError('not_a_database', path, { detail: 'it belongs to another program' })
}
