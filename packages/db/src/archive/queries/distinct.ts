import { addressOfKey, type AddressStats, type Bounds, type NetworkStats } from '@bangui/shared'
import { toCountry } from './ban-rows.ts'
import { sliceByAddress, sliceByTime, splitAddresses } from './slices.ts'
import { sumsOf } from './sums.ts'
import { createTopList, type Counted } from './top-list.ts'
import type { Reading } from './reading.ts'

/** The numbers of a span that need a look at each ban. */
export interface Distinct {
  readonly addresses: number
  readonly topAddresses: readonly AddressStats[]
  readonly topNetworks: readonly NetworkStats[]
}

export interface Step {
  readonly done: number
  readonly total: number
}

/** As long as the longest list that can be asked for. */
const TOP = 500
/** A ban found through time costs as much as so many in the order of addresses. */
const TIME_COST = 10

/** Addresses with their bans in a span, in parts: SQL with parameters that gives address, bans, first_at, last_at. */
interface Part extends Step {
  readonly sql: string
  readonly parameters: readonly unknown[]
}

/**
 * Counts a span exactly, in steps of some tens of milliseconds: all there is from the table of addresses; a good part
 * of it along the index of addresses, which is in order already; a small part through the index of times.
 */
export function* countDistinct(reading: Reading, bounds: Bounds): Generator<Step, Distinct> {
  const addresses = createTopList(TOP)
  const networks = createTopList(TOP)
  let count = 0
  for (const part of partsOf(reading, bounds)) {
    if (part.sql !== '') {
      const rows = reading.all<Counted & { kind: number }>(
        topOf(part.sql),
        ...part.parameters,
        addresses.least(),
        networks.least(),
      )
      count += rows.find(({ kind }) => kind === 0)?.bans ?? 0
      addresses.add(rows.filter(({ kind }) => kind === 1))
      networks.add(rows.filter(({ kind }) => kind === 2))
    }
    yield part
  }
  return {
    addresses: count,
    topAddresses: addresses.rows().map((row) => toAddressStats(reading, row, bounds)),
    topNetworks: networks.rows().map((row) => toNetworkStats(reading, row)),
  }
}

/** The parts of a span; one without SQL is only a step on the way. */
export function* partsOf(reading: Reading, bounds: Bounds): Generator<Part> {
  const newest = reading.get<{ at: number | null }>('select max(at) as at from bans')?.at ?? 0
  if (bounds.from === 0 && newest < bounds.to) yield* allParts(reading)
  else if (isSmall(reading, bounds)) yield* timeParts(reading, bounds)
  else yield* addressParts(reading, bounds)
}

function isSmall(reading: Reading, bounds: Bounds): boolean {
  const all = sumsOf(reading, { from: 0, to: Number.MAX_SAFE_INTEGER }).bans
  return sumsOf(reading, bounds).bans * TIME_COST < all
}

function* allParts(reading: Reading): Generator<Part> {
  for (const { from, to, done, total } of sliceByAddress(reading))
    yield {
      sql: 'select address, bans, first_at, last_at from addresses where address >= ? and address < ?',
      parameters: [from, to],
      done,
      total,
    }
}

function* addressParts(reading: Reading, bounds: Bounds): Generator<Part> {
  for (const { from, to, done, total } of sliceByAddress(reading))
    yield {
      sql: `select b.address, count(*) as bans, min(b.at) as first_at, max(b.at) as last_at
        from bans b indexed by bans_identity
        where b.address >= ? and b.address < ? and +b.at >= ? and +b.at < ? group by b.address`,
      parameters: [from, to, bounds.from, bounds.to],
      done,
      total,
    }
}

let tables = 0

/** The bans are laid aside by time, then counted together. */
function* timeParts(reading: Reading, bounds: Bounds): Generator<Part> {
  const table = `temp.span_${++tables}`
  reading.sqlite.exec(`create table ${table} (address blob, at integer)`)
  try {
    const insert = reading.sqlite.prepare(
      `insert into ${table} select b.address, b.at from bans b indexed by bans_at where b.at >= ? and b.at < ?`,
    )
    let count = 0
    for (const { from, to, done, total } of sliceByTime(reading, bounds)) {
      count += insert.run(from, to).changes
      yield { sql: '', parameters: [], done, total: total * 2 }
    }
    for (const { from, to, done, total } of splitAddresses(count))
      yield {
        sql: `select address, count(*) as bans, min(at) as first_at, max(at) as last_at
          from ${table} where address >= ? and address < ? group by address`,
        parameters: [from, to],
        done: done + total,
        total: total * 2,
      }
  } finally {
    reading.sqlite.exec(`drop table ${table}`)
  }
}

/** Kind 0: how many addresses; 1: the first of them; 2: the first of their networks (as the start of their keys). */
const topOf = (source: string) => `with a as materialized (${source})
  select 0 as kind, count(*) as bans, 0 as addresses, null as key, 0 as firstAt, 0 as lastAt from a
  union all select * from (
    select 1, bans, 1, address, first_at, last_at from a where bans >= ? order by bans desc, last_at desc limit ${TOP}
  )
  union all select * from (
    select 2, sum(bans) as total, count(*), ${networkOf}, min(first_at), max(last_at) as newest
    from a where address > x'01' group by 4 having total >= ? order by total desc, newest desc limit ${TOP}
  )`

/** The beginning that the keys of a /24 or /48 share; what is wider stands for itself. */
const networkOf = `case
  when address < x'06' and substr(address, 6, 1) >= x'18' then substr(address, 1, 4)
  when address >= x'06' and substr(address, 18, 1) >= x'30' then substr(address, 1, 7)
  else address end`

function toAddressStats(reading: Reading, row: Counted, { from, to }: Bounds): AddressStats {
  const jails = reading.get<{ count: number }>(
    `select count(distinct b.jail_id) as count from bans b indexed by bans_identity
     where b.address = ? and b.at >= ? and b.at < ?`,
    row.key,
    from,
    to,
  )
  const known = reading.get<{ country: string }>('select country from addresses where address = ?', row.key)
  return {
    key: addressOfKey(row.key),
    bans: row.bans,
    country: toCountry(known?.country),
    jails: Math.max(1, jails?.count ?? 0),
    firstAt: row.firstAt,
    lastAt: row.lastAt,
    asOf: 0,
  }
}

function toNetworkStats(reading: Reading, { key, bans, addresses }: Counted): NetworkStats {
  const from = fullKey(key)
  const to = new Uint8Array(from.length).fill(0xff)
  to.set(key.length < from.length ? key : from)
  const known = reading.get<{ country: string }>(
    `select country from addresses where address between ? and ? and country <> '??' limit 1`,
    from,
    to,
  )
  return { key: addressOfKey(from), bans, addresses, country: toCountry(known?.country), asOf: 0 }
}

/** The key of the network whose members' keys begin so. */
function fullKey(start: Uint8Array): Uint8Array {
  if (start.length !== 4 && start.length !== 7) return start
  const key = new Uint8Array(start[0] === 4 ? 6 : 18)
  key.set(start)
  key[key.length - 1] = start[0] === 4 ? 24 : 48
  return key
}
