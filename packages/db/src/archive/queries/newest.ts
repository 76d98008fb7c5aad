import type { KeyRange } from '@bangui/shared'
import type { BanFilter } from '../archive.ts'
import { and, given, inJails, isOneAddress, toSql, whereOf, type Where } from './filter.ts'
import type { Reading } from './reading.ts'

/** Where a ban stands in time. */
export interface Key {
  readonly at: number
  readonly id: number
}

/** Which bans are wanted, and how many of the newest. */
export interface Search extends Pick<BanFilter, 'country' | 'from' | 'to'> {
  readonly addresses: KeyRange | undefined
  /** null: all */
  readonly jails: readonly number[] | null
  /** only those that stand after it in the list */
  readonly before: Key | undefined
  readonly limit: number
}

/** An index that has bans in the order of time: all, or each jail's. */
type TimeIndex = 'bans_at' | 'bans_jail' | 'bans_country' | 'bans_identity'

/** A jail's bans, or all, from a time on. */
interface Part {
  readonly jail: number | null
  readonly from: number
}

/** The newest bans of a search. Looks at no others, unless the search is for a range of addresses. */
export function listNewest(reading: Reading, search: Search): Key[] {
  const index = indexOf(search)
  return merge(jailsIn(reading, index, search), search.limit, (part) =>
    listKeys(reading, { index, where: whereIn(search, part), limit: search.limit }),
  )
}

/** As {@link listNewest}, looking at no more than `most` bans; undefined when that does not tell. */
export function findNewest(reading: Reading, search: Search, most: number): Key[] | undefined {
  const index = indexOf(search)
  const jails = jailsIn(reading, index, search)
  const anywhere = index === 'bans_identity' ? search : { ...search, addresses: undefined }
  let left = most
  let toDo = jails.length
  let certainFrom = 0
  const found = merge(jails, search.limit, ({ jail, from }) => {
    const limit = Math.max(1, Math.floor(left / toDo--))
    const reach = reachOf(reading, { index, where: whereIn(anywhere, { jail, from }), limit })
    left -= reach.count
    certainFrom = Math.max(certainFrom, reach.from)
    const where = whereIn(search, { jail, from: Math.max(from, reach.from) })
    return listKeys(reading, { index, where, limit: search.limit })
  })
  const certain = found.filter(({ at }) => at >= certainFrom)
  return certainFrom === 0 || certain.length === search.limit ? certain : undefined
}

/** The newest of all bans of a range of addresses, which are sorted. */
export const sortNewest = (reading: Reading, search: Search): Key[] =>
  listKeys(reading, {
    index: 'bans_identity',
    where: and(whereIn(search, { jail: null, from: 0 }), inJails(search.jails)),
    limit: search.limit,
  })

interface Query {
  readonly index: TimeIndex
  readonly where: Where
  readonly limit: number
}

const listKeys = (reading: Reading, { index, where, limit }: Query): Key[] =>
  reading.all<Key>(
    `select b.at, b.id from bans b indexed by ${index} ${toSql(where)} order by b.at desc, b.id desc limit ?`,
    ...where.parameters,
    limit,
  )

/** How far back so many bans reach; 0: all that there are. */
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

/** One address has its own order, as a jail and a country have. */
function indexOf({ jails, country, addresses }: Search): TimeIndex {
  if (isOneAddress(addresses)) return 'bans_identity'
  if (country !== undefined) return 'bans_country'
  return jails === null ? 'bans_at' : 'bans_jail'
}

function jailsIn(reading: Reading, index: TimeIndex, { jails }: Search): readonly (number | null)[] {
  if (index === 'bans_at') return [null]
  return jails ?? reading.all<{ id: number }>('select id from archive_jails').map(({ id }) => id)
}

/** The newest of each jail, merged; what is older than those that are there already is not asked for. */
function merge(
  jails: readonly (number | null)[],
  limit: number,
  list: (part: Part) => readonly Key[],
): Key[] {
  let newest: Key[] = []
  for (const jail of jails) {
    const from = newest.length === limit ? (newest.at(-1)?.at ?? 0) : 0
    const found = list({ jail, from })
    if (found.length > 0) newest = [...newest, ...found].sort(newestFirst).slice(0, limit)
  }
  return newest
}

/** The order of the list. */
export const newestFirst = (one: Key, other: Key): number => other.at - one.at || other.id - one.id

/** One bound at the top, so that it is the one that the index is entered by. */
function whereIn({ country, addresses, before, ...bounds }: Search, { jail, from }: Part): Where {
  const earliest = Math.max(bounds.from ?? 0, from)
  const own = given([
    ['b.jail_id = ?', jail ?? undefined],
    ['b.at >= ?', earliest > 0 ? earliest : undefined],
  ])
  const filter = whereOf({ country, addresses, to: before ? undefined : bounds.to })
  return and(and(own, filter), before ? earlierThan(before) : nothing)
}

const nothing: Where = { conditions: [], parameters: [] }

const earlierThan = ({ at, id }: Key): Where => ({
  conditions: ['(b.at, b.id) < (?, ?)'],
  parameters: [at, id],
})
