import type BetterSqlite3 from 'better-sqlite3'
import { DatabaseError } from './database-error.ts'

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

/** Refuses a database that a newer program wrote. */
export function requireKnownVersion(version: number, known: number, path: string): void {
  if (version <= known) return
  const detail = `its schema has version ${version}, this program knows ${known}`
  throw new DatabaseError('newer', path, { detail })
}

/** Refuses the database of another program: nothing of it is touched. */
export function requireOwnDatabase(sqlite: BetterSqlite3.Database, path: string): void {
  const id = sqlite.pragma('application_id', { simple: true })
  if (id === applicationId) return
  const table = sqlite.prepare<[], { name: string }>('select name from sqlite_schema limit 1').get()
  if (id === 0 && !table) return
  throw new DatabaseError('not_a_database', path, { detail: 'it belongs to another program' })
}
