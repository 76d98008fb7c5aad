import type BetterSqlite3 from 'better-sqlite3'
import type { PendingActionRow } from './rows.ts'

type PairOfKind = [hostId: number, jail: string, address: Uint8Array, kind: 'ban' | 'unban']

/** A pending row of a pair that is decided without a line. */
export interface ClosedAction extends PendingActionRow {
  readonly kind: 'ban' | 'unban'
  readonly jail: string
  readonly address: Uint8Array
}

type NewPendingAction = Omit<ClosedAction, 'id' | 'writtenBy' | 'closedAt'> & { readonly hostId: number }

const columns = `id, operation, by_kind, by_name, origin, reason, sent_at as at, duration, ends_at as until, restores,
  written_by as writtenBy, closed_at as closedAt`

/** Prepares the statements of pending actions. */
export const pendingStatements = (sqlite: BetterSqlite3.Database) => ({
  pendingOfPair: sqlite.prepare<PairOfKind, PendingActionRow>(
    `select ${columns} from pending_actions where host_id = ? and jail = ? and address = ? and kind = ? order by id`,
  ),
  insertPending: sqlite.prepare<[NewPendingAction]>(
    `insert into pending_actions
      (host_id, jail, address, kind, operation, sent_at, duration, ends_at, restores, by_kind, by_name, origin,
        reason)
      values (:hostId, :jail, :address, :kind, :operation, :at, :duration, :until, :restores, :by_kind, :by_name,
        :origin, :reason)
      on conflict (host_id, jail, address, kind, operation) do update set sent_at = excluded.sent_at,
        duration = excluded.duration, ends_at = excluded.ends_at, closed_at = null, written_by = null`,
  ),
  deletePending: sqlite.prepare<[id: number]>('delete from pending_actions where id = ?'),
  deletePendingOf: sqlite.prepare<[...PairOfKind, operation: string]>(
    `delete from pending_actions where host_id = ? and jail = ? and address = ? and kind = ? and operation = ?`,
  ),
  setPendingEnd: sqlite.prepare<[until: number | null, id: number]>(
    'update pending_actions set duration = null, ends_at = ? where id = ?',
  ),
  closePending: sqlite.prepare<[now: number, writtenBy: number | null, operation: string]>(
    'update pending_actions set closed_at = ?, written_by = ? where operation = ? and closed_at is null',
  ),
  closeAllPending: sqlite.prepare<[now: number, longest: number, hostId: number]>(
    'update pending_actions set closed_at = max(sent_at, min(?, sent_at + ?)) where host_id = ? and closed_at is null',
  ),
  closedPending: sqlite.prepare<[hostId: number, before: number], ClosedAction>(
    `select ${columns}, kind, jail, address from pending_actions indexed by pending_actions_closed
      where host_id = ? and closed_at <= ? order by id`,
  ),
})
