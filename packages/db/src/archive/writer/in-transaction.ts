import type BetterSqlite3 from 'better-sqlite3'

/** Runs work in one transaction that holds the write lock from its start. */
export function inTransaction<TResult>(sqlite: BetterSqlite3.Database, work: () => TResult): TResult {
  sqlite.exec('begin immediate')
  try {
    const result = work()
    sqlite.exec('commit')
    return result
  } catch (error) {
    // a full disk or an I/O error has ended the transaction already
    if (sqlite.inTransaction) sqlite.exec('rollback')
    throw error
  }
}
