import type BetterSqlite3 from 'better-sqlite3'
import type { RetentionLimits } from '../archive.ts'
import type { Store } from './store.ts'

/** Rows that one statement deletes: a few milliseconds. */
const STEP = 500

/** Prepares retention; each call is one small step. Bans in force stay, as do roll-ups. */
export function createRetention(store: Store) {
  const { sqlite } = store
  const deletes = prepareDeletes(sqlite)
  return ({ bansBefore, linesBefore, eventsBefore, maxEvents }: RetentionLimits) =>
    store.transaction(() => {
      const bans = bansBefore === null ? 0 : deletes.bans.run(bansBefore, STEP).changes
      const lines = bans > 0 ? 0 : deletes.lines.run(linesBefore, STEP).changes
      const events = bans + lines > 0 ? 0 : deletes.events.run(STEP, eventsBefore, maxEvents).changes
      const deleted = bans + lines + events
      return { deleted, done: deleted === 0 }
    })
}

const prepareDeletes = (sqlite: BetterSqlite3.Database) => ({
  bans: sqlite.prepare<[number, number]>(
    `delete from bans where id in (select id from bans where at < ? and active = 0 order by at, id limit ?)`,
  ),
  lines: sqlite.prepare<[number, number]>(
    `delete from ban_lines where (ban_id, position) in
      (select ban_id, position from ban_lines where at < ? order by at limit ?)`,
  ),
  // the oldest come first; the newest event stays, so that its place in the sequence is known
  events: sqlite.prepare<[number, number, number]>(
    `delete from events where seq in (
      select seq from (select seq, at from events order by seq limit ?)
      where (at < ? or seq <= (select max(seq) from events) - ?) and seq < (select max(seq) from events))`,
  ),
})
