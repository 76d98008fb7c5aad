import type { KeyRange, Origin } from '@bangui/shared'
import { codesOf } from '../author-code.ts'
import type { BanFilter } from '../reader-port.ts'
import { bothOf, inJails, isOneAddress, toSql, whereGiven, whereOf, type SqlCondition } from './filter.ts'
import type { Reading } from './reading.ts'
import { listOrigins } from './scope.ts'

/** The place of a ban in the list, newest first. */
export interface Key {
  readonly at: number
  readonly id: number
}

/** Which bans are wanted, and how many of the newest. */
export interface Search extends Pick<BanFilter, 'country' | 'origin' | 'first' | 'from' | 'to'> {
  readonly addresses: KeyRange | undefined
  /** null: all */
  readonly jails: readonly number[] | null
  /** only those that stand after it in the list */
  readonly before: Key | undefined
  readonly limit: number
}

/** An index that has bans in the order of time: all, each jail's, or each origin's. */
type TimeIndex = 'bans_at' | 'bans_jail' | 'bans_country' | 'bans_identity' | 'bans_origin'

/** The bans that an index has one after the other. */
interface Part {
  /** null: of all */
  readonly jail: number | null
  /** the number of an origin in the index of origins; null: of all */
  readonly origin: number | null
}

/** A part from a time on. */
interface Span extends Part {
  readonly from: number
}

/** Returns the newest bans of a search. Reads no other bans, unless the search is for a range of addresses. */
export function listNewest(reading: Reading, search: Search): Key[] {
  const index = indexOf(search)
  return merge(partsOf(reading, index, search), search.limit, (span) =>
    listKeys(reading, { index, where: whereIn(search, span), limit: search.limit }),
  )
}

/** As {@link listNewest}, reading at most `most` bans; undefined: the limit was reached before the page was certain. */
export function findNewest(reading: Reading, search: Search, most: number): Key[] | undefined {
  const index = indexOf(search)
  const parts = partsOf(reading, index, search)
  const anywhere = index === 'bans_identity' ? search : { ...search, addresses: undefined }
  let left = most
  let toDo = parts.length
  let certainFrom = 0
  const found = merge(parts, search.limit, (span) => {
    const limit = Math.max(1, Math.floor(left / toDo--))
    const reach = reachOf(reading, { index, where: whereIn(anywhere, span), limit })
    left -= reach.count
    certainFrom = Math.max(certainFrom, reach.from)
    const where = whereIn(search, { ...span, from: Math.max(span.from, reach.from) })
    return listKeys(reading, { index, where, limit: search.limit })
  })
  const certain = found.filter(({ at }) => at >= certainFrom)
  return certainFrom === 0 || certain.length === search.limit ? certain : undefined
}

/** Returns the newest bans of a range of addresses by sorting all of them. */
export const sortNewest = (reading: Reading, search: Search): Key[] =>
  listKeys(reading, {
    index: 'bans_identity',
    where: whereIn(search, { ...wherever, from: 0 }),
    limit: search.limit,
  })

interface Query {
  readonly index: TimeIndex
  readonly where: SqlCondition
  readonly limit: number
}

const listKeys = (reading: Reading, { index, where, limit }: Query): Key[] =>
  reading.all<Key>(
    `select b.at, b.id from bans b indexed by ${index} ${toSql(where)} order by b.at desc, b.id desc limit ?`,
    ...where.parameters,
    limit,
  )

/** Returns how many bans were read, and the time of the oldest; 0: all bans were read. */
function reachOf(reading: Reading, { index, where, limit }: Query): { count: number; from: number } {
  const found = reading.get<{ count: number; from: number }>(
    `select count(*) as count, min(at) as "from" from (
       select b.at from bans b indexed by ${index} ${toSql(where)} order by b.at desc limit ?
     )`,
    ...where.parameters,
    limit,
  )
  const count = found?.count ?? 0
  return { count, from: count < limit ? 0 : (found?.from ?? 0) }
}

/** Returns the index with the order of a search. */
function indexOf({ jails, country, origin, addresses }: Search): TimeIndex {
  if (isOneAddress(addresses)) return 'bans_identity'
  if (origin !== undefined && origin !== 'fail2ban') return 'bans_origin'
  if (country !== undefined) return 'bans_country'
  return jails === null ? 'bans_at' : 'bans_jail'
}

const wherever: Part = { jail: null, origin: null }

function partsOf(reading: Reading, index: TimeIndex, { jails, origin }: Search): readonly Part[] {
  if (index === 'bans_at') return [wherever]
  if (index === 'bans_origin') return originsOf(reading, origin).map((each) => ({ jail: null, origin: each }))
  const ids = jails ?? reading.all<{ id: number }>('select id from archive_jails').map(({ id }) => id)
  return ids.map((jail) => ({ jail, origin: null }))
}

function originsOf(reading: Reading, origin: Origin = 'blocklist'): readonly number[] {
  const { only } = codesOf(origin)
  return only === null ? listOrigins(reading) : [only]
}

/** Merges the newest bans of each part; bans older than a full page are not read. */
function merge(parts: readonly Part[], limit: number, list: (span: Span) => readonly Key[]): Key[] {
  let newest: Key[] = []
  for (const part of parts) {
    const from = newest.length === limit ? (newest.at(-1)?.at ?? 0) : 0
    const found = list({ ...part, from })
    if (found.length > 0) newest = [...newest, ...found].sort(newestFirst).slice(0, limit)
  }
  return newest
}

/** The order of the list. */
export const newestFirst = (one: Key, other: Key): number => other.at - one.at || other.id - one.id

/** Returns conditions with a single upper bound, so that SQLite enters the index by it. */
function whereIn(
  { country, addresses, before, jails, ...bounds }: Search,
  { jail, origin, from }: Span,
): SqlCondition {
  const earliest = Math.max(bounds.from ?? 0, from)
  const own = whereGiven([
    ['b.jail_id = ?', jail ?? undefined],
    // without the second condition, SQLite does not see that the index has these bans
    ['b.origin = ? and b.origin <> 0', origin ?? undefined],
    ['b.at >= ?', earliest > 0 ? earliest : undefined],
  ])
  const filter = whereOf({
    country,
    origin: origin === null ? bounds.origin : undefined,
    first: bounds.first,
    addresses,
    to: before ? undefined : bounds.to,
  })
  const some = jail === null ? bothOf(filter, inJails(jails)) : filter
  return bothOf(bothOf(own, some), before ? earlierThan(before) : nothing)
}

const nothing: SqlCondition = { conditions: [], parameters: [] }

const earlierThan = ({ at, id }: Key): SqlCondition => ({
  conditions: ['(b.at, b.id) < (?, ?)'],
  parameters: [at, id],
})
