import type { HistoryPage, HistoryRow, KeyRange } from '@bangui/shared'
import type { ArchiveReader } from '../archive.ts'
import { banColumns, joinJail, toHistoryRow, type BanRow } from './ban-rows.ts'
import { fromCursor, toCursor } from './cursor.ts'
import { isOneAddress, jailsOf, knownHolders, withNames } from './filter.ts'
import { findNewest, listNewest, newestFirst, sortNewest, type Key, type Search } from './newest.ts'
import type { Reading } from './reading.ts'

type HistoryQuery = Parameters<ArchiveReader['listHistory']>[0]

/** Bans that may be looked at for a page while others wait: some tens of milliseconds. */
const SOON = 50_000
/** An index tells the jail of an address's ban; its country costs as much as so many of these. */
const COUNTRY_COST = 10

/** A page of bans, newest first, by key: deep pages cost as much as the first. Takes as long as it takes. */
export function listHistory(reading: Reading, query: HistoryQuery): HistoryPage {
  const search = searchOf(reading, query)
  const keys = findSoon(reading, search, SOON) ?? findPatiently(reading, search)
  return toPage(reading, query, withThoseOfHolders(reading, query, { search, keys }))
}

/** As {@link listHistory}; null when others would wait for it. */
export function listHistorySoon(reading: Reading, query: HistoryQuery, most = SOON): HistoryPage | null {
  const search = searchOf(reading, query)
  const keys = findSoon(reading, search, most)
  return keys ? toPage(reading, query, withThoseOfHolders(reading, query, { search, keys })) : null
}

function searchOf(reading: Reading, { filter: asked, cursor, limit }: HistoryQuery): Search {
  const filter = withNames(reading, asked)
  const { country, from, to } = filter
  // what holds these is looked for by itself: it stands elsewhere in the index
  const addresses = filter.addresses && { from: filter.addresses.from, to: filter.addresses.to }
  const before = readCursor(cursor, to)
  return { country, addresses, from, to, before, jails: jailsOf(reading, filter), limit: limit + 1 }
}

/** Adds the bans of networks that hold what is looked for, which are few. */
function withThoseOfHolders(
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

/** The bans of a range of addresses are sorted where they are few; many are soon met on the way back through time. */
function findSoon(reading: Reading, search: Search, most: number): Key[] | undefined {
  const { addresses, country } = search
  if (!addresses || isOneAddress(addresses)) return listNewest(reading, search)
  const few = country === undefined ? most : Math.ceil(most / COUNTRY_COST)
  return hasAtMost(reading, addresses, few) ? sortNewest(reading, search) : findNewest(reading, search, most)
}

/** A range with many bans, none of the newest of which are wanted. */
const findPatiently = (reading: Reading, search: Search): Key[] =>
  search.country === undefined ? sortNewest(reading, search) : listNewest(reading, search)

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

/** One ban of the archive. */
export function getBan(reading: Reading, id: number): HistoryRow | undefined {
  const row = reading.get<BanRow>(`select ${banColumns} from bans b ${joinJail} where b.id = ?`, id)
  return row && toHistoryRow(row)
}

/** The log lines that caused a ban, in their order. */
export const listLines = (reading: Reading, banId: number): string[] =>
  reading
    .all<{ line: string }>('select line from ban_lines where ban_id = ? order by position', banId)
    .map(({ line }) => line)
