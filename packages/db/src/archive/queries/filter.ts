import { Buffer } from 'node:buffer'
import { addressKey, type Origin } from '@bangui/shared'
import { codesOf } from '../author-code.ts'
import type { BanFilter } from '../reader-port.ts'
import type { Reading } from './reading.ts'
import { andHost } from './scope.ts'

/** Conditions of a query and their parameters. */
export interface SqlCondition {
  readonly conditions: readonly string[]
  readonly parameters: readonly unknown[]
}

/** Returns the ids of the jails of a filter on the hosts of a reading; null: all jails there are. */
export function jailsOf(reading: Reading, { jail, text }: BanFilter): number[] | null {
  if (jail === undefined && text === undefined && reading.scope.hosts === null) return null
  const part = text?.toLowerCase() ?? ''
  return reading
    .all<{ id: number; name: string }>(`select id, name from archive_jails where true ${andHost(reading)}`)
    .filter(({ name }) => (jail === undefined || name === jail) && name.toLowerCase().includes(part))
    .map(({ id }) => id)
}

/**
 * Returns a filter whose text, where no jail's name contains it, is the start of a banned text: fail2ban also bans texts
 * that are not addresses, and their keys sort by the text.
 */
export function withNames(reading: Reading, filter: BanFilter): BanFilter {
  const { text, addresses } = filter
  if (text === undefined || addresses !== undefined) return filter
  const from = addressKey(text)
  if (from[0] !== 0 || jailsOf(reading, { text })?.length !== 0) return filter
  // no text has this byte
  return { ...filter, text: undefined, addresses: { from, to: Uint8Array.of(...from, 0xff) } }
}

/** Returns a filter whose networks around its addresses are only those that were ever banned. */
export function withHolders(reading: Reading, filter: BanFilter): BanFilter {
  const { addresses } = filter
  if (!addresses?.holders) return filter
  return { ...filter, addresses: { ...addresses, holders: knownHolders(reading, addresses.holders) } }
}

/** Returns the keys of those networks that were ever banned, the widest first. */
export function knownHolders(reading: Reading, holders: readonly Uint8Array[]): Uint8Array[] {
  if (holders.length === 0) return []
  const places = holders.map(() => '?').join(', ')
  return reading
    .all<{ address: Uint8Array }>(
      `select distinct address from addresses where address in (${places}) order by address`,
      ...holders,
    )
    .map(({ address }) => address)
}

/** Returns the conditions of a filter on `bans b`, without its jails. */
export function whereOf({ country, origin, first, addresses, from, to }: BanFilter): SqlCondition {
  const narrowed = whereGiven([
    ['b.country = ?', country],
    ['b.at >= ?', from],
    ['b.at < ?', to],
  ])
  const given = first ? bothOf(narrowed, isFirst) : narrowed
  const rest = origin === undefined ? given : bothOf(whereOrigin(origin), given)
  return addresses === undefined ? rest : bothOf(whereAddress(addresses), rest)
}

/** The roll-ups count the address as new with this ban. */
const isFirst: SqlCondition = {
  conditions: [
    `exists (select 1 from addresses a where a.address = b.address and a.first_at = b.at and a.first_jail_id = b.jail_id
      and a.host_id = (select f.host_id from archive_jails f where f.id = b.jail_id))`,
  ],
  parameters: [],
}

const whereOrigin = (origin: Origin): SqlCondition => ({
  conditions: [`b.origin ${codesOf(origin).condition}`],
  parameters: [],
})

/** Matches the addresses of a range, and networks that contain it. */
function whereAddress({ from, to, holders = [] }: NonNullable<BanFilter['addresses']>): SqlCondition {
  const own: SqlCondition = isOneAddress({ from, to })
    ? { conditions: ['b.address = ?'], parameters: [from] }
    : { conditions: ['b.address >= ?', 'b.address <= ?'], parameters: [from, to] }
  if (holders.length === 0) return own
  const places = holders.map(() => '?').join(', ')
  return {
    conditions: [`(${own.conditions.join(' and ')} or b.address in (${places}))`],
    parameters: [...own.parameters, ...holders],
  }
}

/** Whether a range has a single address, or network, in it. */
export const isOneAddress = (range: BanFilter['addresses']): boolean =>
  range !== undefined && Buffer.compare(range.from, range.to) === 0

/** Returns the conditions whose parameter is given. */
export function whereGiven(
  pairs: readonly (readonly [condition: string, parameter: unknown])[],
): SqlCondition {
  const some = pairs.filter(([, parameter]) => parameter !== undefined)
  return { conditions: some.map(([condition]) => condition), parameters: some.map(([, value]) => value) }
}

/** Both must hold. */
export const bothOf = (one: SqlCondition, other: SqlCondition): SqlCondition => ({
  conditions: [...one.conditions, ...other.conditions],
  parameters: [...one.parameters, ...other.parameters],
})

/** One of these jails; nothing when null. */
export const inJails = (jails: readonly number[] | null): SqlCondition => ({
  conditions: jails === null ? [] : ['b.jail_id in (select value from json_each(?))'],
  parameters: jails === null ? [] : [JSON.stringify(jails)],
})

/** The `where` of a statement; without conditions, none. */
export const toSql = ({ conditions }: SqlCondition): string =>
  conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`
