export interface Deadline {
  readonly milliseconds: number
  /** gives the work up earlier */
  readonly signal?: AbortSignal | undefined
  /** makes the error that work is given up with when the time is over */
  readonly onLate: () => Error
}

/**
 * Returns the result of work that is given up when its time is over, whether or not it heeds its signal.
 * @throws what `onLate` returned, or the reason of `signal`
 */
export async function withinDeadline<TResult>(
  { milliseconds, signal, onLate }: Deadline,
  work: (signal: AbortSignal) => Promise<TResult>,
): Promise<TResult> {
  signal?.throwIfAborted()
  const late = new AbortController()
  const timer = setTimeout(() => late.abort(onLate()), milliseconds)
  const either = signal ? AbortSignal.any([signal, late.signal]) : late.signal
  const { promise, reject } = Promise.withResolvers<never>()
  const giveUp = () => reject(either.reason)
  either.addEventListener('abort', giveUp, { once: true })
  try {
    return await Promise.race([work(either), promise])
  } finally {
    clearTimeout(timer)
    either.removeEventListener('abort', giveUp)
  }
}
