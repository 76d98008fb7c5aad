import type { HostScope, Origin } from '@bangui/shared'
import BetterSqlite3 from 'better-sqlite3'
import { codesOf, type OriginCodes } from '../author-code.ts'

/** A row, if there is one. */
type Found<TRow> = TRow | undefined

/** The hosts that a reading is about. */
export interface ReadScope {
  /** null: every host, so that no condition is needed */
  readonly hosts: readonly number[] | null
  /** there are several: what they have of an address is merged, and rows name their host */
  readonly isMany: boolean
}

/** The connection of a reader, which prepares each statement once, and the hosts that it reads about. */
export interface Reading {
  readonly sqlite: BetterSqlite3.Database
  readonly scope: ReadScope
  /** whose bans are counted; null: everybody's. Lists of single bans have it in their filter */
  readonly origin: OriginCodes | null
  all<TRow>(text: string, ...parameters: readonly unknown[]): TRow[]
  get<TRow>(text: string, ...parameters: readonly unknown[]): Found<TRow>
}

/** Filters make a few dozen statements. */
const MAX_PREPARED_STATEMENTS = 200

/** Opens the database at `path` read-only. */
export function openReading(path: string): Reading {
  const sqlite = new BetterSqlite3(path, { readonly: true, fileMustExist: true, timeout: 5000 })
  // long scans use temporary tables
  sqlite.pragma('temp_store = memory')
  sqlite.pragma('cache_size = -16384')
  return createReading(sqlite)
}

/** Reads through an open connection, about the only host there is; see {@link withScope}. */
export function createReading(sqlite: BetterSqlite3.Database): Reading {
  // `like` knows the two cases of the letters a to z only
  sqlite.function('has_text', (text: string, part: string) =>
    text.toLowerCase().includes(part.toLowerCase()) ? 1 : 0,
  )
  const statements = new Map<string, BetterSqlite3.Statement>()
  function prepare(text: string): BetterSqlite3.Statement {
    const known = statements.get(text)
    if (known) return known
    if (statements.size >= MAX_PREPARED_STATEMENTS) statements.clear()
    const statement = sqlite.prepare(text)
    statements.set(text, statement)
    return statement
  }
  return {
    sqlite,
    scope: { hosts: null, isMany: false },
    origin: null,
    all: <TRow>(text: string, ...parameters: readonly unknown[]) =>
      prepare(text).all(...parameters) as TRow[],
    get: <TRow>(text: string, ...parameters: readonly unknown[]) =>
      prepare(text).get(...parameters) as Found<TRow>,
  }
}

/** Returns the reading for these hosts only. Where they are all that there are, no query has a condition for them. */
export function withScope(reading: Reading, wanted: HostScope): Reading {
  const all = reading.all<{ id: number }>('select id from hosts').map(({ id }) => id)
  const some = wanted === 'all' ? all : all.filter((id) => wanted.includes(id))
  const hosts = some.length === all.length ? null : some
  return { ...reading, scope: { hosts, isMany: some.length > 1 } }
}

/** Returns the reading that counts the bans of an origin only; undefined: of every origin. */
export const withOrigin = (reading: Reading, origin: Origin | undefined): Reading => ({
  ...reading,
  origin: origin === undefined ? null : codesOf(origin),
})
