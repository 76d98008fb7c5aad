import { setImmediate as nextTurn } from 'node:timers/promises'

/** Cuts a list into slices and lets everything else run between two of them. */
export async function* inSlices<TItem>(items: readonly TItem[], size: number): AsyncGenerator<TItem[]> {
  for (let start = 0; start < items.length; start += size) {
    if (start > 0) await nextTurn()
    yield items.slice(start, start + size)
  }
}
