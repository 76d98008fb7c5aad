import BetterSqlite3 from 'better-sqlite3'

/** A row, if there is one. */
type Found<TRow> = TRow | undefined

/** The connection of a reader, which prepares each statement once. */
export interface Reading {
  readonly sqlite: BetterSqlite3.Database
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

/** Reads through an open connection. */
export function createReading(sqlite: BetterSqlite3.Database): Reading {
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
    all: <TRow>(text: string, ...parameters: readonly unknown[]) =>
      prepare(text).all(...parameters) as TRow[],
    get: <TRow>(text: string, ...parameters: readonly unknown[]) =>
      prepare(text).get(...parameters) as Found<TRow>,
  }
}
