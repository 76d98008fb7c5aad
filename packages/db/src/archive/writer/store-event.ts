import { addressKey, type Event, type StoredEvent } from '@bangui/shared'
import type { Store } from './store.ts'

/** Stores an event at the next place in the sequence. */
export function storeEvent({ statements }: Store, event: Event): StoredEvent {
  const jail = 'jail' in event ? event.jail : null
  const address = 'address' in event && event.address ? addressKey(event.address) : null
  const { lastInsertRowid } = statements.insertEvent.run(
    event.at,
    event.type,
    jail,
    address,
    JSON.stringify(event),
  )
  return { seq: Number(lastInsertRowid), event }
}
