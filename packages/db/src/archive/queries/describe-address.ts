import {
  addressKey,
  addressOfKey,
  keyRangeOf,
  networkOf,
  parseAddress,
  type Address,
  type KeyRange,
} from '@bangui/shared'
import type { ArchivedAddress } from '../archive.ts'
import { findActive } from './active.ts'
import { listHistory, listLines } from './history.ts'
import type { Reading } from './reading.ts'

const day = 86_400_000
const BANS = 100
const FAILURES = 200
const NEIGHBOURS = 50
const DAYS = 400

/** Whether so much may be in it that describing it takes long. */
export function isWide(text: string): boolean {
  const address = parseAddress(text)
  return address !== undefined && address.prefix < (address.family === 4 ? 16 : 32)
}

/** What the archive knows of an address, a network and all that it holds, or another text that was banned. */
export function describeAddress(reading: Reading, text: string, now: number): ArchivedAddress {
  const address = parseAddress(text)
  const key = addressKey(text)
  const range = address ? keyRangeOf(address) : { from: key, to: key }
  const bans = listHistory(reading, { filter: { addresses: range }, cursor: null, limit: BANS }).rows
  return {
    active: findActive(reading, [text]),
    bans,
    totals: totalsOf(reading, range),
    failures: failuresOf(reading, range, now),
    timeline: timelineOf(reading, range, now),
    lines: linesOf(reading, bans),
    neighbours: address ? neighboursOf(reading, address) : [],
  }
}

function totalsOf(reading: Reading, { from, to }: KeyRange): ArchivedAddress['totals'] {
  const totals = reading.get<{ bans: number | null; firstAt: number | null; lastAt: number | null }>(
    `select sum(bans) as bans, min(first_at) as firstAt, max(last_at) as lastAt
     from addresses where address between ? and ?`,
    from,
    to,
  )
  const jails = reading.get<{ count: number }>(
    `select count(distinct jail_id) as count from bans b indexed by bans_identity where b.address between ? and ?`,
    from,
    to,
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
      `select at, jail, address from events indexed by events_address
       where address between ? and ? and type = 'failure.found' and at >= ? order by seq desc limit ?`,
      from,
      to,
      now - day,
      FAILURES,
    )
    .map(({ at, jail, address }) => ({ at, jail: jail ?? '', address: addressOfKey(address) }))
}

function timelineOf(reading: Reading, { from, to }: KeyRange, now: number): ArchivedAddress['timeline'] {
  const first = (Math.floor(now / day) - DAYS + 1) * day
  return reading.all(
    `select t.day * ${day} as day, j.name as jail, t.bans from (
       select b.at / ${day} as day, b.jail_id, count(*) as bans from bans b indexed by bans_identity
       where b.address between ? and ? and b.at >= ? group by 1, 2
     ) t join archive_jails j on j.id = t.jail_id order by t.day, j.name`,
    from,
    to,
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

/** Others of the network around an address; of a network, those that it holds. */
function neighboursOf(reading: Reading, address: Address): ArchivedAddress['neighbours'] {
  const { from, to } = keyRangeOf(networkOf(address))
  return reading
    .all<{ address: Uint8Array; bans: number; lastAt: number; active: 0 | 1 }>(
      `select a.address, a.bans, a.last_at as lastAt,
         exists (select 1 from bans b indexed by bans_identity where b.address = a.address and b.active = 1) as active
       from (
         select address, bans, last_at from addresses
         where address between ? and ? and address <> ? order by bans desc, last_at desc limit ?
       ) a`,
      from,
      to,
      addressKey(address.text),
      NEIGHBOURS,
    )
    .map((row) => ({ ...row, address: addressOfKey(row.address), active: row.active === 1 }))
}
