import type BetterSqlite3 from 'better-sqlite3'
import { contains, parseAddress, type Address, type DaemonBan } from '@bangui/shared'
import { canonicalId } from '../ban-list.ts'
import type { LiveBansQuery, LiveCounts } from '../host.ts'
import { parseBanRow, rowColumns, type RawRow } from './ban-row.ts'
import type { Answers, CountQuery } from './messages.ts'

const MOST_ROWS = 500
const MOST_ADDRESSES = 200_000
const MOST_BUCKETS = 200_000

/** One page, newest first; the cursor is time and rowid of the last row. */
export function listBans(database: BetterSqlite3.Database, query: LiveBansQuery): Answers['list']['answer'] {
  const most = Math.min(Math.max(1, Math.trunc(query.limit)), MOST_ROWS)
  const { where, values } = conditionsOf(database, query)
  const rows = database
    .prepare<(string | number)[], RawRow>(
      `select ${rowColumns} from bans where ${where} order by timeofban desc, rowid desc limit ?`,
    )
    .all(...values, most)
  const last = rows.at(-1)
  return {
    rows: rows.map(parseBanRow).filter((row): row is DaemonBan => row !== undefined),
    nextCursor: last === undefined || rows.length < most ? null : `${String(last.timeofban)}.${last.rowid}`,
  }
}

function conditionsOf(database: BetterSqlite3.Database, query: LiveBansQuery) {
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
  if (filter?.family === 4 && filter.prefix === 32) add('ip = ?', filter.text)
  else if (query.address !== null) {
    database.function('is_inside', { deterministic: true }, (ip) => (isInside(filter, ip) ? 1 : 0))
    // each address is looked at once, and its bans come from the index
    add('ip in (select ip from (select distinct ip from bans) where is_inside(ip))')
  }
  const [, time, rowid] = /^(\d{1,13})\.(\d{1,16})$/.exec(query.cursor ?? '') ?? []
  if (time !== undefined && rowid !== undefined)
    add('(timeofban, rowid) < (?, ?)', Number(time), Number(rowid))
  return { where: parts.join(' and '), values }
}

function isInside(filter: Address | undefined, ip: unknown): boolean {
  if (filter === undefined || typeof ip !== 'string') return false
  const address = parseAddress(ip)
  return address !== undefined && contains(filter, address)
}

interface BucketRow {
  readonly jail: string
  readonly start: number
  readonly bans: number
}

interface AddressRow {
  readonly ip: string
  readonly bans: number
  readonly jails: number
  readonly first: number
  readonly last: number
}

/** Counts by jail and span, and by address. */
export function countBans(database: BetterSqlite3.Database, query: CountQuery): LiveCounts {
  const span = Math.max(1, Math.trunc(query.bucketSeconds))
  const bounds = [Math.ceil(query.from / 1000), Math.ceil(Math.min(query.to, Number.MAX_SAFE_INTEGER) / 1000)]
  const inRange = `typeof(timeofban) = 'integer' and timeofban >= ? and timeofban < ?`
  const buckets = database
    .prepare<number[], BucketRow>(
      `select substr(jail, 1, 256) as jail, timeofban - timeofban % ? as start, count(*) as bans from bans
       where ${inRange} group by 1, 2 order by 2, 1 limit ${MOST_BUCKETS}`,
    )
    .all(span, ...bounds)
  const addresses = database
    .prepare<number[], AddressRow>(
      `select substr(ip, 1, 1000) as ip, count(*) as bans, count(distinct jail) as jails, min(timeofban) as first,
         max(timeofban) as last
       from bans where ${inRange} and typeof(ip) = 'text' group by bans.ip order by bans desc, last desc limit ${MOST_ADDRESSES}`,
    )
    .all(...bounds)
  return {
    buckets: buckets.map(({ jail, start, bans }) => ({ jail: canonicalId(jail), start: start * 1000, bans })),
    addresses: addresses.map(({ ip, bans, jails, first, last }) => ({
      address: canonicalId(ip),
      bans,
      jails,
      firstAt: first * 1000,
      lastAt: last * 1000,
    })),
  }
}
