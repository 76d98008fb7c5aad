import { type Origin, type StoredEvent } from '@bangui/shared'
import type { BanFilter } from '../reader-port.ts'
import {
  bothOf,
  isOneAddress,
  toSql,
  whereGiven,
  withHolders,
  withNames,
  type SqlCondition,
} from './filter.ts'
import { toEvents, type EventRow } from './events.ts'
import type { Reading } from './reading.ts'
import { andHost } from './scope.ts'

export interface ActivityEventsQuery {
  readonly types: readonly string[]
  readonly filter: BanFilter
  /** the seq of the oldest event that is there already; null: none is */
  readonly before: number | null
  readonly limit: number
}

/**
 * Returns the newest events of these types that pass the filter, newest first; failures that only repeat bans are left out.
 * The newest of each type come from the indexes and are merged, so that no other events are read, unless the filter is one
 * that {@link needsScan}.
 */
export function listActivityEvents(reading: Reading, query: ActivityEventsQuery): StoredEvent[] {
  const { types, before, limit } = query
  if (types.length === 0) return []
  const where = bothOf(whereOf(reading, query.filter), whereGiven([['seq < ?', before ?? undefined]]))
  const lists = isOneAddress(query.filter.addresses)
    ? [listSeqs(reading, { ...query, where: bothOf(ofTypes(types), where) })]
    : types.map((type) => listSeqs(reading, { ...query, where: bothOf(ofType(type), where) }))
  const seqs = lists
    .flat()
    .sort((one, other) => other - one)
    .slice(0, limit)
  const rows = reading.all<EventRow>(
    `select seq, data, ${hostOf(reading)} as host from events where seq in (select value from json_each(?)) order by seq desc`,
    JSON.stringify(seqs),
  )
  return toEvents(rows)
}

const hostOf = ({ scope }: Reading): string =>
  scope.isMany ? '(select h.key from hosts h where h.id = host_id)' : 'null'

const ofType = (type: string): SqlCondition => ({ conditions: ['type = ?'], parameters: [type] })

const ofTypes = (types: readonly string[]): SqlCondition => ({
  conditions: ['type in (select value from json_each(?))'],
  parameters: [JSON.stringify(types)],
})

function listSeqs(
  reading: Reading,
  { filter, where, limit }: Pick<ActivityEventsQuery, 'filter' | 'limit'> & { where: SqlCondition },
): number[] {
  return reading
    .all<{ seq: number }>(
      `select seq from events indexed by ${indexOf(filter)} ${toSql(where)} ${andHost(reading, '+host_id')}
        order by seq desc limit ?`,
      ...where.parameters,
      limit,
    )
    .map(({ seq }) => seq)
}

function indexOf({ addresses, jail }: BanFilter): string {
  if (isOneAddress(addresses)) return 'events_address'
  return jail === undefined ? 'events_type' : 'events_jail'
}

/** Whether listing by a filter may read many events that do not pass it. */
export const needsScan = ({ country, origin, text, addresses, to }: BanFilter): boolean =>
  country !== undefined ||
  origin !== undefined ||
  text !== undefined ||
  to !== undefined ||
  (addresses !== undefined && !isOneAddress(addresses))

/** Returns the number of events of each of these types that pass the filter. A scan. */
export function countActivityEvents(
  reading: Reading,
  { types, filter }: Pick<ActivityEventsQuery, 'types' | 'filter'>,
): Record<string, number> {
  const where = bothOf(ofTypes(types), whereOf(reading, filter))
  const rows = reading.all<{ type: string; count: number }>(
    `select type, count(*) as count from events ${toSql(where)} ${andHost(reading, '+host_id')} group by type`,
    ...where.parameters,
  )
  return Object.fromEntries(rows.map(({ type, count }) => [type, count]))
}

/** Returns the time of the oldest event that is kept; null: there is none. */
export const eventsSince = (reading: Reading): number | null =>
  reading.get<{ at: number }>(
    `select at from events where true ${andHost(reading, '+host_id')} order by seq limit 1`,
  )?.at ?? null

function whereOf(reading: Reading, asked: BanFilter): SqlCondition {
  const filter = withHolders(reading, withNames(reading, asked))
  const { jail, text, country, from, to } = filter
  return [
    whereGiven([
      ['jail = ?', jail],
      ['instr(lower(jail), ?) > 0', text?.toLowerCase()],
      ['at >= ?', from],
      ['at < ?', to],
    ]),
    country === undefined ? nothing : whereCountry(country),
    filter.addresses === undefined ? nothing : whereAddress(filter.addresses),
    filter.origin === undefined ? nothing : whereOrigin(filter.origin),
    notEcho,
  ].reduce(bothOf)
}

const nothing: SqlCondition = { conditions: [], parameters: [] }

const notEcho: SqlCondition = {
  conditions: [`(type <> 'failure.found' or data ->> 'echo' is null)`],
  parameters: [],
}

const whereCountry = (country: string): SqlCondition =>
  country === '??'
    ? {
        conditions: [`address is not null and data ->> 'country' is null and type <> 'action.failed'`],
        parameters: [],
      }
    : { conditions: [`data ->> 'country' = ?`], parameters: [country] }

function whereAddress({ from, to, holders = [] }: NonNullable<BanFilter['addresses']>): SqlCondition {
  const listOf = (keys: readonly Uint8Array[]) => `address in (${keys.map(() => '?').join(', ')})`
  if (isOneAddress({ from, to }))
    return { conditions: [listOf([from, ...holders])], parameters: [from, ...holders] }
  const conditions = [`(address between ? and ? ${holders.length > 0 ? `or ${listOf(holders)}` : ''})`]
  return { conditions, parameters: [from, to, ...holders] }
}

/** What the activity lists of blocklists; an import is an operation. */
const OF_BLOCKLISTS = `'blocklist.failed', 'blocklist.held', 'blocklist.changed'`

/** What BanGUI itself and others have done, which is nothing of fail2ban. */
const NOT_OF_FAIL2BAN = `('health.changed', 'config.changed', 'blocklist.imported', ${OF_BLOCKLISTS})`

function whereOrigin(origin: Origin): SqlCondition {
  const of = (condition: string, ...parameters: unknown[]) => ({ conditions: [condition], parameters })
  switch (origin) {
    case 'fail2ban':
      // a jail's ignore list, not a person, has ignored a failure
      return of(`(type = 'failure.ignored' or (data ->> 'by' is null and type not in ${NOT_OF_FAIL2BAN}))`)
    case 'user':
      return of(`type <> 'failure.ignored' and data ->> 'by' is not null`)
    case 'unknown':
      return of(`type = 'config.changed'`)
    case 'blocklist':
      return of(`type in (${OF_BLOCKLISTS})`)
    default:
      return of(
        `type in (${OF_BLOCKLISTS}) and data ->> 'list' = ?`,
        Number(origin.slice('blocklist:'.length)),
      )
  }
}
