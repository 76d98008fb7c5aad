import type BetterSqlite3 from 'better-sqlite3'
import { contains, parseAddress, type Address, type DaemonBan } from '@bangui/shared'
import type { LiveBansQuery } from '../host.ts'
import { parseBanRow, rowColumns, type RawRow } from './ban-row.ts'
import { piecesByRow } from './in-pieces.ts'
import type { Answers } from './messages.ts'

const MOST_ROWS = 500

/** Where a ban stands in the list: newest first, by time and rowid. */
interface Place {
  readonly timeofban: number
  readonly rowid: number
}

interface Conditions {
  readonly where: string
  readonly values: readonly (string | number)[]
  /** an index gives these rows, so that not the whole table is gone through */
  readonly isIndexed: boolean
}

/** One page of the bans that fail2ban remembers, newest first; the cursor is the place of the last one. */
export function listBans(database: BetterSqlite3.Database, query: LiveBansQuery): Answers['list']['answer'] {
  const most = Math.min(Math.max(1, Math.trunc(query.limit)), MOST_ROWS)
  const conditions = conditionsOf(database, query)
  const places = conditions.isIndexed
    ? findPlaces(database, conditions, most)
    : findInPieces(database, conditions, most)
  const find = database.prepare<[number], RawRow>(`select ${rowColumns} from bans where rowid = ?`)
  const rows = places.map(({ rowid }) => {
    const row = find.get(rowid)
    return row === undefined ? undefined : parseBanRow(row)
  })
  const last = places.at(-1)
  return {
    rows: rows.filter((row): row is DaemonBan => row !== undefined),
    nextCursor: last === undefined || places.length < most ? null : `${last.timeofban}.${last.rowid}`,
  }
}

function conditionsOf(database: BetterSqlite3.Database, query: LiveBansQuery): Conditions {
  const values: (string | number)[] = []
  const parts = [`typeof(timeofban) = 'integer'`]
  const add = (part: string, ...own: readonly (string | number)[]) => {
    parts.push(part)
    values.push(...own)
  }
  if (query.from !== null) add('timeofban >= ?', Math.ceil(query.from / 1000))
  if (query.to !== null) add('timeofban < ?', Math.ceil(query.to / 1000))
  if (query.jail !== null) add('jail = ?', query.jail)
  const filter = query.address === null ? undefined : parseAddress(query.address)
  const isExact = filter?.family === 4 && filter.prefix === 32
  if (isExact) add('ip = ?', filter.text)
  else if (query.address !== null) {
    database.function('is_inside', { deterministic: true }, (ip) => (isInside(filter, ip) ? 1 : 0))
    add('is_inside(ip)')
  }
  const [, time, rowid] = /^(\d{1,13})\.(\d{1,16})$/.exec(query.cursor ?? '') ?? []
  if (time !== undefined && rowid !== undefined)
    add('(timeofban, rowid) < (?, ?)', Number(time), Number(rowid))
  const isIndexed = isExact || (query.jail !== null && query.address === null)
  return { where: parts.join(' and '), values, isIndexed }
}

function isInside(filter: Address | undefined, ip: unknown): boolean {
  if (filter === undefined || typeof ip !== 'string') return false
  const address = parseAddress(ip)
  return address !== undefined && contains(filter, address)
}

const findPlaces = (database: BetterSqlite3.Database, { where, values }: Conditions, most: number): Place[] =>
  database
    .prepare<(string | number)[], Place>(
      `select timeofban, rowid from bans where ${where} order by timeofban desc, rowid desc limit ?`,
    )
    .all(...values, most)

/** The newest of each piece, then of all that were found. */
function findInPieces(database: BetterSqlite3.Database, conditions: Conditions, most: number): Place[] {
  let best: Place[] = []
  for (const { after, upTo } of piecesByRow(database)) {
    const where = `rowid > ? and rowid <= ? and ${conditions.where}`
    const found = findPlaces(
      database,
      { ...conditions, where, values: [after, upTo, ...conditions.values] },
      most,
    )
    best = [...best, ...found].sort(newestFirst).slice(0, most)
  }
  return best
}

const newestFirst = (one: Place, other: Place) => other.timeofban - one.timeofban || other.rowid - one.rowid
