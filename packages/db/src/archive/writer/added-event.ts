import { addressOfKey, type Event } from '@bangui/shared'
import type { Store } from './store.ts'

/** Tells of a ban that the log did not, where it is in force. */
export function addedEvent(store: Store, id: number): Event | undefined {
  const row = store.statements.banById.get(id)
  if (!row?.active) return undefined
  return {
    type: 'ban.added',
    at: row.at,
    jail: store.jailNameOf(row.jail_id),
    address: addressOfKey(row.address),
    country: row.country === '??' ? null : row.country,
    until: row.until,
    by: { kind: row.by_kind, name: row.by_name },
  }
}

/** Whether that a ban of a pair is in force is the newest word about it. */
export const isToldInForce = ({ statements }: Store, key: Uint8Array, jail: string): boolean =>
  statements.lastBanEvent.get(key, jail) === 'ban.added'
