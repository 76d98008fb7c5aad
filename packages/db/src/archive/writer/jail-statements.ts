import type BetterSqlite3 from 'better-sqlite3'

/** Prepares the statements of jails. */
export const jailStatements = (sqlite: BetterSqlite3.Database) => ({
  insertJail: sqlite.prepare<[hostId: number, name: string]>(
    'insert into archive_jails (host_id, name) values (?, ?)',
  ),
  setOwnLog: sqlite.prepare<[readsOwnLog: 0 | 1, id: number]>(
    'update archive_jails set reads_own_log = ? where id = ?',
  ),
  listJails: sqlite.prepare<[hostId: number], { id: number; name: string }>(
    'select id, name from archive_jails where host_id = ?',
  ),
})
