import type { Database } from './database.ts'
import { openDatabase } from './open-database.ts'

/** A database in memory with every migration, for tests; `await using` closes it. */
export async function openTestDatabase(): Promise<Database & AsyncDisposable> {
  const database = await openDatabase({ path: ':memory:' })
  await database.migrate()
  return { ...database, [Symbol.asyncDispose]: () => database.close() }
}
