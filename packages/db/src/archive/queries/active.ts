import {
  addressKey,
  addressOfKey,
  keyRangeOf,
  MANUAL_JAIL,
  parseAddress,
  type Ban,
  type BanList,
  type KeyRange,
} from '@bangui/shared'
import type { ArchiveReader, BanFilter } from '../reader-port.ts'
import { banColumns, joinJail, toBan, type BanRow } from './ban-rows.ts'
import { fromCursor, toCursor, type PageEnd } from './cursor.ts'
import {
  extensionEnd,
  extensions,
  inForce,
  joinExtension,
  manualJails,
  NEVER,
  withoutExtensions,
} from './extensions.ts'
import {
  bothOf,
  inJails,
  isOneAddress,
  jailsOf,
  toSql,
  whereOf,
  withHolders,
  type SqlCondition,
} from './filter.ts'
import { whereText } from './filter-text.ts'
import type { Reading } from './reading.ts'
import { andJail, andOrigin } from './scope.ts'

type ActiveQuery = Parameters<ArchiveReader['listActive']>[0]

/** The SQL that each column is sorted by; a permanent ban ends after all others. */
const sortKeys: Readonly<Record<string, string>> = {
  address: 'b.address',
  jail: 'j.name',
  country: 'b.country',
  since: 'coalesce(b.began_at, b.at)',
  until: extensionEnd,
  duration: `iif(b.duration < 0, ${NEVER}, b.duration)`,
  times: 'b.times',
}

/** What has to be joined to sort by some columns. */
const sortJoins: Readonly<Record<string, string>> = {
  jail: joinJail,
  until: `${joinJail} ${joinExtension}`,
}

const active: SqlCondition = { conditions: ['b.active = 1'], parameters: [] }

/** Returns a page of the active bans, sorted by any column. */
export function listActive(reading: Reading, query: ActiveQuery): BanList {
  const { sort, limit } = query
  const where = whereActive(reading, query.filter)
  const column = sort.replace('-', '')
  const key = sortKeys[column] ?? 'b.at'
  const descending = sort.startsWith('-')
  const order = descending ? 'desc' : 'asc'
  const after = fromCursor(query.cursor)
  const page = after ? bothOf(where, afterPage(key, after, descending)) : where
  const ids = reading.all<PageEnd>(
    `${column === 'until' ? extensions : ''} select ${key} as value, b.id
     from ${inForce} ${sortJoins[column] ?? ''} ${toSql(page)}
     order by ${key} ${order}, b.id ${order} limit ? offset ?`,
    ...page.parameters,
    limit + 1,
    after ? 0 : query.offset,
  )
  const shown = ids.slice(0, limit)
  const last = shown.at(-1)
  return {
    rows: shown.flatMap(({ id }) => findExtended(reading, id) ?? []),
    total: countWhere(reading, where),
    nextCursor: last && ids.length > limit ? toCursor(last) : null,
  }
}

/** Which bans a list has. */
function whereActive(reading: Reading, { text, ...asked }: BanFilter): SqlCondition {
  const filter = withHolders(reading, asked)
  const all = bothOf(bothOf(active, inJails(jailsOf(reading, filter))), whereOf(filter))
  const named = text === undefined ? all : bothOf(all, whereText(reading, text, filter))
  return isAboutAll({ ...filter, text }) ? bothOf(named, withoutExtensions(filter.origin)) : named
}

const afterPage = (key: string, { value, id }: PageEnd, descending: boolean): SqlCondition => ({
  conditions: [`(${key}, b.id) ${descending ? '<' : '>'} (?, ?)`],
  parameters: [value, id],
})

function findBan(reading: Reading, id: number): Ban | undefined {
  const row = reading.get<BanRow>(`select ${banColumns(reading)} from bans b ${joinJail} where b.id = ?`, id)
  return row && toBan(row)
}

/** A list of one jail shows the ban that makes another last longer for itself. */
const isAboutAll = ({ jail, text = '' }: BanFilter): boolean =>
  jail === undefined && (text === '' || !MANUAL_JAIL.includes(text.toLowerCase()))

/** Returns a ban in force, with the one in the jail for manual bans that makes it last longer. */
function findExtended(reading: Reading, id: number): Ban | undefined {
  const ban = findBan(reading, id)
  if (!ban || ban.jail === MANUAL_JAIL) return ban
  const extension = reading.get<Pick<BanRow, 'jail' | 'until' | 'reason'>>(
    `select j.name as jail, b.until, b.reason from bans b indexed by bans_identity ${joinJail}
     where b.address = ? and b.active = 1 and b.jail_id in ${manualJails}
       and j.host_id = (select k.host_id from bans o join archive_jails k on k.id = o.jail_id where o.id = ?)`,
    addressKey(ban.address),
    id,
  )
  return extension ? { ...ban, extension } : ban
}

const countWhere = (reading: Reading, where: SqlCondition): number =>
  reading.get<{ count: number }>(
    `select count(*) as count from ${inForce} ${toSql(where)} ${andOrigin(reading)}`,
    ...where.parameters,
  )?.count ?? 0

/** Counts the active bans by the name of their jail. */
export function countActive(reading: Reading): Map<string, number> {
  const rows = reading.all<{ jail: string; count: number }>(
    `select j.name as jail, a.count from (
       select b.jail_id, count(*) as count from ${inForce} where b.active = 1 ${andJail(reading)} group by b.jail_id
     ) a join archive_jails j on j.id = a.jail_id`,
  )
  const counts = new Map<string, number>()
  for (const { jail, count } of rows) counts.set(jail, count + (counts.get(jail) ?? 0))
  return counts
}

/** Counts the active bans. */
export const countAllActive = (reading: Reading): number =>
  countWhere(reading, bothOf(active, inJails(jailsOf(reading, {}))))

/** Returns the active bans of these addresses; of a network, all in it, unless `exactly`. */
export const findActive = (
  reading: Reading,
  addresses: readonly string[],
  { exactly = false }: { readonly exactly?: boolean } = {},
): Ban[] =>
  addresses
    .flatMap((text) => {
      const address = exactly ? undefined : parseAddress(text)
      return address ? findInside(reading, keyRangeOf(address)) : findOf(reading, addressKey(text))
    })
    .map(toBan)

function findInside(reading: Reading, range: KeyRange): BanRow[] {
  if (isOneAddress(range)) return findOf(reading, range.from)
  return reading.all<BanRow>(
    `select ${banColumns(reading)} from ${inForce} ${joinJail}
     where b.active = 1 and b.address between ? and ? ${andJail(reading)} order by b.at desc`,
    range.from,
    range.to,
  )
}

/** Returns the active bans of exactly one address or network. */
export const findOf = (reading: Reading, key: Uint8Array): BanRow[] =>
  reading.all<BanRow>(
    `select ${banColumns(reading)} from bans b indexed by bans_identity ${joinJail}
     where b.address = ? and b.active = 1 ${andJail(reading)} order by b.at desc`,
    key,
  )

/** Returns the networks that are banned. */
export const listNetworks = (reading: Reading): string[] =>
  reading
    .all<{ address: Uint8Array }>(
      `select distinct b.address from ${inForce} where b.active = 1 ${andJail(reading)} and substr(b.address, 1, 1) <> x'00'
       and substr(b.address, -1) <> iif(length(b.address) = 6, x'20', x'80')`,
    )
    .map(({ address }) => addressOfKey(address))
