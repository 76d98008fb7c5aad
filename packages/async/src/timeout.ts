import { untilAborted, type AbortOptions } from './abort.ts'

export interface TimeoutOptions<TLate> extends AbortOptions {
  readonly milliseconds: number
  /** Returns the result in place of the late one, or throws. @default throws an error named `TimeoutError` */
  readonly onTimeout?: () => TLate
}

/**
 * Returns the result of work, unless it is late or the signal aborts; the work's own signal aborts then. Work that does
 * not heed it goes on, and its result or error is dropped.
 * @throws what `onTimeout` throws, or the reason of the signal
 */
export async function withTimeout<TResult, TLate = never>(
  work: (signal: AbortSignal) => Promise<TResult>,
  { milliseconds, signal, onTimeout }: TimeoutOptions<TLate>,
): Promise<TResult | TLate> {
  signal?.throwIfAborted()
  const timeout = new AbortController()
  const late = Promise.withResolvers<TLate>()
  const timer = setTimeout(() => {
    try {
      if (!onTimeout) throw new DOMException('It took too long.', 'TimeoutError')
      late.resolve(onTimeout())
      timeout.abort(new DOMException('It took too long.', 'TimeoutError'))
    } catch (error) {
      late.reject(error)
      timeout.abort(error)
    }
  }, milliseconds)
  const either = signal ? AbortSignal.any([signal, timeout.signal]) : timeout.signal
  try {
    return await untilAborted(Promise.race([work(either), late.promise]), signal)
  } finally {
    clearTimeout(timer)
  }
}

/** Resolves after this time. @throws the reason of the signal, as soon as it aborts */
export function sleep(milliseconds: number, { signal }: AbortOptions = {}): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = () => {
      signal?.removeEventListener('abort', abort)
      resolve()
    }
    const abort = () => {
      clearTimeout(timer)
      reject(signal?.reason)
    }
    const timer = setTimeout(end, milliseconds)
    signal?.addEventListener('abort', abort, { once: true })
    if (signal?.aborted) abort()
  })
}
