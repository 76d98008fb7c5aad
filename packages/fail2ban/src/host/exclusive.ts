import { HostBusyError } from '../errors.ts'

/** Makes the guard that lets one change at a time through: a second one is refused with {@link HostBusyError}. */
export function createExclusive(): <TResult>(work: () => Promise<TResult>) => Promise<TResult> {
  let busy = false
  return async (work) => {
    if (busy) throw new HostBusyError('Another change is in progress on this host.')
    busy = true
    try {
      return await work()
    } finally {
      busy = false
    }
  }
}

/** Keeps changes apart from each other, and from the short units of work that may stand beside reads. */
export interface Gate {
  /** Runs a change when the unit under way has ended. A second change is refused with {@link HostBusyError}. */
  change<TResult>(work: () => Promise<TResult>): Promise<TResult>
  /** Runs a unit when the one before it and any change have ended. */
  unit<TResult>(work: () => Promise<TResult>): Promise<TResult>
}

/** Makes the gate of a host: long work that goes on in units lets a change in between two of them. */
export function createGate(): Gate {
  const exclusive = createExclusive()
  let change: Promise<unknown> | undefined
  let unit: Promise<unknown> | undefined
  let lastInLine: Promise<unknown> = Promise.resolve()
  const settled = (work: Promise<unknown>) => work.catch(() => undefined)
  return {
    change: (work) =>
      exclusive(async () => {
        const running = (unit ?? Promise.resolve()).then(work)
        change = settled(running)
        try {
          return await running
        } finally {
          change = undefined
        }
      }),
    unit(work) {
      const result = lastInLine.then(async () => {
        for (let current = change; current !== undefined; current = change) await current
        const running = work()
        unit = settled(running)
        try {
          return await running
        } finally {
          unit = undefined
        }
      })
      lastInLine = settled(result)
      return result
    },
  }
}

/** Runs work when what came before it has ended. Whoever gives up while it waits leaves the line. */
export type Turns = <TResult>(work: () => Promise<TResult>, signal?: AbortSignal) => Promise<TResult>

/**
 * Makes the queue that lets work through one after the other; above `mayWait` that wait, more is refused with
 * {@link HostBusyError}.
 */
export function createTurns({ mayWait }: { readonly mayWait: number }): Turns {
  const line = new Set<() => void>()
  let isBusy = false
  const wait = async (signal: AbortSignal | undefined) => {
    if (line.size >= mayWait) throw new HostBusyError('Too much waits for its turn on this host.')
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const leave = () => {
      if (line.delete(resolve)) reject(signal?.reason)
    }
    line.add(resolve)
    signal?.addEventListener('abort', leave, { once: true })
    try {
      await promise
    } finally {
      signal?.removeEventListener('abort', leave)
    }
  }
  const letNextIn = () => {
    const [next] = line
    if (!next) isBusy = false
    else if (line.delete(next)) next()
  }
  return async (work, signal) => {
    signal?.throwIfAborted()
    if (isBusy) await wait(signal)
    isBusy = true
    try {
      signal?.throwIfAborted()
      return await work()
    } finally {
      letNextIn()
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
