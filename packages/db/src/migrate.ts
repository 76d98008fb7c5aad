import type BetterSqlite3 from 'better-sqlite3'
import { sql } from 'kysely'
import { keepCopy } from './keep-copy.ts'
import type { DatabaseLog, Db, MigrationResult } from './database.ts'
import type { Migration } from './migrations/migration.ts'
import { applicationId, readSchemaVersion, requireKnownVersion, versionAfter } from './schema-version.ts'
import { inTransaction } from './transaction.ts'

export interface MigrateOptions {
  readonly path: string
  readonly migrations: readonly Migration[]
  readonly now: () => number
  readonly log?: DatabaseLog | undefined
}

/**
 * Runs the migrations that are missing, each in one transaction together with its own row: a crash in between leaves
 * the schema as it was before that one. A database that has been migrated before is copied first.
 */
export async function migrate(
  sqlite: BetterSqlite3.Database,
  db: Db,
  options: MigrateOptions,
): Promise<MigrationResult> {
  const { path, migrations, log } = options
  const from = readSchemaVersion(sqlite)
  const to = versionAfter(migrations.length)
  requireKnownVersion(from, to, path)
  if (from === to) return { from, to }
  const copy = from > 0 && !sqlite.memory ? keepCopy(sqlite, path, from + 1) : undefined
  for (const [index, migration] of migrations.entries()) {
    const version = versionAfter(index + 1)
    if (version <= from) continue
    const ran = await step(sqlite, db, { version, migration, options })
    if (ran)
      log?.info(
        { event: 'database_migrated', version, name: migration.name },
        'the database was migrated to a new version',
      )
  }
  return { from, to, ...(copy && { copy }) }
}

interface Step {
  readonly version: number
  readonly migration: Migration
  readonly options: MigrateOptions
}

const step = (
  sqlite: BetterSqlite3.Database,
  db: Db,
  { version, migration, options }: Step,
): Promise<boolean> =>
  inTransaction(db, async (connection) => {
    // another process may have come first while this one waited for the write lock
    if (readSchemaVersion(sqlite) >= version) return false
    await sql`create table if not exists migrations (
      version integer primary key, name text not null, applied_at integer not null
    ) strict`.execute(connection)
    await sql.raw(`pragma application_id = ${applicationId}`).execute(connection)
    await migration.up(async (statement) => (await statement.execute(connection)).rows)
    const row = { version, name: migration.name, applied_at: options.now() }
    await connection.insertInto('migrations').values(row).execute()
    return true
  })
