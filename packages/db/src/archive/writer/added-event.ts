import { addressKey, addressOfKey, type Event, type StoredEvent } from '@bangui/shared'
import { storeNoticed } from './store-event.ts'
import type { Store } from './store.ts'

type BanAdded = Event & { readonly type: 'ban.added' }

/** Tells of a ban that the log did not, where it is in force. */
export function addedEvent(store: Store, id: number): BanAdded | undefined {
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

/**
 * Emits events for bans that were added, unless a line has done so: in one transaction, so that their events come
 * after everything that was stored before, and before everything that is stored later.
 */
export function tellAdded(store: Store, ids: readonly number[]): StoredEvent[] {
  if (ids.length === 0) return []
  const eventOf = (id: number) => {
    const event = addedEvent(store, id)
    return event && !isToldInForce(store, addressKey(event.address), event.jail) ? [event] : []
  }
  return store.transaction(() => ids.flatMap(eventOf).map((event) => storeNoticed(store, event)))
}
