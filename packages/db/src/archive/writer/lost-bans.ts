import type { LostBans } from '@bangui/shared'
import type { LostBan, Pair } from '../writer-port.ts'
import { inChunks } from './in-chunks.ts'
import type { Store } from './store.ts'

/** The cursor in the sequence of events up to which lost bans were added: a ban that was removed does not come back. */
const CURSOR_NAME = 'lost_bans'

/** The oldest above this are deleted. */
const MAX_LOST_BANS = 50_000

/** The lost bans that nobody has decided about. */
export interface LostBanStore {
  /** Adds bans whose event was not added before, and returns the summary of all. */
  add(lost: readonly LostBan[]): Promise<LostBans | null>
  /** Deletes these bans, or all, and returns the summary of the rest. */
  remove(handled: readonly Pair[] | null): Promise<LostBans | null>
  /** Returns the bans, the oldest first. */
  list(): Pair[]
  /** Returns null where there are none. */
  summarise(): LostBans | null
}

/** Prepares the statements for lost bans. */
export function createLostBans(store: Store): LostBanStore {
  const { sqlite, hostId, cursors, transaction } = store
  const insert = sqlite.prepare<[hostId: number, jail: string, address: string, lostAt: number]>(
    `insert into lost_bans (host_id, jail, address, lost_at) values (?, ?, ?, ?)
      on conflict (host_id, address, jail) do update set lost_at = excluded.lost_at`,
  )
  const trim = sqlite.prepare<[hostId: number, hostId: number, limit: number]>(
    `delete from lost_bans where host_id = ?
      and id <= (select id from lost_bans where host_id = ? order by id desc limit 1 offset ?)`,
  )
  const deletePair = sqlite.prepare<[hostId: number, jail: string, address: string]>(
    'delete from lost_bans where host_id = ? and jail = ? and address = ?',
  )
  const deleteAll = sqlite.prepare<[hostId: number]>('delete from lost_bans where host_id = ?')
  const list = sqlite.prepare<[hostId: number], Pair>(
    'select jail, address from lost_bans where host_id = ? order by id',
  )
  const countByJail = sqlite.prepare<[hostId: number], { jail: string; count: number; at: number }>(
    `select jail, count(*) as count, max(lost_at) as at from lost_bans where host_id = ?
      group by jail order by min(id)`,
  )

  const summarise = (): LostBans | null => {
    const rows = countByJail.all(hostId)
    if (rows.length === 0) return null
    return {
      count: rows.reduce((sum, { count }) => sum + count, 0),
      at: Math.max(...rows.map(({ at }) => at)),
      jails: rows.map(({ jail, count }) => ({ jail, count })),
    }
  }
  return {
    async add(lost) {
      const upTo = Number(cursors.get(CURSOR_NAME) ?? 0)
      const added = lost.filter(({ seq }) => seq > upTo)
      const newest = added.reduce((last, { seq }) => Math.max(last, seq), upTo)
      // what a crash cuts off is added again: the cursor is stored with the last of them
      await inChunks(store, added, {
        each: ({ jail, address, at }) => void insert.run(hostId, jail, address, at),
        last: () => {
          trim.run(hostId, hostId, MAX_LOST_BANS)
          cursors.set(CURSOR_NAME, String(newest))
        },
      })
      return summarise()
    },
    async remove(handled) {
      if (handled === null) transaction(() => void deleteAll.run(hostId))
      else
        await inChunks(store, handled, {
          each: ({ jail, address }) => void deletePair.run(hostId, jail, address),
        })
      return summarise()
    },
    list: () => list.all(hostId),
    summarise,
  }
}
