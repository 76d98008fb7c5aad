import { nextTurn } from '@bangui/async'
import type { Event, StoredEvent } from '@bangui/shared'
import { storeNoticed } from './store-event.ts'
import type { Store } from './store.ts'

/** Milliseconds that a transaction may take: other writers wait for it. */
const BUDGET = 15

/**
 * Works through a list in transactions that each end in time, and lets others in between. `last` runs in the
 * transaction of the last items.
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

interface Telling<TItem> {
  readonly each: (item: TItem) => Event | undefined
  readonly last?: () => void
  readonly stored: StoredEvent[]
}

/**
 * Does the same with items that each may be worth an event, and adds what was stored to `stored`: what a transaction
 * took back is not among it, and where a later one fails, the events of those before are there.
 */
export async function storeInChunks<TItem>(
  store: Store,
  items: readonly TItem[],
  { each, last, stored }: Telling<TItem>,
): Promise<void> {
  let index = 0
  do {
    if (index > 0) await nextTurn()
    const told: StoredEvent[] = []
    index = store.transaction(() => {
      const end = slice(items, index, (item) => {
        const event = each(item)
        if (event) told.push(storeNoticed(store, event))
      })
      if (end === items.length) last?.()
      return end
    })
    stored.push(...told)
  } while (index < items.length)
}

function slice<TItem>(items: readonly TItem[], from: number, each: (item: TItem) => void): number {
  const deadline = performance.now() + BUDGET
  let index = from
  for (; index < items.length; index++) {
    if (index > from && index % 16 === 0 && performance.now() > deadline) break
    const item = items[index]
    if (item !== undefined) each(item)
  }
  return index
}
