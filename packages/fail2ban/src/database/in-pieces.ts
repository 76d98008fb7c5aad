import type BetterSqlite3 from 'better-sqlite3'

/**
 * Rows that one statement may go through. fail2ban cannot write while somebody reads, and gives up after five seconds: a
 * piece takes some tens of milliseconds, however large the table.
 */
const ROWS_PER_PIECE = 50_000

/** A part of a table: rows with a key above `after`, up to `upTo`. */
export interface Piece<TKey> {
  readonly after: TKey
  readonly upTo: TKey
}

/** Yields the table `bans` in pieces of its rowids, the newest first. */
export function* piecesByRow(database: BetterSqlite3.Database): Generator<Piece<number>> {
  const next = database.prepare<[number], { first: number | null }>(
    `select min(rowid) as first from (select rowid from bans where rowid <= ? order by rowid desc limit ${ROWS_PER_PIECE})`,
  )
  for (let upTo = Number.MAX_SAFE_INTEGER; ;) {
    const first = next.get(upTo)?.first
    if (first === null || first === undefined) return
    yield { after: first - 1, upTo }
    upTo = first - 1
  }
}

/** Yields the table `bans` in pieces of its addresses, each address in one piece only, without those that are no valid Unicode. */
export function* piecesByAddress(database: BetterSqlite3.Database): Generator<Piece<string>> {
  const next = database.prepare<[string], { upTo: string | null }>(
    `select max(ip) as upTo from
       (select ip from bans where ip > ? and typeof(ip) = 'text' order by ip limit ${ROWS_PER_PIECE})`,
  )
  for (let after = ''; ;) {
    const upTo = next.get(after)?.upTo
    // invalid Unicode is read as another text than SQLite sorts by: the same piece would come again and again
    if (upTo === null || upTo === undefined || Buffer.compare(Buffer.from(upTo), Buffer.from(after)) <= 0)
      return
    yield { after, upTo }
    after = upTo
  }
}
