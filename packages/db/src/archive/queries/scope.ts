import type { OriginCodes } from '../author-code.ts'
import type { Reading } from './reading.ts'

/*
 * SQL conditions for the hosts and the origin of a reading, each with `and` before it; empty where the reading is about every
 * one. The ids are numbers of the database, so they stand in the text.
 */

const idsOf = (hosts: readonly number[]) => hosts.map(Number).join(', ')

/** Returns the condition on a column with the id of a host. */
export const andHost = ({ scope: { hosts } }: Reading, column = 'host_id'): string =>
  hosts === null ? '' : `and ${column} in (${idsOf(hosts)})`

/** Returns the condition on a column with the id of a jail. It chooses no index: the others of the query do. */
export const andJail = ({ scope: { hosts } }: Reading, column = 'b.jail_id'): string =>
  hosts === null ? '' : `and +${column} in (select id from archive_jails where host_id in (${idsOf(hosts)}))`

/** Returns a condition that enters an index whose first column is the id of a host. */
export const inHosts = ({ scope: { hosts } }: Reading): string =>
  `host_id in (${hosts === null ? 'select id from hosts' : idsOf(hosts)})`

/** Returns the SQL of the addresses that meet a condition, each once: what several hosts have of one is merged. */
export const addressRows = (reading: Reading, condition: string): string =>
  reading.scope.isMany
    ? `select address, sum(bans) as bans, max(bans) as most, min(first_at) as first_at, max(last_at) as last_at
       from addresses where ${condition} ${andHost(reading)} group by address`
    : `select address, bans, bans as most, first_at, last_at from addresses where ${condition} ${andHost(reading)}`

/** Returns the country of an address: the last one that is known on any of the hosts. */
export const countryOf = (reading: Reading, address: string): string =>
  `(select k.country from addresses k where k.address = ${address} ${andHost(reading, 'k.host_id')}
    order by k.country = '??', k.last_at desc limit 1)`

/**
 * Returns the condition on a column with an origin. The index of bans that are not fail2ban's has none of fail2ban's, which
 * is said again for SQLite to use it.
 */
export const andOrigin = ({ origin }: Reading, column = 'b.origin'): string =>
  origin === null
    ? ''
    : `and ${column} ${origin.condition}${isOfFail2ban(origin) ? '' : ` and ${column} <> 0`}`

/** Returns the index that has the bans of a reading in the order of time: their origin's, where fail2ban has the most. */
export const timeIndexOf = ({ origin }: Reading): 'bans_at' | 'bans_origin' =>
  origin === null || isOfFail2ban(origin) ? 'bans_at' : 'bans_origin'

export const isOfFail2ban = ({ only }: OriginCodes): boolean => only === 0

/** Returns the ids of the blocklists that ever banned; their roll-ups are kept longer than their bans. */
export const listOrigins = (reading: Reading): number[] =>
  reading
    .all<{ origin: number }>('select distinct origin from jail_days where origin > 0')
    .map(({ origin }) => origin)
