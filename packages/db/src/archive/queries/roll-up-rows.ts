import { type Bounds, HOUR_MS } from '@bangui/shared'
import { rollUpRangesOf, type RollUpRange } from './roll-up-ranges.ts'
import type { Reading } from './reading.ts'
import { andJail, andOrigin, timeIndexOf } from './scope.ts'

/** The counts of a jail from a time on; `time` or `jail` is 0 where the query does not ask for it. */
export interface RollUpRow {
  readonly time: number
  readonly jail: number
  readonly bans: number
  readonly failures: number
  readonly newAddresses: number
}

export interface RollUpRowsQuery extends Bounds {
  readonly by: 'time' | 'jail' | 'both'
  /** the length of a time bucket in milliseconds, counted from `start`; below an hour bans are counted one by one */
  readonly size: number
  readonly start: number
  /** also counts the failures of jails that read fail2ban's own log @default false */
  readonly echoes?: boolean
}

/**
 * Returns the counts of a span from as few rows as possible. Bans are exact to the millisecond; failures are stored by
 * the hour, so an hour's failures count where the hour begins.
 */
export function readRollUpRows(reading: Reading, query: RollUpRowsQuery): RollUpRow[] {
  const { from, to, by, size, start } = query
  const failures = query.echoes ? 'failures' : realFailures(reading)
  if (size % HOUR_MS !== 0) return readBans(reading, { source: 'bans', from, to }, { ...query, failures })
  const isDaily = (size % (24 * HOUR_MS) === 0 && start % (24 * HOUR_MS) === 0) || by === 'jail'
  return rollUpRangesOf(query, isDaily ? 'days' : 'hours').flatMap((range) =>
    range.source === 'bans'
      ? readBans(reading, range, { ...query, failures })
      : readRollUps(reading, range, { by, failures }),
  )
}

/** Returns the jails that read fail2ban's own log: their failures are bans of other jails. */
export const ownLogJails = (reading: Reading): readonly number[] =>
  reading.all<{ id: number }>('select id from archive_jails where reads_own_log = 1').map(({ id }) => id)

/** Returns the SQL expression for the failures of a roll-up row, without those that only repeat bans. */
function realFailures(reading: Reading): string {
  const jails = ownLogJails(reading)
  return jails.length === 0 ? 'failures' : `iif(jail_id in (${jails.join(', ')}), 0, failures)`
}

interface RollUpQuery extends Pick<RollUpRowsQuery, 'by'> {
  /** an expression */
  readonly failures: string
}

function rollUpColumns({ by, failures }: RollUpQuery): readonly [columns: string, group: string] {
  const totals = `sum(bans) as bans, sum(${failures}) as failures, sum(new_addresses) as newAddresses`
  if (by === 'time') return [`start as time, 0 as jail, ${totals}`, 'group by start']
  if (by === 'jail') return [`0 as time, jail_id as jail, ${totals}`, 'group by jail_id']
  return [`start as time, jail_id as jail, bans, ${failures} as failures, new_addresses as newAddresses`, '']
}

function readRollUps(reading: Reading, { source, from, to }: RollUpRange, query: RollUpQuery): RollUpRow[] {
  const [columns, group] = rollUpColumns(query)
  return reading.all<RollUpRow>(
    `select ${columns} from jail_${source}
     where start >= ? and start < ? ${andJail(reading, 'jail_id')} ${andOrigin(reading, 'origin')} ${group}`,
    from,
    to,
  )
}

/** SQL condition: the ban was its address's first. */
const isFirst = `exists (
  select 1 from addresses a where a.address = b.address and a.first_at = b.at and a.first_jail_id = b.jail_id
)`

// better-sqlite3 binds numbers as reals, and dividing reals does not truncate: hence the casts
function readBans(
  reading: Reading,
  { from, to }: RollUpRange,
  { size, start, failures: counted }: RollUpRowsQuery & Pick<RollUpQuery, 'failures'>,
): RollUpRow[] {
  const bans = reading.all<RollUpRow>(
    `select ? + (b.at - cast(? as integer)) / cast(? as integer) * ? as time, b.jail_id as jail, count(*) as bans, 0 as failures,
       sum(${isFirst}) as newAddresses
     from bans b indexed by ${timeIndexOf(reading)}
     where b.at >= ? and b.at < ? ${andJail(reading)} ${andOrigin(reading)} group by 1, 2`,
    start,
    start,
    size,
    size,
    from,
    to,
  )
  const failures = reading.all<RollUpRow>(
    `select start as time, jail_id as jail, 0 as bans, ${counted} as failures, 0 as newAddresses
     from jail_hours
     where start >= ? and start < ? ${andJail(reading, 'jail_id')} ${andOrigin(reading, 'origin')}`,
    from,
    to,
  )
  return [...bans, ...failures]
}
