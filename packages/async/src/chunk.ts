// kept as it is at the start: tests that stop the clock do not stop it
const { setImmediate: schedule = setTimeout } = globalThis as { setImmediate?: (run: () => void) => unknown }

/** Resolves after timers, sockets and other callers had their turn. */
export const nextTurn = (): Promise<void> => new Promise((resolve) => void schedule(resolve))

/** Yields the items of a list in lists of `size`; the last one can be shorter. */
export function* chunk<TItem>(items: readonly TItem[], size: number): Generator<TItem[]> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size)
}

/** Yields what {@link chunk} does, and lets other work run between two chunks. */
export async function* pacedChunks<TItem>(items: readonly TItem[], size: number): AsyncGenerator<TItem[]> {
  let isFirst = true
  for (const part of chunk(items, size)) {
    if (!isFirst) await nextTurn()
    isFirst = false
    yield part
  }
}
