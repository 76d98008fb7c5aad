import { notifier } from '@bangui/async'

/**
 * Yields once after any of the sources has yielded, and once for all that yielded meanwhile. Ends
 * when the signal aborts, or with the error of a source.
 */
export async function* mergeChanges(
  sources: readonly AsyncIterable<unknown>[],
  signal: AbortSignal,
): AsyncGenerator<void> {
  let dirty = false
  let failure: { error: unknown } | null = null
  const changed = notifier()

  const notify = () => {
    dirty = true
    changed.notify()
  }
  const consume = async (source: AsyncIterable<unknown>) => {
    try {
      for await (const _ of source) notify()
    } catch (error) {
      failure = { error }
      notify()
    }
  }

  for (const source of sources) void consume(source)
  while (!signal.aborted) {
    if (!dirty) {
      await changed.wait({ signal })
      continue
    }
    dirty = false
    if (failure) throw (failure as { error: unknown }).error
    yield
  }
}
