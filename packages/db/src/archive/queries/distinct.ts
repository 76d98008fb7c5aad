import { addressOfKey, type AddressStats, type Bounds, type NetworkStats } from '@bangui/shared'
import { toCountry } from './ban-rows.ts'
import { addressChunksOf, type Progress } from './address-chunks.ts'
import { createTopList, type Counted } from './top-list.ts'
import type { Reading } from './reading.ts'
import { andHost, andOrigin, countryOf } from './scope.ts'

/** The numbers of a span that roll-ups cannot answer. */
export interface Distinct {
  readonly addresses: number
  readonly topAddresses: readonly TopAddress[]
  /** the addresses with the most bans on one host: on one host, the same */
  readonly topOnOneHost: readonly TopAddress[]
  readonly topNetworks: readonly NetworkStats[]
}

/** An address at the top, and its bans on the host that has most of them. */
export interface TopAddress extends AddressStats {
  readonly most: number
}

/** As long as the longest list that can be asked for. */
const MAX_TOP_ROWS = 500
/** Counts a span exactly, in chunks of some tens of milliseconds. */
export function* countDistinct(reading: Reading, bounds: Bounds): Generator<Progress, Distinct> {
  const { isMany } = reading.scope
  const addresses = createTopList(MAX_TOP_ROWS)
  const onOneHost = createTopList(MAX_TOP_ROWS, 'most')
  const networks = createTopList(MAX_TOP_ROWS)
  let count = 0
  for (const chunk of addressChunksOf(reading, bounds)) {
    if (chunk.sql !== '') {
      const rows = reading.all<Counted & { kind: number }>(
        topOf(chunk.sql, isMany),
        ...chunk.parameters,
        addresses.least(),
        networks.least(),
        ...(isMany ? [onOneHost.least()] : []),
      )
      count += rows.find(({ kind }) => kind === 0)?.bans ?? 0
      addresses.add(rows.filter(({ kind }) => kind === 1))
      networks.add(rows.filter(({ kind }) => kind === 2))
      onOneHost.add(rows.filter(({ kind }) => kind === 3))
    }
    yield chunk
  }
  const statsOf = (row: Counted) => toAddressStats(reading, row, bounds)
  const topAddresses = addresses.rows().map(statsOf)
  return {
    addresses: count,
    topAddresses,
    topOnOneHost: isMany ? onOneHost.rows().map(statsOf) : topAddresses,
    topNetworks: networks.rows().map((row) => toNetworkStats(reading, row)),
  }
}

/** Counts only the addresses of a span, which takes a third of the time of {@link countDistinct}. */
export function* countAddresses(reading: Reading, bounds: Bounds): Generator<Progress, number> {
  let count = 0
  for (const chunk of addressChunksOf(reading, bounds)) {
    if (chunk.sql !== '')
      count += reading.get<{ count: number }>(chunk.countSql, ...chunk.parameters)?.count ?? 0
    yield chunk
  }
  return count
}

/**
 * SQL whose rows have a kind: 0, the number of addresses; 1, a top address; 2, a top network (the start of its keys); 3, of
 * several hosts, an address at the top of one of them.
 */
const topOf = (source: string, isMany: boolean) => `with a as materialized (${source})
  select 0 as kind, count(*) as bans, 0 as most, 0 as addresses, null as key, 0 as firstAt, 0 as lastAt from a
  union all select * from (
    select 1, bans, most, 1, address, first_at, last_at from a where bans >= ? order by bans desc, last_at desc limit ${MAX_TOP_ROWS}
  )
  union all select * from (
    select 2, sum(bans) as total, 0, count(*), ${networkOf}, min(first_at), max(last_at) as newest
    from a where address > x'01' group by 5 having total >= ? order by total desc, newest desc limit ${MAX_TOP_ROWS}
  )${isMany ? topOnOneHost : ''}`

const topOnOneHost = `
  union all select * from (
    select 3, bans, most, 1, address, first_at, last_at from a where most >= ? order by most desc, last_at desc limit ${MAX_TOP_ROWS}
  )`

/** SQL for the start that the keys of a /24 or /48 share; a wider network counts as itself. */
const networkOf = `case
  when address < x'06' and substr(address, 6, 1) >= x'18' then substr(address, 1, 4)
  when address >= x'06' and substr(address, 18, 1) >= x'30' then substr(address, 1, 7)
  else address end`

function toAddressStats(reading: Reading, row: Counted, { from, to }: Bounds): TopAddress {
  // a look-up a jail: an address at the top can have thousands of bans
  const jails = reading.get<{ count: number }>(
    `select count(*) as count from archive_jails j where exists (
       select 1 from bans b indexed by bans_identity
       where b.address = ? and b.jail_id = j.id and b.at >= ? and b.at < ? ${andOrigin(reading)}
     ) ${andHost(reading, 'j.host_id')}`,
    row.key,
    from,
    to,
  )
  const known = reading.get<{ country: string | null }>(
    `select ${countryOf(reading, '?')} as country`,
    row.key,
  )
  return {
    key: addressOfKey(row.key),
    bans: row.bans,
    most: row.most,
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
    `select country from addresses where address between ? and ? and country <> '??' ${andHost(reading)} limit 1`,
    from,
    to,
  )
  return { key: addressOfKey(from), bans, addresses, country: toCountry(known?.country), asOf: 0 }
}

/** Returns the key of the network whose members' keys have this start. */
function fullKey(start: Uint8Array): Uint8Array {
  if (start.length !== 4 && start.length !== 7) return start
  const key = new Uint8Array(start[0] === 4 ? 6 : 18)
  key.set(start)
  key[key.length - 1] = start[0] === 4 ? 24 : 48
  return key
}
