import { HostBusyError } from '../errors.ts'

/** Makes the guard that lets one change at a time through: a second one is refused with {@link HostBusyError}. */
export function createExclusive(): <TResult>(work: () => Promise<TResult>) => Promise<TResult> {
  let busy = false
  return async (work) => {
    if (busy) throw new HostBusyError('Another change is under way on this host.')
    busy = true
    try {
      return await work()
    } finally {
      busy = false
    }
  }
}

/**
 * Makes the queue that lets work through one after the other; above `mayWait` that wait, more is refused with
 * {@link HostBusyError}.
 */
export function createTurns({
  mayWait,
}: {
  readonly mayWait: number
}): <TResult>(work: () => Promise<TResult>) => Promise<TResult> {
  let last: Promise<unknown> = Promise.resolve()
  let count = 0
  return async (work) => {
    if (count > mayWait) throw new HostBusyError('Too much waits for its turn on this host.')
    count += 1
    const result = last.then(work)
    last = result.catch(() => undefined)
    try {
      return await result
    } finally {
      count -= 1
    }
  }
}

/** Makes concurrent calls share one look: those that come while it is under way get its result. */
export function createSingleFlight<TResult>(look: () => Promise<TResult>): () => Promise<TResult> {
  let current: Promise<TResult> | undefined
  return () => {
    current ??= look().finally(() => {
      current = undefined
    })
    return current
  }
}
