import type BetterSqlite3 from 'better-sqlite3'
import { nameOfBan } from '../ban-name.ts'
import type { LiveCounts, LiveSums } from '../live-counts.ts'
import { createPacker } from '../packed-addresses.ts'
import { ipColumn } from './ban-row.ts'
import { createNetworkCount } from './count-networks.ts'
import { piecesByAddress } from './in-pieces.ts'
import { createTopRows } from './top-rows.ts'

/** In fail2ban's seconds. */
export interface Span {
  /** where the previous span begins; null: there is none */
  readonly before: number | null
  readonly from: number
  readonly to: number
  /** the length of a bucket */
  readonly size: number
}

interface AddressRow {
  readonly ip: string
  readonly bans: number
  readonly first: number
  readonly last: number
  readonly bansBefore: number
  readonly earliest: number
}

/** The longest list that can be asked for. */
const MAX_TOP = 500
const MAX_PACKED = 1_000_000
const MAX_FIRSTS = 20_000

/** Counts addresses in one pass over all bans that fail2ban remembers: only that shows which are new. */
export function countAddresses(database: BetterSqlite3.Database, span: Span): Omit<LiveCounts, 'buckets'> {
  const sums = { bans: 0, addresses: 0, newAddresses: 0 }
  const previous = { ...sums }
  const firsts = new Map<number, number>()
  const top = createTopRows<AddressRow>(MAX_TOP, mostFirst)
  const networks = createNetworkCount()
  const packer = createPacker(MAX_PACKED)
  const before = span.before ?? span.from
  for (const row of listAddresses(database, span)) {
    const { ip, bans, first, bansBefore, earliest } = row
    if (bansBefore > 0) addTo(previous, bansBefore, earliest >= before)
    if (bans === 0) continue
    addTo(sums, bans, earliest >= span.from)
    if (earliest >= span.from) addFirst(firsts, first - (first % span.size))
    top.add(row)
    networks.add(ip, bans)
    packer.add(ip, bans)
  }
  return {
    ...sums,
    previous: span.before === null ? null : previous,
    firsts: [...firsts].map(([start, count]) => ({ start: start * 1000, count })),
    topAddresses: top.rows().map((row) => toTopAddress(database, span, row)),
    topNetworks: networks.top(MAX_TOP),
    packed: packer.pack(),
  }
}

function* listAddresses(database: BetterSqlite3.Database, { before, from, to }: Span): Generator<AddressRow> {
  const count = database.prepare<[object], AddressRow>(
    `select ${ipColumn}, count(*) filter (where timeofban >= :from) as bans,
       min(timeofban) filter (where timeofban >= :from) as first, max(timeofban) as last,
       count(*) filter (where timeofban >= :before and timeofban < :from) as bansBefore,
       min(timeofban) as earliest
     from bans where bans.ip > :after and bans.ip <= :upTo and typeof(timeofban) = 'integer' and timeofban < :to
     group by bans.ip`,
  )
  for (const piece of piecesByAddress(database))
    yield* count.iterate({ ...piece, before: before ?? from, from, to })
}

type Counting = { -readonly [TKey in keyof LiveSums]: LiveSums[TKey] }

function addTo(sums: Counting, bans: number, isNew: boolean): void {
  sums.bans += bans
  sums.addresses += 1
  if (isNew) sums.newAddresses += 1
}

/** Only a hostile file has more of them. */
function addFirst(firsts: Map<number, number>, start: number): void {
  if (firsts.size < MAX_FIRSTS || firsts.has(start)) firsts.set(start, (firsts.get(start) ?? 0) + 1)
}

const mostFirst = (one: AddressRow, other: AddressRow) => other.bans - one.bans || other.last - one.last

function toTopAddress(
  database: BetterSqlite3.Database,
  { from, to }: Span,
  { ip, bans, first, last }: AddressRow,
): LiveCounts['topAddresses'][number] {
  const found = database
    .prepare<[string, number, number], { jails: number }>(
      'select count(distinct jail) as jails from bans where ip = ? and timeofban >= ? and timeofban < ?',
    )
    .get(ip, from, to)
  const jails = Math.max(1, found?.jails ?? 1)
  return { address: nameOfBan(ip), bans, jails, firstAt: first * 1000, lastAt: last * 1000 }
}
