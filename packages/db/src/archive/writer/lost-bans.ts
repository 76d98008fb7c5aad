import type { LostBans } from '@bangui/shared'
import type { LostBan, Pair } from '../archive.ts'
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
  const { sqlite, statements, transaction, clock } = store
  const insert = sqlite.prepare<[jail: string, address: string, lostAt: number]>(
    `insert into lost_bans (jail, address, lost_at) values (?, ?, ?)
      on conflict (address, jail) do update set lost_at = excluded.lost_at`,
  )
  const trim = sqlite.prepare<[limit: number]>(
    'delete from lost_bans where id <= (select id from lost_bans order by id desc limit 1 offset ?)',
  )
  const deletePair = sqlite.prepare<[jail: string, address: string]>(
    'delete from lost_bans where jail = ? and address = ?',
  )
  const deleteAll = sqlite.prepare('delete from lost_bans')
  const list = sqlite.prepare<[], Pair>('select jail, address from lost_bans order by id')
  const countByJail = sqlite.prepare<[], { jail: string; count: number; at: number }>(
    'select jail, count(*) as count, max(lost_at) as at from lost_bans group by jail order by min(id)',
  )

  const summarise = (): LostBans | null => {
    const rows = countByJail.all()
    if (rows.length === 0) return null
    return {
      count: rows.reduce((sum, { count }) => sum + count, 0),
      at: Math.max(...rows.map(({ at }) => at)),
      jails: rows.map(({ jail, count }) => ({ jail, count })),
    }
  }
  return {
    async add(lost) {
      const upTo = Number(statements.getCursor.get(CURSOR_NAME) ?? 0)
      const added = lost.filter(({ seq }) => seq > upTo)
      const newest = added.reduce((last, { seq }) => Math.max(last, seq), upTo)
      // what a crash cuts off is added again: the cursor is stored with the last of them
      await inChunks(store, added, {
        each: ({ jail, address, at }) => void insert.run(jail, address, at),
        last: () => {
          trim.run(MAX_LOST_BANS)
          statements.setCursor.run(CURSOR_NAME, String(newest), clock())
        },
      })
      return summarise()
    },
    async remove(handled) {
      if (handled === null) transaction(() => void deleteAll.run())
      else
        await inChunks(store, handled, {
          each: ({ jail, address }) => void deletePair.run(jail, address),
        })
      return summarise()
    },
    list: () => list.all(),
    summarise,
  }
}
