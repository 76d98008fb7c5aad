import { notifier } from '@bangui/async'

/**
 * Yields once after any of the sources has yielded, and once for all that yielded meanwhile: their places in the list. Ends
 * when the signal aborts, or with the error of a source.
 */
export async function* mergeChanges(
  sources: readonly AsyncIterable<unknown>[],
  signal: AbortSignal,
): AsyncGenerator<ReadonlySet<number>> {
  let dirty = new Set<number>()
  let failure: { error: unknown } | null = null
  const changed = notifier()

  const notify = (index: number) => {
    dirty.add(index)
    changed.notify()
  }
  const consume = async (source: AsyncIterable<unknown>, index: number) => {
    try {
      for await (const _ of source) notify(index)
    } catch (error) {
      failure = { error }
      notify(index)
    }
  }

  for (const [index, source] of sources.entries()) void consume(source, index)
  while (!signal.aborted) {
    if (dirty.size === 0) {
      await changed.wait({ signal })
      continue
    }
    const taken = dirty
    dirty = new Set()
    if (failure) throw (failure as { error: unknown }).error
    yield taken
  }
}
