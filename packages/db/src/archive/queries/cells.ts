import type { Bounds } from '@bangui/shared'
import { HOUR, piecesOf, type Piece } from './pieces.ts'
import type { Reading } from './reading.ts'

/** What is counted of a jail from a time on; `time` or `jail` is 0 where it was not asked for. */
export interface Cell {
  readonly time: number
  readonly jail: number
  readonly bans: number
  readonly failures: number
  readonly newAddresses: number
}

export interface CellsQuery extends Bounds {
  readonly by: 'time' | 'jail' | 'both'
  /** the smallest length of time that has to be told apart, from `start` on; below an hour bans are looked at singly */
  readonly size: number
  readonly start: number
  /** failures of jails that read fail2ban's own log are counted, too @default false */
  readonly echoes?: boolean
}

/**
 * Counts a span from as few rows as can be: exact to the millisecond, but for failures, which are kept by the hour: an
 * hour's count where it begins.
 */
export function readCells(reading: Reading, query: CellsQuery): Cell[] {
  const { from, to, by, size, start } = query
  const failures = query.echoes ? 'failures' : realFailures(reading)
  if (size % HOUR !== 0) return readBans(reading, { source: 'bans', from, to }, { ...query, failures })
  const isDaily = (size % (24 * HOUR) === 0 && start % (24 * HOUR) === 0) || by === 'jail'
  return piecesOf(query, isDaily ? 'days' : 'hours').flatMap((piece) =>
    piece.source === 'bans'
      ? readBans(reading, piece, { ...query, failures })
      : readRollUps(reading, piece, { by, failures }),
  )
}

/** The jails that read fail2ban's own log: their failures are bans of others. */
export const ownLogJails = (reading: Reading): readonly number[] =>
  reading.all<{ id: number }>('select id from archive_jails where reads_own_log = 1').map(({ id }) => id)

/** The failures of a row of the roll-ups, without those that only repeat bans. */
function realFailures(reading: Reading): string {
  const jails = ownLogJails(reading)
  return jails.length === 0 ? 'failures' : `iif(jail_id in (${jails.join(', ')}), 0, failures)`
}

interface RollUpQuery extends Pick<CellsQuery, 'by'> {
  /** an expression */
  readonly failures: string
}

function rollUpColumns({ by, failures }: RollUpQuery): readonly [columns: string, group: string] {
  const sums = `sum(bans) as bans, sum(${failures}) as failures, sum(new_addresses) as newAddresses`
  if (by === 'time') return [`start as time, 0 as jail, ${sums}`, 'group by start']
  if (by === 'jail') return [`0 as time, jail_id as jail, ${sums}`, 'group by jail_id']
  return [`start as time, jail_id as jail, bans, ${failures} as failures, new_addresses as newAddresses`, '']
}

function readRollUps(reading: Reading, { source, from, to }: Piece, query: RollUpQuery): Cell[] {
  const [columns, group] = rollUpColumns(query)
  return reading.all<Cell>(
    `select ${columns} from jail_${source} where start >= ? and start < ? ${group}`,
    from,
    to,
  )
}

/** Whether a ban was its address's first. */
const isFirst = `exists (
  select 1 from addresses a where a.address = b.address and a.first_at = b.at and a.first_jail_id = b.jail_id
)`

// a number from here is a real to SQLite, and a division of reals cuts nothing off
function readBans(
  reading: Reading,
  { from, to }: Piece,
  { size, start, failures: counted }: CellsQuery & Pick<RollUpQuery, 'failures'>,
): Cell[] {
  const bans = reading.all<Cell>(
    `select ? + (b.at - cast(? as integer)) / cast(? as integer) * ? as time, b.jail_id as jail, count(*) as bans, 0 as failures,
       sum(${isFirst}) as newAddresses
     from bans b indexed by bans_at where b.at >= ? and b.at < ? group by 1, 2`,
    start,
    start,
    size,
    size,
    from,
    to,
  )
  const failures = reading.all<Cell>(
    `select start as time, jail_id as jail, 0 as bans, ${counted} as failures, 0 as newAddresses
     from jail_hours where start >= ? and start < ?`,
    from,
    to,
  )
  return [...bans, ...failures]
}
