import { sql } from 'kysely'
import type { Db } from './database.ts'

/**
 * Runs `work` in one transaction that holds the write lock from its start, so that what it reads stays true until it
 * ends. Inside, only the `Db` that is handed in may be used: the outer one waits for the transaction to end.
 */
export const inTransaction = <TResult>(db: Db, work: (db: Db) => Promise<TResult>): Promise<TResult> =>
  db.connection().execute((connection) => run(connection, work))

async function run<TResult>(connection: Db, work: (db: Db) => Promise<TResult>): Promise<TResult> {
  await sql`begin immediate`.execute(connection)
  try {
    const result = await work(connection)
    await sql`commit`.execute(connection)
    return result
  } catch (error) {
    await rollback(connection)
    throw error
  }
}

async function rollback(connection: Db): Promise<void> {
  try {
    await sql`rollback`.execute(connection)
  } catch {
    // a full disk or an I/O error has ended the transaction already
  }
}
