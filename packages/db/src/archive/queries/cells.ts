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
}

/**
 * Counts a span from as few rows as can be: exact to the millisecond, but for failures, which are kept by the hour: an
 * hour's count where it begins.
 */
export function readCells(reading: Reading, query: CellsQuery): Cell[] {
  const { from, to, by, size, start } = query
  if (size % HOUR !== 0) return readBans(reading, { source: 'bans', from, to }, query)
  const isDaily = (size % (24 * HOUR) === 0 && start % (24 * HOUR) === 0) || by === 'jail'
  return piecesOf(query, isDaily ? 'days' : 'hours').flatMap((piece) =>
    piece.source === 'bans' ? readBans(reading, piece, query) : readRollUps(reading, piece, by),
  )
}

const rollUps = {
  time: [
    'start as time, 0 as jail, sum(bans) as bans, sum(failures) as failures, sum(new_addresses) as newAddresses',
    'group by start',
  ],
  jail: [
    '0 as time, jail_id as jail, sum(bans) as bans, sum(failures) as failures, sum(new_addresses) as newAddresses',
    'group by jail_id',
  ],
  both: ['start as time, jail_id as jail, bans, failures, new_addresses as newAddresses', ''],
} as const

function readRollUps(reading: Reading, { source, from, to }: Piece, by: CellsQuery['by']): Cell[] {
  const [columns, group] = rollUps[by]
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
function readBans(reading: Reading, { from, to }: Piece, { size, start }: CellsQuery): Cell[] {
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
    `select start as time, jail_id as jail, 0 as bans, failures, 0 as newAddresses
     from jail_hours where start >= ? and start < ?`,
    from,
    to,
  )
  return [...bans, ...failures]
}
