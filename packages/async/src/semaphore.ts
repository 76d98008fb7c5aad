import type { AbortOptions } from './abort.ts'
import { createWaitQueue } from './wait-queue.ts'

/**
 * Runs work when it may start, and returns its result.
 * @throws the reason of the signal, where it aborts before the work has started
 */
export type Lock = <TResult>(work: () => Promise<TResult>, options?: AbortOptions) => Promise<TResult>

export interface QueueLimit {
  /** how many callers may wait */
  readonly maxWaiting: number
  /** makes the error for callers above that */
  readonly onFull: () => Error
}

/**
 * Creates a lock that at most `concurrency` callers hold at once. First come, first served: a free place starts the
 * work at once, within the call.
 */
export function semaphore(concurrency: number, limit?: QueueLimit): Lock {
  const queue = createWaitQueue<null>()
  let running = 0
  return async (work, { signal } = {}) => {
    signal?.throwIfAborted()
    if (running < concurrency) running += 1
    else {
      if (limit && queue.size() >= limit.maxWaiting) throw limit.onFull()
      await queue.wait(null, signal)
    }
    try {
      signal?.throwIfAborted()
      return await work()
    } finally {
      // a caller that waits takes over the place
      if (!queue.startFirst()) running -= 1
    }
  }
}
