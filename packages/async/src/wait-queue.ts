interface Waiter<TKind> {
  readonly kind: TKind
  readonly start: () => void
}

/** Callers that wait in the order in which they came. */
export interface WaitQueue<TKind> {
  readonly size: () => number
  /** Returns the kind of the first caller; undefined: nobody waits. */
  readonly first: () => TKind | undefined
  /** Takes the first caller out and lets it start; returns false where nobody waits. */
  readonly startFirst: () => boolean
  /** Resolves when `startFirst` reaches this caller. @throws the reason of the signal, after leaving the queue */
  readonly wait: (kind: TKind, signal: AbortSignal | undefined) => Promise<void>
}

/** Creates an empty queue; `onLeave` is called after a caller left it without a start. */
export function createWaitQueue<TKind>(onLeave?: () => void): WaitQueue<TKind> {
  const waiters = new Set<Waiter<TKind>>()
  const first = (): Waiter<TKind> | undefined => waiters.values().next().value
  return {
    size: () => waiters.size,
    first: () => first()?.kind,
    startFirst() {
      const waiter = first()
      if (!waiter) return false
      waiters.delete(waiter)
      waiter.start()
      return true
    },
    wait(kind, signal) {
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      const leave = () => {
        waiters.delete(waiter)
        reject(signal?.reason)
        onLeave?.()
      }
      const start = () => {
        signal?.removeEventListener('abort', leave)
        resolve()
      }
      const waiter = { kind, start }
      waiters.add(waiter)
      signal?.addEventListener('abort', leave, { once: true })
      return promise
    },
  }
}
