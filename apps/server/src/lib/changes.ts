/**
 * Yields once for every time that any of the sources yielded something, and once for many that came meanwhile. Ends
 * when the signal aborts, or with the error of a source.
 */
export async function* changes(
  sources: readonly AsyncIterable<unknown>[],
  signal: AbortSignal,
): AsyncGenerator<void> {
  let dirty = false
  let failure: { error: unknown } | null = null
  let wake: (() => void) | null = null

  const notify = () => {
    dirty = true
    wake?.()
    wake = null
  }
  const consume = async (source: AsyncIterable<unknown>) => {
    try {
      for await (const _ of source) notify()
    } catch (error) {
      failure = { error }
      notify()
    }
  }

  signal.addEventListener('abort', notify, { once: true })
  for (const source of sources) void consume(source)
  try {
    while (!signal.aborted) {
      if (!dirty) {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
        continue
      }
      dirty = false
      if (failure) throw (failure as { error: unknown }).error
      if (!signal.aborted) yield
    }
  } finally {
    signal.removeEventListener('abort', notify)
  }
}
