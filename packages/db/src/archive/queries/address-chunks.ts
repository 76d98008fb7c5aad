import type { Bounds } from '@bangui/shared'
import { chunksByAddress, chunksByTime, chunksOfAddressSpace } from './chunks.ts'
import { totalsOf } from './totals.ts'
import { withOrigin, type Reading } from './reading.ts'
import { addressRows, andHost, andJail, andOrigin, isOfFail2ban, listOrigins, timeIndexOf } from './scope.ts'

/** How far a long scan is. */
export interface Progress {
  readonly done: number
  readonly total: number
}

/** Finding a ban by its time costs as much as reading this many in the order of addresses. */
const COST_OF_BAN_BY_TIME = 10

/** The SQL of a chunk, which returns the addresses with bans in a span: address, bans, most, first_at, last_at. */
interface AddressChunk extends Progress {
  /** empty: this step only prepares the next chunks */
  readonly sql: string
  /** the SQL that returns only their `count` */
  readonly countSql: string
  readonly parameters: readonly unknown[]
}

/**
 * Returns the chunks of a span: from the table of addresses for all bans there are, along the index of addresses, which
 * is in order already, for a large part of them, and through an index of times for a small part.
 */
export function* addressChunksOf(asked: Reading, bounds: Bounds): Generator<AddressChunk> {
  const everybody = withOrigin(asked, undefined)
  const reading = asked.origin && isOfFail2ban(asked.origin) && !hasOthers(asked) ? everybody : asked
  if (reading.origin === null && isEverything(reading, bounds)) yield* chunksOfAll(reading)
  else if (timeIndexOf(reading) === 'bans_origin' || isSmall(everybody, bounds))
    yield* chunksThroughTime(reading, bounds)
  else if (reading.origin === null) yield* chunksAlongAddresses(reading, bounds)
  else yield* chunksWithoutOthers(reading, bounds)
}

const isEverything = (reading: Reading, { from, to }: Bounds): boolean =>
  from === 0 && (reading.get<{ at: number | null }>('select max(at) as at from bans')?.at ?? 0) < to

/** Whether anybody but fail2ban ever banned. */
const hasOthers = (reading: Reading): boolean =>
  reading.get('select 1 from bans indexed by bans_origin where origin <> 0 limit 1') !== undefined

function isSmall(reading: Reading, bounds: Bounds): boolean {
  const all = totalsOf(reading, { from: 0, to: Number.MAX_SAFE_INTEGER }).bans
  return totalsOf(reading, bounds).bans * COST_OF_BAN_BY_TIME < all
}

function* chunksOfAll(reading: Reading): Generator<AddressChunk> {
  for (const { from, to, done, total } of chunksByAddress(reading))
    yield {
      sql: addressRows(reading, 'address >= ? and address < ?'),
      countSql: `select count(${reading.scope.isMany ? 'distinct address' : '*'}) as count
        from addresses where address >= ? and address < ? ${andHost(reading)}`,
      parameters: [from, to],
      done,
      total,
    }
}

function* chunksAlongAddresses(reading: Reading, bounds: Bounds, condition = ''): Generator<AddressChunk> {
  const source = `from bans b indexed by bans_identity
    where b.address >= ? and b.address < ? and +b.at >= ? and +b.at < ? ${andJail(reading)} ${condition}`
  for (const { from, to, done, total } of chunksByAddress(reading))
    yield {
      sql: countByAddress(reading, source),
      countSql: `select count(distinct b.address) as count ${source}`,
      parameters: [from, to, bounds.from, bounds.to],
      done,
      total,
    }
}

/** Distinguishes the temporary tables of scans that run at the same time on one connection. */
let tables = 0

/** The index of addresses has no origin: the bans that are not fail2ban's are listed first. */
function* chunksWithoutOthers(reading: Reading, bounds: Bounds): Generator<AddressChunk> {
  const table = `temp.others_${++tables}`
  reading.sqlite.exec(`create table ${table} (id integer primary key)`)
  try {
    for (const others of readingsOfOthers(reading)) {
      const insert = reading.sqlite.prepare(
        `insert or ignore into ${table} select b.id from bans b indexed by bans_origin
         where b.at >= ? and b.at < ? ${andOrigin(others)}`,
      )
      for (const { from, to } of chunksByTime(others, bounds)) {
        insert.run(from, to)
        yield { sql: '', countSql: '', parameters: [], done: 0, total: 256 }
      }
    }
    yield* chunksAlongAddresses(reading, bounds, `and b.id not in (select id from ${table})`)
  } finally {
    reading.sqlite.exec(`drop table ${table}`)
  }
}

/** Returns a reading for each origin that is not fail2ban's: their bans are in the order of time one after the other. */
const readingsOfOthers = (reading: Reading): Reading[] => [
  withOrigin(reading, 'unknown'),
  withOrigin(reading, 'user'),
  ...readingsOfLists(reading),
]

const readingsOfLists = (reading: Reading): Reading[] =>
  listOrigins(reading).map((list) => withOrigin(reading, `blocklist:${list}`))

/** Returns the SQL that counts bans (`b`) by address; those of several hosts are merged. */
const countByAddress = (reading: Reading, source: string): string =>
  reading.scope.isMany
    ? `select address, sum(bans) as bans, max(bans) as most, min(first_at) as first_at, max(last_at) as last_at from (
         select b.address as address, count(*) as bans, min(b.at) as first_at, max(b.at) as last_at ${source}
         group by b.address, (select j.host_id from archive_jails j where j.id = b.jail_id)
       ) group by address`
    : `select b.address, count(*) as bans, count(*) as most, min(b.at) as first_at, max(b.at) as last_at ${source}
       group by b.address`

/** Copies the bans of the span into a temporary table first, then counts them by address. */
function* chunksThroughTime(reading: Reading, bounds: Bounds): Generator<AddressChunk> {
  const table = `temp.span_${++tables}`
  reading.sqlite.exec(`create table ${table} (address blob, at integer, jail_id integer)`)
  try {
    let count = 0
    const parts = reading.origin?.only === null ? readingsOfLists(reading) : [reading]
    for (const [index, part] of parts.entries()) {
      const insert = reading.sqlite.prepare(
        `insert into ${table} select b.address, b.at, b.jail_id from bans b indexed by ${timeIndexOf(part)}
         where b.at >= ? and b.at < ? ${andJail(part)} ${andOrigin(part)}`,
      )
      for (const { from, to, done, total } of chunksByTime(part, bounds)) {
        count += insert.run(from, to).changes
        const all = total * parts.length
        yield { sql: '', countSql: '', parameters: [], done: index * total + done, total: all * 2 }
      }
    }
    const source = `from ${table} b where b.address >= ? and b.address < ?`
    for (const { from, to, done, total } of chunksOfAddressSpace(count))
      yield {
        sql: countByAddress(reading, source),
        countSql: `select count(distinct b.address) as count ${source}`,
        parameters: [from, to],
        done: done + total,
        total: total * 2,
      }
  } finally {
    reading.sqlite.exec(`drop table ${table}`)
  }
}
