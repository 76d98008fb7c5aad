import type BetterSqlite3 from 'better-sqlite3'
import type { DaemonBan } from '@bangui/shared'
import type { DaemonBanPage } from '../models/ban-models.ts'
import { parseBanRow, rowColumns, type RawRow } from './ban-row.ts'
import {
  decodeCursor,
  encodeCursor,
  rowFingerprint,
  selectCheckpoints,
  type Checkpoint,
  type TableCursor,
} from './cursor.ts'
import type { BanTable, PageQuery } from './database-queries.ts'

const MAX_ROWS = 10_000

/** Only bans in force; fail2ban's own condition, but for those whose length is not known. */
const conditions: Record<BanTable, string> = {
  bans: '? is not null',
  bips: '(timeofban + bantime > ? or bantime = -1)',
}

/**
 * Returns a page in the order of rowids. These are not stable, since `bans` has no key: SQLite assigns them again after the
 * newest rows were deleted. Where a row that was read has changed, reading goes back to one that has not.
 */
export function readPage(
  database: BetterSqlite3.Database,
  file: string,
  { table, cursor, limit, now }: PageQuery,
): DaemonBanPage {
  const before = stillThere(database, table, cursorOf(file, cursor))
  const condition = conditions[table]
  const seconds = Math.floor(now / 1000)
  const most = Math.min(Math.max(1, Math.trunc(limit)), MAX_ROWS)
  const select = database.prepare<[number, number, number], RawRow>(
    `select ${rowColumns} from ${table} where rowid > ? and ${condition} order by rowid limit ?`,
  )
  const rows: DaemonBan[] = []
  const read: RawRow[] = []
  // one after the other: what strangers wrote into their data may be large
  for (const row of select.iterate(before[0]?.rowid ?? 0, seconds, most)) {
    const ban = parseBanRow(row)
    if (ban !== undefined) rows.push(ban)
    read.push({ ...row, data: null })
  }
  const total =
    before.length > 0
      ? null
      : database
          .prepare<[number], { total: number }>(`select count(*) as total from ${table} where ${condition}`)
          .get(seconds)?.total
  const checkpoints = selectCheckpoints([...read.reverse(), ...before]).map((row) =>
    'mark' in row ? row : checkpointOf(row),
  )
  return {
    rows,
    cursor: encodeCursor({ file, checkpoints }),
    done: read.length < most,
    total: total ?? null,
  }
}

const checkpointOf = ({ rowid, jail, ip, timeofban }: RawRow): Checkpoint => ({
  rowid,
  mark: rowFingerprint([jail, ip, timeofban]),
})

/** Returns null where there is no cursor, or it belongs to another file. */
function cursorOf(file: string, text: string | null): TableCursor | null {
  const cursor = decodeCursor(text)
  return cursor?.file === file ? cursor : null
}

/** Returns the checkpoints from the last unchanged row on. */
function stillThere(
  database: BetterSqlite3.Database,
  table: BanTable,
  cursor: TableCursor | null,
): readonly Checkpoint[] {
  if (cursor === null) return []
  const find = database.prepare<[number], RawRow>(`select ${rowColumns} from ${table} where rowid = ?`)
  const first = cursor.checkpoints.findIndex(({ rowid, mark }) => {
    const row = find.get(rowid)
    return row !== undefined && checkpointOf(row).mark === mark
  })
  return first === -1 ? [] : cursor.checkpoints.slice(first)
}
