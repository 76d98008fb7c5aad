import BetterSqlite3 from 'better-sqlite3'
import { Kysely, SqliteDialect } from 'kysely'
import { statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { Database, DatabaseLog } from './database.ts'
import { DatabaseError, toDatabaseError } from './database-error.ts'
import { migrate } from './migrate.ts'
import { migrations as allMigrations } from './migrations/index.ts'
import type { Migration } from './migrations/migration.ts'
import { fileSystemType, isNetworkFolder, type FileSystemType } from './network-folder.ts'
import { parseDatabaseUrl } from './parse-database-url.ts'
import { createPrivateFile, createPrivateFolder, makePrivate } from './private-file.ts'
import {
  readSchemaVersion,
  requireKnownVersion,
  requireOwnDatabase,
  requireTables,
  versionAfter,
} from './schema-version.ts'
import { sqliteForKysely } from './sqlite-for-kysely.ts'
import type { Tables } from './tables.ts'
import { watchFile, type FileWatch } from './watch-file.ts'

export interface OpenDatabaseOptions {
  /** the file, or `:memory:`; either this or `url` */
  readonly path?: string
  /** see {@link parseDatabaseUrl} */
  readonly url?: string
  readonly log?: DatabaseLog
  /** epoch milliseconds; for the times of migrations */
  readonly clock?: () => number
  /**
   * how long somebody else's write is waited for, in milliseconds; it blocks this process
   * @default 5000
   */
  readonly busyTimeout?: number
  /** for tests */
  readonly fileSystemType?: FileSystemType
  /** for tests */
  readonly migrations?: readonly Migration[]
  /** for tests: what a database in memory begins with */
  readonly content?: Buffer
}

/**
 * Opens the database and creates its file, but no table: `migrate` does that, once the executor lock is held.
 * @throws DatabaseError when it cannot be used
 */
export async function openDatabase(options: OpenDatabaseOptions): Promise<Database> {
  const path = pathOf(options)
  const { clock = Date.now, migrations = allMigrations, log } = options
  try {
    if (path !== ':memory:') preparePath(path, options.fileSystemType ?? fileSystemType)
    const timeout = options.busyTimeout ?? 5000
    const sqlite = connect(path, {
      known: versionAfter(migrations.length),
      timeout,
      log,
      content: options.content,
    })
    const file = watchFile(path, timeout)
    file.noteVersion(readSchemaVersion(sqlite))
    const database = sqliteForKysely(sqlite, { path, onDamage: () => file.noteDamage() })
    const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database }) })
    return {
      db,
      path,
      migrate: () =>
        asDatabaseError(path, async () => {
          const result = await migrate(sqlite, db, { path, migrations, now: clock, log })
          file.noteVersion(result.to)
          if (migrations === allMigrations) requireTables(sqlite, path)
          return result
        }),
      check: () => check(sqlite, path, file),
      close: async () => {
        await db.destroy()
        sqlite.close()
      },
    }
  } catch (error) {
    throw toDatabaseError(error, path)
  }
}

function pathOf({ path, url }: OpenDatabaseOptions): string {
  const given = path ?? parseDatabaseUrl(url ?? '').path
  // better-sqlite3 trims what it is given
  return given === ':memory:' ? given : resolve(given.trim())
}

function preparePath(path: string, typeOf: FileSystemType): void {
  const folder = dirname(path)
  createPrivateFolder(folder)
  if (isNetworkFolder(folder, typeOf)) throw new DatabaseError('network_folder', path)
  if (createPrivateFile(path)) return
  if (!statSync(path).isFile())
    throw new DatabaseError('not_a_database', path, { detail: 'it is not a file' })
}

interface ConnectOptions {
  readonly known: number
  readonly timeout: number
  readonly log: DatabaseLog | undefined
  readonly content: Buffer | undefined
}

function connect(path: string, { known, timeout, log, content }: ConnectOptions): BetterSqlite3.Database {
  const sqlite = new BetterSqlite3(content ?? path, { timeout })
  try {
    requireOwnDatabase(sqlite, path)
    requireKnownVersion(readSchemaVersion(sqlite), known, path)
    if (path !== ':memory:') takePrivate(path, log)
    sqlite.pragma('journal_mode = wal')
    sqlite.pragma('synchronous = normal')
    sqlite.pragma('foreign_keys = on')
    // the archive's writer moves what is written into the file, in a thread of its own; here it would stop everything
    sqlite.pragma('wal_autocheckpoint = 16000')
    readAndWrite(sqlite)
    return sqlite
  } catch (error) {
    sqlite.close()
    throw error
  }
}

/** The write-ahead log and its index, too: new ones take the mode of the file. */
function takePrivate(path: string, log: DatabaseLog | undefined): void {
  for (const file of [path, `${path}-wal`, `${path}-shm`]) {
    if (makePrivate(file)) continue
    log?.warn(
      { event: 'database_file_open_to_others', path: file },
      'A file of the database is open to other users, and belongs to one of them or is a symbolic link: chmod it to 600.',
    )
  }
}

function check(sqlite: BetterSqlite3.Database, path: string, file: FileWatch): void {
  try {
    // before anything is written: a page in an emptied file would only look as if it were one of ours
    file.check()
    readAndWrite(sqlite)
  } catch (error) {
    throw toDatabaseError(error, path)
  }
}

function readAndWrite(sqlite: BetterSqlite3.Database): void {
  sqlite.prepare('select count(*) from sqlite_schema').get()
  // the header is written even when the number is the same
  if (!sqlite.inTransaction)
    sqlite.pragma(`user_version = ${Number(sqlite.pragma('user_version', { simple: true }))}`)
}

async function asDatabaseError<TResult>(path: string, work: () => Promise<TResult>): Promise<TResult> {
  try {
    return await work()
  } catch (error) {
    throw toDatabaseError(error, path)
  }
}
