import type { Kysely } from 'kysely'
import type { Tables } from './tables.ts'

/** What queries run on. Its shape is this package's own business. */
export type Db = Kysely<Tables>

/** The database, and the host whose rows a query is about. */
export interface HostDb {
  readonly db: Db
  readonly hostId: number
}

/** Where warnings of this package go; pino's loggers fit. */
export interface DatabaseLog {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
}

/** What a migration did: the versions before and after, and the copy that was kept of an existing database. */
export interface MigrationResult {
  readonly from: number
  readonly to: number
  readonly copy?: string
}

/** An open database. Opening creates no table: take the executor lock first, then migrate. */
export interface Database {
  readonly db: Db
  /** the file; `:memory:` for one that lives in memory only */
  readonly path: string
  /** Brings the schema up to this version, keeping a copy of an existing database. @throws DatabaseError */
  migrate(): Promise<MigrationResult>
  /** Reads and writes once; what is written changes nothing. @throws DatabaseError when either fails */
  check(): void
  /** Ends the connection. Safe to call twice. */
  close(): Promise<void>
}
