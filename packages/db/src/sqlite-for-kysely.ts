import type BetterSqlite3 from 'better-sqlite3'
import type { SqliteDatabase, SqliteStatement } from 'kysely'
import { DatabaseError, toDatabaseError } from './database-error.ts'

/** The connection as Kysely uses it; an error that means "the database cannot be used" becomes a `DatabaseError`. */
export function sqliteForKysely(
  sqlite: BetterSqlite3.Database,
  { path, onDamage }: { readonly path: string; readonly onDamage: () => void },
): SqliteDatabase {
  const guard = <TResult>(work: () => TResult): TResult => {
    try {
      return work()
    } catch (error) {
      const known = toDatabaseError(error, path)
      if (known instanceof DatabaseError && known.code === 'not_a_database') onDamage()
      throw known
    }
  }
  return {
    prepare: (text) => {
      const statement: SqliteStatement = guard(() => sqlite.prepare(text))
      return {
        reader: statement.reader,
        all: (parameters) => guard(() => statement.all(parameters)),
        run: (parameters) => guard(() => statement.run(parameters)),
        iterate: (parameters) => statement.iterate(parameters),
      }
    },
    close: () => sqlite.close(),
  }
}
