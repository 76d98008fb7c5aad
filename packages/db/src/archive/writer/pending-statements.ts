import type BetterSqlite3 from 'better-sqlite3'
import type { PendingActionRow } from './rows.ts'

type PendingActionKey = [hostId: number, jail: string, address: Uint8Array, kind: 'ban' | 'unban']

/** Prepares the statements of pending actions. */
export const pendingStatements = (sqlite: BetterSqlite3.Database) => ({
  findPending: sqlite.prepare<PendingActionKey, PendingActionRow>(
    'select by_kind, by_name, reason, until, at, restores from pending_actions where host_id = ? and jail = ? and address = ? and kind = ?',
  ),
  insertPending: sqlite.prepare<
    [
      PendingActionRow & {
        readonly host_id: number
        readonly jail: string
        readonly address: Uint8Array
        readonly kind: 'ban' | 'unban'
      },
    ]
  >(
    `insert or replace into pending_actions (host_id, jail, address, kind, by_kind, by_name, reason, until, at, restores)
      values (:host_id, :jail, :address, :kind, :by_kind, :by_name, :reason, :until, :at, :restores)`,
  ),
  deletePending: sqlite.prepare<PendingActionKey>(
    'delete from pending_actions where host_id = ? and jail = ? and address = ? and kind = ?',
  ),
  deletePendingOf: sqlite.prepare<[...PendingActionKey, at: number]>(
    'delete from pending_actions where host_id = ? and jail = ? and address = ? and kind = ? and at = ?',
  ),
  deletePendingBefore: sqlite.prepare<[hostId: number, at: number]>(
    'delete from pending_actions where host_id = ? and at < ?',
  ),
})
