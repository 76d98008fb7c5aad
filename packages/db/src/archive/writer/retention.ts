import type BetterSqlite3 from 'better-sqlite3'
import type { RetentionLimits } from '../archive.ts'
import { inTransaction } from './in-transaction.ts'

/** Rows that one statement deletes: a few milliseconds. */
const STEP_ROWS = 500

/** Returns a function that deletes one small step of rows past their retention. Active bans and roll-ups stay. */
export function createRetention(sqlite: BetterSqlite3.Database) {
  const deletes = prepareDeletes(sqlite)
  const deleteBans = createBanRetention(deletes)
  const deleteEvents = createEventRetention(deletes)
  return ({ bansBefore, linesBefore, eventsBefore, maxEvents }: RetentionLimits) =>
    inTransaction(sqlite, () => {
      const bans = bansBefore === null ? 0 : deleteBans(bansBefore)
      const lines = bans > 0 ? 0 : deletes.lines.run(linesBefore, STEP_ROWS).changes
      const events = bans + lines > 0 ? 0 : deleteEvents(eventsBefore, maxEvents)
      const deleted = bans + lines + events
      return { deleted, done: deleted === 0 }
    })
}

/** Deletes a step of bans, oldest first, and everything about an address of a host with the last of its bans there. */
function createBanRetention(deletes: Pick<ReturnType<typeof prepareDeletes>, 'bans' | 'address'>) {
  // bans in force stand before it: one step passes over them, not each
  let from = 0
  return (before: number): number => {
    const gone = deletes.bans.all(from, before, STEP_ROWS)
    for (const { address, jail_id: jail } of gone) deletes.address.run({ address, jail })
    from = gone.length < STEP_ROWS ? 0 : Math.max(...gone.map(({ at }) => at))
    return gone.length
  }
}

/** Deletes a step of events, those of a host with too many of them as well: one host does not push out those of another. */
function createEventRetention(
  deletes: Pick<ReturnType<typeof prepareDeletes>, 'events' | 'eventSpan' | 'eventCounts' | 'eventsOfHost'>,
) {
  /** how many events of each host are too many; undefined: not counted yet */
  let surplus: Map<number, number> | undefined
  const findSurplus = (most: number) => {
    const isFew = (deletes.eventSpan.get() ?? 0) <= most
    const counts = isFew ? [] : deletes.eventCounts.all()
    return new Map(counts.flatMap(({ host, count }) => (count > most ? [[host, count - most]] : [])))
  }
  return (before: number, most: number): number => {
    const old = deletes.events.run(STEP_ROWS, before).changes
    if (old > 0) return old
    surplus ??= findSurplus(most)
    for (const [host, count] of surplus) {
      const { changes } = deletes.eventsOfHost.run(host, Math.min(STEP_ROWS, count))
      if (changes === 0 || changes === count) surplus.delete(host)
      else surplus.set(host, count - changes)
      if (changes > 0) return changes
    }
    surplus = undefined
    return 0
  }
}

const prepareDeletes = (sqlite: BetterSqlite3.Database) => ({
  bans: sqlite.prepare<
    [from: number, before: number, limit: number],
    { address: Uint8Array; jail_id: number; at: number }
  >(
    `delete from bans where id in (
      select id from bans indexed by bans_at where at >= ? and at < ? and active = 0 order by at, id limit ?
    ) returning address, jail_id, at`,
  ),
  address: sqlite.prepare<[{ address: Uint8Array; jail: number }]>(
    `delete from addresses where address = :address
      and host_id = (select host_id from archive_jails where id = :jail)
      and not exists (
        select 1 from bans b indexed by bans_identity join archive_jails j on j.id = b.jail_id
        where b.address = :address and j.host_id = addresses.host_id)`,
  ),
  lines: sqlite.prepare<[number, number]>(
    `delete from ban_lines where (ban_id, position) in
      (select ban_id, position from ban_lines where at < ? order by at limit ?)`,
  ),
  // the oldest come first; the newest event stays, so that its place in the sequence is known
  events: sqlite.prepare<[number, number]>(
    `delete from events where seq in (
      select seq from (select seq, at from events order by seq limit ?)
      where at < ? and seq < (select max(seq) from events))`,
  ),
  eventSpan: sqlite.prepare<[], number>('select max(seq) - min(seq) + 1 from events').pluck(),
  eventCounts: sqlite.prepare<[], { host: number; count: number }>(
    'select host_id as host, count(*) as count from events group by host_id',
  ),
  eventsOfHost: sqlite.prepare<[host: number, limit: number]>(
    `delete from events where seq in (select seq from events where +host_id = ? order by seq limit ?)
      and seq < (select max(seq) from events)`,
  ),
})
