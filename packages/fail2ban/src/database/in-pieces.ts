import type BetterSqlite3 from 'better-sqlite3'

/**
 * Rows that one statement may go through. fail2ban cannot write while somebody reads, and gives up after five seconds: a
 * piece takes some tens of milliseconds, however large the table.
 */
const PIECE = 50_000

/** A part of a table: rows with a key above `after`, up to `upTo`. */
export interface Piece<TKey> {
  readonly after: TKey
  readonly upTo: TKey
}

/** The table `bans` in pieces of its rowids. */
export function* piecesByRow(database: BetterSqlite3.Database): Generator<Piece<number>> {
  const next = database.prepare<[number], { upTo: number | null }>(
    `select max(rowid) as upTo from (select rowid from bans where rowid > ? order by rowid limit ${PIECE})`,
  )
  yield* pieces(0, (after) => next.get(after)?.upTo)
}

/** The table `bans` in pieces of its addresses, each address in one piece only. */
export function* piecesByAddress(database: BetterSqlite3.Database): Generator<Piece<string>> {
  const next = database.prepare<[string], { upTo: string | null }>(
    `select max(ip) as upTo from
       (select ip from bans where ip > ? and typeof(ip) = 'text' order by ip limit ${PIECE})`,
  )
  yield* pieces('', (after) => next.get(after)?.upTo)
}

function* pieces<TKey>(first: TKey, next: (after: TKey) => TKey | null | undefined): Generator<Piece<TKey>> {
  let after = first
  for (let upTo = next(after); upTo !== null && upTo !== undefined; upTo = next(after)) {
    yield { after, upTo }
    after = upTo
  }
}
