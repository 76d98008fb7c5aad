import type { HistoryPage, HistoryRow, KeyRange } from '@bangui/shared'
import type { ArchiveReader } from '../archive.ts'
import { banColumns, joinJail, toHistoryRow, type BanRow } from './ban-rows.ts'
import { fromCursor, toCursor } from './cursor.ts'
import { and, inJails, jailsOf, toSql, whereOf, type Where } from './filter.ts'
import type { Reading } from './reading.ts'

type HistoryQuery = Parameters<ArchiveReader['listHistory']>[0]

interface Key {
  readonly at: number
  readonly id: number
}

/** So many bans of a range of addresses are rather sorted than looked for by time. */
const SORTED_AT_MOST = 50_000
/** So many bans are looked through by time before a range of addresses is sorted after all. */
const SCANNED_AT_MOST = 50_000

/** A page of bans, newest first, by key: deep pages cost as much as the first. */
export function listHistory(reading: Reading, { filter, cursor, limit }: HistoryQuery): HistoryPage {
  const jails = jailsOf(reading, filter)
  const before = readCursor(cursor, filter.to)
  // one bound at the top, so that it is the one that the index is entered by
  const where = before ? and(whereOf({ ...filter, to: undefined }), earlierThan(before)) : whereOf(filter)
  const search: Search = {
    jails,
    where,
    start: before?.at ?? filter.to ?? Number.MAX_SAFE_INTEGER,
    limit: limit + 1,
  }
  const keys = filter.addresses
    ? listByAddress(reading, search, { range: filter.addresses, country: filter.country })
    : listByTime(reading, search, filter.country === undefined ? 'bans_at' : 'bans_country')
  const shown = keys.slice(0, limit)
  const last = shown.at(-1)
  return {
    rows: shown.flatMap(({ id }) => getBan(reading, id) ?? []),
    nextCursor: last && keys.length > limit ? toCursor({ value: last.at, id: last.id }) : null,
  }
}

interface Search {
  readonly jails: readonly number[] | null
  readonly where: Where
  /** nothing newer is looked for */
  readonly start: number
  readonly limit: number
}

function readCursor(cursor: string | null, to: number = Number.MAX_SAFE_INTEGER): Key | undefined {
  const position = fromCursor(cursor)
  if (!position || typeof position.value !== 'number' || position.value >= to) return undefined
  return { at: position.value, id: position.id }
}

const earlierThan = ({ at, id }: Key): Where => ({
  conditions: ['(b.at, b.id) < (?, ?)'],
  parameters: [at, id],
})

function listKeys(reading: Reading, index: string, { where, limit }: Pick<Search, 'where' | 'limit'>): Key[] {
  return reading.all<Key>(
    `select b.at, b.id from bans b indexed by ${index} ${toSql(where)} order by b.at desc, b.id desc limit ?`,
    ...where.parameters,
    limit,
  )
}

/** Each jail has its own order in the index: the newest of each are merged. */
function listByTime(reading: Reading, search: Search, index: 'bans_at' | 'bans_country'): Key[] {
  const { jails, where, limit } = search
  if (jails === null) return listKeys(reading, index, search)
  if (index === 'bans_country') return listKeys(reading, index, { where: and(where, inJails(jails)), limit })
  return jails
    .flatMap((jail) =>
      listKeys(reading, 'bans_jail', {
        where: and({ conditions: ['b.jail_id = ?'], parameters: [jail] }, where),
        limit,
      }),
    )
    .sort((one, other) => other.at - one.at || other.id - one.id)
    .slice(0, limit)
}

interface AddressSearch {
  readonly range: KeyRange
  readonly country: string | undefined
}

/** Few are sorted, which the index of addresses does alone; many are soon met on the way back through time. */
function listByAddress(reading: Reading, search: Search, { range, country }: AddressSearch): Key[] {
  const all: Search = { ...search, where: and(search.where, inJails(search.jails)) }
  if (!isLarge(reading, range)) return listKeys(reading, 'bans_identity', all)
  const recent = listRecent(reading, all)
  if (recent.length === search.limit) return recent
  return listKeys(reading, country === undefined ? 'bans_identity' : 'bans_country', all)
}

function isLarge(reading: Reading, { from, to }: KeyRange): boolean {
  const found = reading.get<{ count: number }>(
    `select count(*) as count from (
       select 1 from bans b indexed by bans_identity where b.address between ? and ? limit ?
     )`,
    from,
    to,
    SORTED_AT_MOST + 1,
  )
  return found !== undefined && found.count > SORTED_AT_MOST
}

/** Looks only as far back as {@link SCANNED_AT_MOST} bans, so that a range without new ones does not cost all. */
function listRecent(reading: Reading, { where, start, limit }: Search): Key[] {
  const oldest = reading.get<{ at: number }>(
    `select b.at from bans b indexed by bans_at where b.at <= ? order by b.at desc limit 1 offset ?`,
    start,
    SCANNED_AT_MOST,
  )
  const since: Where = { conditions: ['b.at >= ?'], parameters: [oldest?.at ?? 0] }
  return listKeys(reading, 'bans_at', { where: and(since, where), limit })
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
