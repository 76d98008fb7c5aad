import type { HistoryPage, HistoryRow, KeyRange } from '@bangui/shared'
import type { ArchiveReader, BanFilter } from '../reader-port.ts'
import { banColumns, joinJail, toHistoryRow, type BanRow } from './ban-rows.ts'
import { fromCursor, toCursor } from './cursor.ts'
import { isOneAddress, jailsOf, knownHolders, withNames } from './filter.ts'
import { findNewest, listNewest, newestFirst, sortNewest, type Key, type Search } from './newest.ts'
import type { Reading } from './reading.ts'
import { andHost } from './scope.ts'

type HistoryQuery = Parameters<ArchiveReader['listHistory']>[0]

/** A quick page reads no more bans than these, which takes some tens of milliseconds. */
const MAX_BANS_OF_QUICK_PAGE = 50_000
/** The index of addresses has neither country nor origin: reading one costs as much as this many index entries. */
const COST_OF_BAN = 10

/** Returns a page of bans, newest first, by key: deep pages cost as much as the first. It may need a long scan. */
export function listHistory(reading: Reading, query: HistoryQuery): HistoryPage {
  const search = searchOf(reading, query)
  const keys = findQuickly(reading, search, MAX_BANS_OF_QUICK_PAGE) ?? findPatiently(reading, search)
  return toPage(reading, query, withBansOfHolders(reading, query, { search, keys }))
}

/** As {@link listHistory}; null where the page needs a long scan. */
export function listHistoryQuickly(
  reading: Reading,
  query: HistoryQuery,
  most = MAX_BANS_OF_QUICK_PAGE,
): HistoryPage | null {
  const search = searchOf(reading, query)
  const keys = findQuickly(reading, search, most)
  return keys ? toPage(reading, query, withBansOfHolders(reading, query, { search, keys })) : null
}

/** Returns how many bans pass a filter; null: more than `most`. */
export function countHistory(reading: Reading, filter: BanFilter, most: number): number | null {
  const query = { filter, cursor: null, limit: most }
  const search = searchOf(reading, query)
  const keys = findQuickly(reading, search, MAX_BANS_OF_QUICK_PAGE) ?? findPatiently(reading, search)
  const { length } = withBansOfHolders(reading, query, { search, keys })
  return length > most ? null : length
}

function searchOf(reading: Reading, { filter: asked, cursor, limit }: HistoryQuery): Search {
  const filter = withNames(reading, asked)
  const { country, origin, first, from, to } = filter
  // networks that contain these are searched on their own: they stand elsewhere in the index
  const addresses = filter.addresses && { from: filter.addresses.from, to: filter.addresses.to }
  const before = readCursor(cursor, to)
  const jails = jailsOf(reading, filter)
  return { country, origin, first, addresses, from, to, before, jails, limit: limit + 1 }
}

/** Adds the bans of networks that contain the range, which are few. */
function withBansOfHolders(
  reading: Reading,
  { filter }: HistoryQuery,
  { search, keys }: { readonly search: Search; readonly keys: readonly Key[] },
): readonly Key[] {
  const holders = knownHolders(reading, filter.addresses?.holders ?? [])
  if (holders.length === 0) return keys
  const of = holders.flatMap((key) => listNewest(reading, { ...search, addresses: { from: key, to: key } }))
  return [...keys, ...of].sort(newestFirst).slice(0, search.limit)
}

function readCursor(cursor: string | null, to: number = Number.MAX_SAFE_INTEGER): Key | undefined {
  const position = fromCursor(cursor)
  if (!position || typeof position.value !== 'number' || position.value >= to) return undefined
  return { at: position.value, id: position.id }
}

function toPage(reading: Reading, { limit }: HistoryQuery, keys: readonly Key[]): HistoryPage {
  const shown = keys.slice(0, limit)
  const last = shown.at(-1)
  return {
    rows: shown.flatMap(({ id }) => getBan(reading, id) ?? []),
    nextCursor: last && keys.length > limit ? toCursor({ value: last.at, id: last.id }) : null,
  }
}

/** Sorts the bans of a range of addresses where they are few; a range with many is found quickly on the way back through time. */
function findQuickly(reading: Reading, search: Search, most: number): Key[] | undefined {
  const { addresses } = search
  if (!addresses || isOneAddress(addresses)) return listNewest(reading, search)
  const few = isIndexed(search) ? most : Math.ceil(most / COST_OF_BAN)
  return hasAtMost(reading, addresses, few) ? sortNewest(reading, search) : findNewest(reading, search, most)
}

/** For a range with many bans, of which the newest do not match. */
const findPatiently = (reading: Reading, search: Search): Key[] =>
  isIndexed(search) ? sortNewest(reading, search) : listNewest(reading, search)

/** Whether the index of addresses has what is searched for. */
const isIndexed = ({ country, origin }: Search): boolean => country === undefined && origin === undefined

function hasAtMost(reading: Reading, { from, to }: KeyRange, most: number): boolean {
  const found = reading.get<{ count: number }>(
    `select count(*) as count from (
       select 1 from bans b indexed by bans_identity where b.address between ? and ? limit ?
     )`,
    from,
    to,
    most + 1,
  )
  return found !== undefined && found.count <= most
}

/** Returns the ban of an id, if it is of one of the hosts. */
export function getBan(reading: Reading, id: number): HistoryRow | undefined {
  const row = reading.get<BanRow>(
    `select ${banColumns(reading)} from bans b ${joinJail} where b.id = ? ${andHost(reading, 'j.host_id')}`,
    id,
  )
  return row && toHistoryRow(row)
}

/** Returns the log lines that caused a ban, in their order. */
export const listLines = (reading: Reading, banId: number): string[] =>
  reading
    .all<{ line: string }>(
      `select l.line from ban_lines l where l.ban_id = ? and exists (
         select 1 from bans b ${joinJail} where b.id = l.ban_id ${andHost(reading, 'j.host_id')}
       ) order by l.position`,
      banId,
    )
    .map(({ line }) => line)
