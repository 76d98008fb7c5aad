import type BetterSqlite3 from 'better-sqlite3'
import {
  addressKey,
  addressOfKey,
  coverRangeOf,
  parseAddress,
  type DaemonBan,
  type KeyRange,
} from '@bangui/shared'
import type { LiveBansQuery } from '../models/ban-models.ts'
import { parseBanRow, rowColumns, type RawRow } from './ban-row.ts'
import { findByJail, findInPieces, findPlaces, type Conditions, type Place } from './find-places.ts'

const MAX_ROWS = 500

interface Asked extends Conditions {
  /** how these rows are found with the least reading */
  readonly find: (database: BetterSqlite3.Database, conditions: Conditions, most: number) => Place[]
}

/** One page of the bans that fail2ban remembers, newest first; the cursor is the place of the last one. */
export function listBans(
  database: BetterSqlite3.Database,
  query: LiveBansQuery,
): {
  readonly rows: readonly DaemonBan[]
  readonly nextCursor: string | null
} {
  const most = Math.min(Math.max(1, Math.trunc(query.limit)), MAX_ROWS)
  const asked = askedOf(database, query)
  const places = asked.find(database, asked, most)
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

function askedOf(database: BetterSqlite3.Database, query: LiveBansQuery): Asked {
  const values: (string | number)[] = []
  const parts = [`typeof(timeofban) = 'integer'`]
  const add = (part: string, ...own: readonly (string | number)[]) => {
    parts.push(part)
    values.push(...own)
  }
  if (query.from !== null) add('timeofban >= ?', Math.ceil(query.from / 1000))
  if (query.to !== null) add('timeofban < ?', Math.ceil(query.to / 1000))
  if (query.jail !== null) add('jail = ?', query.jail)
  const [, time, rowid] = /^(\d{1,13})\.(\d{1,16})$/.exec(query.cursor ?? '') ?? []
  if (time !== undefined && rowid !== undefined)
    add('(timeofban, rowid) < (?, ?)', Number(time), Number(rowid))
  const filter = query.address === null ? undefined : parseAddress(query.address)
  const range = filter && coverRangeOf(filter)
  const holders = range && query.withHolders ? range.holders.map(addressOfKey) : []
  const isExact = filter?.family === 4 && filter.prefix === 32
  if (isExact) add(`ip in (?${', ?'.repeat(holders.length)})`, filter.text, ...holders)
  else if (query.address !== null) {
    // last, since it costs the most
    const isWanted = insideOrAround(range, holders)
    database.function('is_wanted', { deterministic: true }, (ip) => (isWanted(ip) ? 1 : 0))
    add('is_wanted(ip)')
  }
  const isInPieces = query.address !== null && !isExact
  const find = isInPieces ? findInPieces : isExact || query.jail !== null ? findPlaces : findByJail
  return { where: parts.join(' and '), values, find }
}

/** Returns whether a stored address lies in a range, or is one of the networks that hold it. */
function insideOrAround(range: KeyRange | undefined, holders: readonly string[]): (ip: unknown) => boolean {
  const around = new Set(holders)
  return (ip) => {
    if (range === undefined || typeof ip !== 'string') return false
    if (around.has(ip)) return true
    const key = addressKey(ip)
    return Buffer.compare(key, range.from) >= 0 && Buffer.compare(key, range.to) <= 0
  }
}
