/** What every function of this package that waits can be given. */
export interface AbortOptions {
  /** stops the waiting when it aborts */
  readonly signal?: AbortSignal | undefined
}

/**
 * Returns the result of `work`, unless the signal aborts first. The work itself goes on.
 * @throws the reason of the signal
 */
export async function untilAborted<TResult>(
  work: Promise<TResult>,
  signal: AbortSignal | undefined,
): Promise<TResult> {
  if (!signal) return work
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const onAbort = () => reject(signal.reason)
  signal.addEventListener('abort', onAbort, { once: true })
  if (signal.aborted) onAbort()
  try {
    return await Promise.race([work, aborted])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}
