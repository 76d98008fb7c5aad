import BetterSqlite3 from 'better-sqlite3'

/** A row, where there is one. */
type Found<TRow> = TRow | undefined

/** A connection of a reader, with statements prepared once. */
export interface Reading {
  readonly sqlite: BetterSqlite3.Database
  all<TRow>(text: string, ...parameters: readonly unknown[]): TRow[]
  get<TRow>(text: string, ...parameters: readonly unknown[]): Found<TRow>
}

/** Texts kept prepared; filters make a few dozen of them. */
const STATEMENTS_KEPT = 200

/** Opens the database at `path` for reading alone. */
export function openReading(path: string): Reading {
  const sqlite = new BetterSqlite3(path, { readonly: true, fileMustExist: true, timeout: 5000 })
  // temporary tables of long countings stay in memory
  sqlite.pragma('temp_store = memory')
  sqlite.pragma('cache_size = -16384')
  return createReading(sqlite)
}

/** Reads through a connection that is open already. */
export function createReading(sqlite: BetterSqlite3.Database): Reading {
  const statements = new Map<string, BetterSqlite3.Statement>()
  function prepare(text: string): BetterSqlite3.Statement {
    const known = statements.get(text)
    if (known) return known
    if (statements.size >= STATEMENTS_KEPT) statements.clear()
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
