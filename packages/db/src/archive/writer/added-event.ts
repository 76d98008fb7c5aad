import { addressKey, addressOfKey, type Event, type StoredEvent } from '@bangui/shared'
import { authorOfRow } from '../author-code.ts'
import { storeNoticed } from './store-event.ts'
import type { Store } from './store.ts'

type BanAdded = Event & { readonly type: 'ban.added' }

/** Returns the event of an active ban that the log did not report. */
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
    by: authorOfRow(row),
  }
}

/** Whether the last event of this address and jail is `ban.added`. */
export const isLastEventAdded = ({ hostId, statements }: Store, key: Uint8Array, jail: string): boolean =>
  statements.lastBanEvent.get(key, hostId, jail) === 'ban.added'

/**
 * Stores the events of bans that were added, unless a line did so: in one transaction, so that they follow all earlier
 * events and precede all later ones.
 */
export function storeAddedEvents(store: Store, ids: readonly number[]): StoredEvent[] {
  if (ids.length === 0) return []
  const eventOf = (id: number) => {
    const event = addedEvent(store, id)
    return event && !isLastEventAdded(store, addressKey(event.address), event.jail) ? [event] : []
  }
  return store.transaction(() => ids.flatMap(eventOf).map((event) => storeNoticed(store, event)))
}
