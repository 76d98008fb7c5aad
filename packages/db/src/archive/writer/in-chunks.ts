import { nextTurn } from '@bangui/async'
import type { Event, StoredEvent } from '@bangui/shared'
import { storeNoticed } from './store-event.ts'
import type { Store } from './store.ts'

/** Other writers wait for a transaction. */
const MAX_TRANSACTION_MS = 15

/**
 * Works through a list in short transactions, with other work between them. `last` runs in the transaction of the last
 * items.
 */
export async function inChunks<TItem>(
  store: Store,
  items: readonly TItem[],
  { each, last }: { readonly each: (item: TItem) => void; readonly last?: () => void },
): Promise<void> {
  const work = (item: TItem) => {
    each(item)
    return undefined
  }
  await storeInChunks(store, items, { each: work, sink: createEventSink(), ...(last && { last }) })
}

/** Passes on events that were stored, before the call that stored them ends. */
export type PassOn = (events: readonly StoredEvent[]) => void

/** The events that a call has stored. */
export interface EventSink {
  readonly stored: StoredEvent[]
  /** Passes on those that were not passed on yet. To be called before others work, so that the events of all are passed on in order. */
  flush(): void
}

/** Creates an {@link EventSink}. */
export function createEventSink(passOn: PassOn = () => undefined): EventSink {
  const stored: StoredEvent[] = []
  let passed = 0
  return {
    stored,
    flush() {
      if (passed < stored.length) passOn(stored.slice(passed))
      passed = stored.length
    },
  }
}

interface EventChunks<TItem> {
  readonly each: (item: TItem) => Event | undefined
  readonly last?: () => void
  readonly sink: EventSink
}

/**
 * Does the same for items that each can have an event, and adds the stored events to `sink` after each transaction, so
 * that they are there even if a later transaction fails.
 */
export async function storeInChunks<TItem>(
  store: Store,
  items: readonly TItem[],
  { each, last, sink }: EventChunks<TItem>,
): Promise<void> {
  let index = 0
  do {
    if (index > 0) {
      sink.flush()
      await nextTurn()
    }
    const events: StoredEvent[] = []
    index = store.transaction(() => {
      const end = runUntilDeadline(items, index, (item) => {
        const event = each(item)
        if (event) events.push(storeNoticed(store, event))
      })
      if (end === items.length) last?.()
      return end
    })
    for (const event of events) sink.stored.push(event)
  } while (index < items.length)
}

function runUntilDeadline<TItem>(items: readonly TItem[], from: number, each: (item: TItem) => void): number {
  const deadline = performance.now() + MAX_TRANSACTION_MS
  let index = from
  for (; index < items.length; index++) {
    if (index > from && index % 16 === 0 && performance.now() > deadline) break
    const item = items[index]
    if (item !== undefined) each(item)
  }
  return index
}
