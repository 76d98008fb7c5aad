import { addressKey, DAY_MS, type Event, type StoredEvent } from '@bangui/shared'
import type { Store } from './store.ts'

/** No clock is further ahead of the log's than that, zones included; in milliseconds. */

/**
 * Stores an event at the next place in the sequence. What a wrong clock dated far ahead is of a day ahead: else it would
 * count as the newest, and be kept, for years.
 */
export function storeEvent({ hostId, statements, clock, newestEvent }: Store, given: Event): StoredEvent {
  const event = { ...given, at: Math.min(given.at, clock() + DAY_MS) }
  newestEvent.at = Math.max(newestEvent.at, event.at)
  const jail = 'jail' in event ? (event.jail ?? null) : null
  const address = 'address' in event && event.address ? addressKey(event.address) : null
  const { lastInsertRowid } = statements.insertEvent.run(
    hostId,
    event.at,
    event.type,
    jail,
    address,
    JSON.stringify(event),
  )
  return { seq: Number(lastInsertRowid), event }
}

/**
 * Stores an event that was not in the log when it happened: its time is not before that of events stored already, as
 * far as those lie before `noticedAt`.
 */
export const storeNoticed = (store: Store, event: Event, noticedAt = store.clock()): StoredEvent =>
  storeEvent(store, { ...event, at: Math.max(event.at, Math.min(store.newestEvent.at, noticedAt)) })
