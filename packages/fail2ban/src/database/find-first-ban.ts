import type BetterSqlite3 from 'better-sqlite3'
import { piecesByRow } from './in-pieces.ts'

/** Returns when the first ban was that fail2ban remembers, epoch milliseconds; null: it remembers none. */
export function findFirstBan(database: BetterSqlite3.Database): number | null {
  const select = database
    .prepare<[number, number], number | null>(
      `select min(timeofban) from bans where rowid > ? and rowid <= ? and typeof(timeofban) = 'integer'`,
    )
    .pluck()
  let first: number | null = null
  for (const { after, upTo } of piecesByRow(database)) {
    const found = select.get(after, upTo) ?? null
    if (found !== null) first = Math.min(found, first ?? found)
  }
  return first === null ? null : first * 1000
}
