import type BetterSqlite3 from 'better-sqlite3'
import type { BanPair } from './database-queries.ts'

/** Bans of one address in one jail that are looked at, the newest. */
const MAX_TIMES = 20

/** Returns when bans began, for each pair its own, newest first: epoch milliseconds in whole seconds. */
export function findBanTimes(database: BetterSqlite3.Database, pairs: readonly BanPair[]): number[][] {
  const select = database
    .prepare<[jail: string, ip: string, limit: number]>(
      'select timeofban from bans where jail = ? and ip = ? order by timeofban desc limit ?',
    )
    .pluck()
  return pairs.map(({ jail, address }) =>
    select
      .all(jail, address, MAX_TIMES)
      .flatMap((seconds) => (typeof seconds === 'number' ? [seconds * 1000] : [])),
  )
}
