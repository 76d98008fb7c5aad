import type BetterSqlite3 from 'better-sqlite3'
import { cleanLine } from '../ban-list.ts'
import { nameOfBan } from '../ban-name.ts'
import type { LiveCounts } from '../host.ts'
import { piecesByAddress, piecesByRow } from './in-pieces.ts'
import type { CountQuery } from './messages.ts'

const MOST_ADDRESSES = 200_000
const MOST_BUCKETS = 200_000

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

const inRange = `typeof(timeofban) = 'integer' and timeofban >= ? and timeofban < ?`

/** Counts what fail2ban remembers by jail and span, and by address. */
export function countBans(database: BetterSqlite3.Database, query: CountQuery): LiveCounts {
  const bounds = [Math.ceil(query.from / 1000), Math.ceil(query.to / 1000)] as const
  return {
    buckets: countBuckets(database, bounds, Math.max(1, Math.trunc(query.bucketSeconds))),
    addresses: countAddresses(database, bounds).map(({ ip, bans, jails, first, last }) => ({
      address: nameOfBan(ip),
      bans,
      jails,
      firstAt: first * 1000,
      lastAt: last * 1000,
    })),
  }
}

function countBuckets(
  database: BetterSqlite3.Database,
  bounds: readonly [from: number, to: number],
  span: number,
): LiveCounts['buckets'] {
  const count = database.prepare<number[], BucketRow>(
    `select substr(jail, 1, 256) as jail, timeofban - timeofban % ? as start, count(*) as bans from bans
     where rowid > ? and rowid <= ? and ${inRange} group by 1, 2`,
  )
  const sums = new Map<string, BucketRow>()
  for (const { after, upTo } of piecesByRow(database)) {
    for (const { jail, start, bans } of count.all(span, after, upTo, ...bounds)) {
      const name = cleanLine(jail, 255)
      const key = `${start} ${name}`
      const sum = bans + (sums.get(key)?.bans ?? 0)
      if (sums.has(key) || sums.size < MOST_BUCKETS)
        sums.set(key, { jail: name, start: start * 1000, bans: sum })
    }
  }
  return [...sums.values()].sort((one, other) => one.start - other.start || (one.jail < other.jail ? -1 : 1))
}

function countAddresses(
  database: BetterSqlite3.Database,
  bounds: readonly [from: number, to: number],
): AddressRow[] {
  const count = database.prepare<(string | number)[], AddressRow>(
    `select substr(ip, 1, 1000) as ip, count(*) as bans, count(distinct jail) as jails, min(timeofban) as first,
       max(timeofban) as last
     from bans where bans.ip > ? and bans.ip <= ? and ${inRange} group by bans.ip`,
  )
  let found: AddressRow[] = []
  for (const { after, upTo } of piecesByAddress(database)) {
    for (const row of count.iterate(after, upTo, ...bounds)) found.push(row)
    if (found.length > 2 * MOST_ADDRESSES) found = mostFirst(found)
  }
  return mostFirst(found)
}

const mostFirst = (rows: AddressRow[]): AddressRow[] =>
  rows.sort((one, other) => other.bans - one.bans || other.last - one.last).slice(0, MOST_ADDRESSES)
