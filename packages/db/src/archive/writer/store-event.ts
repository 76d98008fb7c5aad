import { addressKey, type Event, type StoredEvent } from '@bangui/shared'
import type { Store } from './store.ts'

/** Stores an event. A daemon that is as the newest event says is told once: undefined, and nothing is stored. */
export function storeEvent(store: Store, event: Event): StoredEvent | undefined {
  if (event.type === 'daemon.changed' && isTold(store, event)) return undefined
  const jail = 'jail' in event ? event.jail : null
  const address = 'address' in event && event.address ? addressKey(event.address) : null
  const { lastInsertRowid } = store.statements.insertEvent.run(
    event.at,
    event.type,
    jail,
    address,
    JSON.stringify(event),
  )
  return { seq: Number(lastInsertRowid), event }
}

/** The newest event about the daemon. */
export function lastDaemonEvent({ statements }: Store): StoredEvent | undefined {
  const row = statements.lastDaemonEvent.get()
  return row && { seq: row.seq, event: JSON.parse(row.data) as Event }
}

function isTold(store: Store, event: Event & { type: 'daemon.changed' }): boolean {
  const last = lastDaemonEvent(store)?.event
  return (
    last?.type === 'daemon.changed' &&
    last.online === event.online &&
    (last.version ?? null) === (event.version ?? null)
  )
}
