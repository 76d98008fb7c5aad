import { serveWorker, type CallContext, type MethodsOf } from '@bangui/async/worker'
import type BetterSqlite3 from 'better-sqlite3'
import type { LiveBansQuery } from '../models/ban-models.ts'
import { countBans } from './count-bans.ts'
import { describeDatabaseFailure } from './database-failure.ts'
import { openDatabaseFile, type OpenFile } from './database-file.ts'
import { findBanTimes } from './find-ban-times.ts'
import { findFirstBan } from './find-first-ban.ts'
import { listBans } from './list-bans.ts'
import { readPage } from './read-page.ts'
import type { BanPair, CountQuery, PageQuery } from './database-queries.ts'

let open: OpenFile | null = null

/** Runs work on the database at `path`, which stays open. @throws DatabaseReadFailure */
function withFile<TResult>(path: string, work: (file: OpenFile) => TResult): TResult {
  try {
    open = openDatabaseFile(path, open)
    return work(open)
  } catch (error) {
    close()
    throw new DatabaseReadFailure(path, error)
  }
}

/** Closes the database, which may be the cause of an error. */
function close(): void {
  open?.database.close()
  open = null
}

class DatabaseReadFailure extends Error {
  readonly path: string

  constructor(path: string, cause: unknown) {
    super('The database cannot be read.', { cause })
    this.path = path
  }
}

/** Returns a method that reads the database at a path. */
const reading =
  <TQuery, TResult>(read: (database: BetterSqlite3.Database, query: TQuery, file: OpenFile) => TResult) =>
  (_: CallContext, path: string, query: TQuery): TResult =>
    withFile(path, (file) => read(file.database, query, file))

const handlers = {
  page: reading((database, query: PageQuery, { identity }) => readPage(database, identity, query)),
  list: reading((database, query: LiveBansQuery) => listBans(database, query)),
  count: reading((database, query: CountQuery) => countBans(database, query)),
  /** when the first ban was, epoch milliseconds; null: there is none */
  first: reading<null, number | null>((database) => findFirstBan(database)),
  times: reading((database, query: readonly BanPair[]) => findBanTimes(database, query)),
  check: reading<null, null>((database) => {
    for (const table of ['bans', 'bips']) database.prepare(`select rowid from ${table} limit 1`).get()
    return null
  }),
}

/** The methods of the worker. */
export type DaemonDatabaseMethods = MethodsOf<typeof handlers>

serveWorker<DaemonDatabaseMethods, null>(() => ({ handlers, close }), {
  toFailure: (error) =>
    error instanceof DatabaseReadFailure
      ? { status: describeDatabaseFailure(error.path, error.cause) }
      : { message: String(error) },
})
