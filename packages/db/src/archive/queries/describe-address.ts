import {
  type Address,
  addressKey,
  addressOfKey,
  type CoverRange,
  coverRangeOf,
  DAY_MS,
  type KeyRange,
  keyRangeOf,
  networkOf,
  parseAddress,
} from '@bangui/shared'
import type { ArchivedAddress } from '../reader-port.ts'
import { findActive, findOf } from './active.ts'
import { toBan } from './ban-rows.ts'
import { findCovers } from './covers.ts'
import { mergeExtensions } from './extensions.ts'
import { knownHolders } from './filter.ts'
import { listHistory, listLines } from './history.ts'
import type { Reading } from './reading.ts'
import { addressRows, andHost, andJail } from './scope.ts'

const MAX_BANS = 100
const MAX_FAILURES = 200
const MAX_NEIGHBOURS = 50
const MAX_TIMELINE_DAYS = 400

/** Whether a network is so wide that describing it can take long. */
export function isWide(text: string): boolean {
  const address = parseAddress(text)
  return address !== undefined && address.prefix < (address.family === 4 ? 16 : 32)
}

/**
 * Returns what the archive knows of an address, a network with all it contains, or another text that was banned. The
 * bans of networks that contain it are included.
 */
export function describeAddress(reading: Reading, text: string, now: number): ArchivedAddress {
  const address = parseAddress(text)
  const key = addressKey(text)
  const all = address ? coverRangeOf(address) : { from: key, to: key, holders: [] }
  const range = { ...all, holders: knownHolders(reading, all.holders) }
  const bans = listHistory(reading, { filter: { addresses: range }, cursor: null, limit: MAX_BANS }).rows
  return {
    active: mergeExtensions([
      ...range.holders.flatMap((holder) => findOf(reading, holder)).map(toBan),
      ...findActive(reading, [text]),
    ]),
    bans,
    totals: totalsOf(reading, range),
    failures: failuresOf(reading, range, now),
    timeline: timelineOf(reading, range, now),
    lines: linesOf(reading, bans),
    neighbours: address ? neighboursOf(reading, address) : [],
  }
}

function totalsOf(reading: Reading, range: CoverRange): ArchivedAddress['totals'] {
  const { condition, parameters } = covering(range)
  const totals = reading.get<{ bans: number | null; firstAt: number | null; lastAt: number | null }>(
    `select sum(bans) as bans, min(first_at) as firstAt, max(last_at) as lastAt from addresses
     where ${condition} ${andHost(reading)}`,
    ...parameters,
  )
  const jails = reading.get<{ count: number }>(
    `select count(distinct jail_id) as count from bans indexed by bans_identity
     where ${condition} ${andJail(reading, 'jail_id')}`,
    ...parameters,
  )
  return {
    bans: totals?.bans ?? 0,
    jails: jails?.count ?? 0,
    firstAt: totals?.firstAt ?? null,
    lastAt: totals?.lastAt ?? null,
  }
}

function failuresOf(reading: Reading, { from, to }: KeyRange, now: number): ArchivedAddress['failures'] {
  return reading
    .all<{ at: number; jail: string | null; address: Uint8Array }>(
      `select at, jail, address from events e indexed by events_address
       where address between ? and ? and type = 'failure.found' and at >= ?
         ${andHost(reading)} and not exists (
           select 1 from archive_jails j where j.host_id = e.host_id and j.name = e.jail and j.reads_own_log = 1
         ) order by seq desc limit ?`,
      from,
      to,
      now - DAY_MS,
      MAX_FAILURES,
    )
    .map(({ at, jail, address }) => ({ at, jail: jail ?? '', address: addressOfKey(address) }))
}

/** Returns the SQL condition on `address` for a range and the networks that contain it. */
function covering({ from, to, holders }: CoverRange): { condition: string; parameters: Uint8Array[] } {
  const own = 'address between ? and ?'
  const places = holders.map(() => '?').join(', ')
  return {
    condition: holders.length === 0 ? own : `(${own} or address in (${places}))`,
    parameters: [from, to, ...holders],
  }
}

function timelineOf(reading: Reading, range: CoverRange, now: number): ArchivedAddress['timeline'] {
  const { condition, parameters } = covering(range)
  const first = (Math.floor(now / DAY_MS) - MAX_TIMELINE_DAYS + 1) * DAY_MS
  return reading.all(
    `select t.day * ${DAY_MS} as day, j.name as jail, sum(t.bans) as bans from (
       select b.at / ${DAY_MS} as day, b.jail_id, count(*) as bans from bans b indexed by bans_identity
       where ${condition} and b.at >= ? ${andJail(reading)} group by 1, 2
     ) t join archive_jails j on j.id = t.jail_id group by t.day, j.name order by t.day, j.name`,
    ...parameters,
    first,
  )
}

function linesOf(reading: Reading, bans: ArchivedAddress['bans']): string[] {
  for (const { id } of bans) {
    const lines = id === null ? [] : listLines(reading, id)
    if (lines.length > 0) return lines
  }
  return []
}

/** Returns other addresses of the network around an address; of a network, the addresses in it. */
function neighboursOf(reading: Reading, address: Address): ArchivedAddress['neighbours'] {
  const network = networkOf(address)
  const { from, to } = keyRangeOf(network)
  const found = reading
    .all<{ address: Uint8Array; bans: number; lastAt: number }>(
      `select address, bans, last_at as lastAt
       from (${addressRows(reading, 'address between ? and ? and address not in (?, ?)')})
       order by bans desc, last_at desc limit ?`,
      from,
      to,
      addressKey(address.text),
      addressKey(network.text),
      MAX_NEIGHBOURS,
    )
    .map((row) => ({ ...row, address: addressOfKey(row.address) }))
  const covered = findCovers(
    reading,
    found.map((row) => row.address),
  )
  const banned = new Set(covered.map((cover) => cover.address))
  return found.map((row) => ({ ...row, active: banned.has(row.address) }))
}
