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
  await storeInChunks(store, items, { each: work, stored: [], ...(last && { last }) })
}

interface EventChunks<TItem> {
  readonly each: (item: TItem) => Event | undefined
  readonly last?: () => void
  readonly stored: StoredEvent[]
}

/**
 * Does the same for items that each can have an event, and adds the stored events to `stored` after each transaction, so
 * that they are there even if a later transaction fails.
 */
export async function storeInChunks<TItem>(
  store: Store,
  items: readonly TItem[],
  { each, last, stored }: EventChunks<TItem>,
): Promise<void> {
  let index = 0
  do {
    if (index > 0) await nextTurn()
    const events: StoredEvent[] = []
    index = store.transaction(() => {
      const end = runUntilDeadline(items, index, (item) => {
        const event = each(item)
        if (event) events.push(storeNoticed(store, event))
      })
      if (end === items.length) last?.()
      return end
    })
    stored.push(...events)
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
