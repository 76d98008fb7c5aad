import type { BanNote } from '../writer-port.ts'
import type { Store } from './store.ts'

/** Sets what people note about bans in force of the host. Returns how many were set. */
export const setReasons = (store: Store, notes: readonly BanNote[]): number =>
  store.transaction(() => notes.filter((note) => setReason(store, note)).length)

function setReason({ statements, isOwnJail }: Store, { id, reason, expected }: BanNote): boolean {
  const ban = statements.banById.get(id)
  if (!ban || ban.active === 0 || !isOwnJail(ban.jail_id)) return false
  if (expected !== undefined && ban.reason !== expected) return false
  return statements.setReason.run(reason, id).changes > 0
}
