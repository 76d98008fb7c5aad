import type BetterSqlite3 from 'better-sqlite3'
import { boundsBefore, DAY_SECONDS } from '@bangui/shared'
import { jailKey } from '../jail-key.ts'
import type { LiveCounts } from '../live-counts.ts'
import { countAddresses, type Span } from './count-addresses.ts'
import { piecesByRow } from './in-pieces.ts'
import type { CountQuery } from './database-queries.ts'

/** Where there would be more, the buckets become longer. */
const MAX_BUCKETS = 20_000
/** The longest bucket. */
const MAX_BUCKET_SECONDS = 32 * DAY_SECONDS

interface BucketRow {
  readonly jail: string
  readonly start: number
  readonly bans: number
}

/** Counts what fail2ban remembers by jail and time, and by address. */
export function countBans(database: BetterSqlite3.Database, query: CountQuery): LiveCounts {
  const inSeconds = (time: number) => Math.ceil(time / 1000)
  const before = boundsBefore(query)
  const span: Span = {
    before: before && inSeconds(before.from),
    from: inSeconds(query.from),
    to: inSeconds(query.to),
    size: Math.max(1, Math.trunc(query.bucketSeconds)),
  }
  return { ...countAddresses(database, span), buckets: countBuckets(database, span) }
}

function countBuckets(database: BetterSqlite3.Database, { from, to, size }: Span): LiveCounts['buckets'] {
  const count = database.prepare<number[], BucketRow>(
    `select substr(jail, 1, 256) as jail, timeofban - timeofban % ? as start, count(*) as bans from bans
     where rowid > ? and rowid <= ? and typeof(timeofban) = 'integer' and timeofban >= ? and timeofban < ?
     group by 1, 2`,
  )
  let length = size
  let buckets = new Map<string, BucketRow>()
  for (const { after, upTo } of piecesByRow(database)) {
    for (const row of count.iterate(length, after, upTo, from, to))
      addTo(buckets, { ...row, jail: jailKey(row.jail) })
    while (buckets.size > MAX_BUCKETS && length < MAX_BUCKET_SECONDS) {
      length = length < DAY_SECONDS ? DAY_SECONDS : length * 2
      buckets = lengthen(buckets.values(), length)
    }
  }
  return [...buckets.values()]
    .map(({ start, ...bucket }) => ({ ...bucket, start: start * 1000 }))
    .sort((one, other) => one.start - other.start || (one.jail < other.jail ? -1 : 1))
}

function lengthen(rows: Iterable<BucketRow>, length: number): Map<string, BucketRow> {
  const buckets = new Map<string, BucketRow>()
  for (const row of rows) addTo(buckets, { ...row, start: row.start - (row.start % length) })
  return buckets
}

function addTo(buckets: Map<string, BucketRow>, row: BucketRow): void {
  const key = `${row.start} ${row.jail}`
  const known = buckets.get(key)
  buckets.set(key, known ? { ...known, bans: known.bans + row.bans } : row)
}
