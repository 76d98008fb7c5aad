import type BetterSqlite3 from 'better-sqlite3'
import { piecesByRow } from './in-pieces.ts'

type Values = readonly (string | number)[]

/** Conditions on `bans`. */
export interface Conditions {
  readonly where: string
  readonly values: Values
}

/** Where a ban stands in the list: newest first, by time and rowid. */
export interface Place {
  readonly timeofban: number
  readonly rowid: number
}

/** With more jails or longer names, which only a hostile file has, jails are not read one by one. */
const MAX_JAILS = 1_000
const MAX_NAME_LENGTH = 1_000

/** The newest in one statement: for conditions whose rows an index gives. */
export const findPlaces = (
  database: BetterSqlite3.Database,
  { where, values }: Conditions,
  most: number,
): Place[] =>
  database
    .prepare<(string | number)[], Place>(
      `select timeofban, rowid from bans where ${where} order by timeofban desc, rowid desc limit ?`,
    )
    .all(...values, most)

/** The newest of each piece of the table, then of all that were found: for conditions that no index helps with. */
export function findInPieces(
  database: BetterSqlite3.Database,
  conditions: Conditions,
  most: number,
): Place[] {
  let newest: Place[] = []
  for (const { after, upTo } of piecesByRow(database)) {
    const piece = and('rowid > ? and rowid <= ?', [after, upTo], conditions)
    newest = merge(newest, findPlaces(database, andNewer(newest, piece, most), most), most)
  }
  return newest
}

/** The newest of each jail, in whose order an index has them: a page far back costs as much as the first. */
export function findByJail(database: BetterSqlite3.Database, conditions: Conditions, most: number): Place[] {
  const jails = listJails(database)
  if (jails === undefined) return findInPieces(database, conditions, most)
  let newest: Place[] = []
  for (const jail of jails) {
    const own = and('jail = ?', [jail], conditions)
    newest = merge(newest, findPlaces(database, andNewer(newest, own, most), most), most)
  }
  return newest
}

/** Rows older than those that were found are not read where these are enough. */
function andNewer(found: readonly Place[], conditions: Conditions, most: number): Conditions {
  const least = found.length === most ? found.at(-1) : undefined
  return least ? and('timeofban >= ?', [least.timeofban], conditions) : conditions
}

/** From one to the next along an index, not through all bans; undefined: too many. */
function listJails(database: BetterSqlite3.Database): readonly string[] | undefined {
  const next = database.prepare<[string], { jail: unknown }>(
    'select min(jail) as jail from bans where jail > ?',
  )
  const jails: string[] = []
  for (let jail = next.get('')?.jail; typeof jail === 'string'; jail = next.get(jail)?.jail) {
    if (jails.length === MAX_JAILS || jail.length > MAX_NAME_LENGTH) return undefined
    jails.push(jail)
  }
  return jails
}

const and = (where: string, values: Values, more: Conditions): Conditions => ({
  where: `${where} and ${more.where}`,
  values: [...values, ...more.values],
})

const merge = (one: readonly Place[], other: readonly Place[], most: number): Place[] =>
  other.length === 0 ? [...one] : [...one, ...other].sort(newestFirst).slice(0, most)

const newestFirst = (one: Place, other: Place) => other.timeofban - one.timeofban || other.rowid - one.rowid
