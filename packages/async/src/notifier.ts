import type { AbortOptions } from './abort.ts'

/**
 * Wakes callers that wait for something to change. A notification is not stored: check the condition, then wait, with
 * no `await` between, and check again.
 */
export interface Notifier {
  /** Wakes all who wait now. */
  readonly notify: () => void
  /** Resolves at the next notification, when the signal aborts, or after `milliseconds`; never rejects. */
  readonly wait: (options?: WaitOptions) => Promise<void>
}

export interface WaitOptions extends AbortOptions {
  /** the longest wait. @default no limit */
  readonly milliseconds?: number
}

/** Creates a notifier that nobody waits for. */
export function notifier(): Notifier {
  const waiting = new Set<() => void>()
  return {
    notify() {
      for (const wake of waiting) wake()
    },
    wait: ({ signal, milliseconds } = {}) =>
      new Promise((resolve) => {
        const wake = () => {
          clearTimeout(timer)
          signal?.removeEventListener('abort', wake)
          waiting.delete(wake)
          resolve()
        }
        const timer = milliseconds === undefined ? undefined : setTimeout(wake, milliseconds)
        waiting.add(wake)
        signal?.addEventListener('abort', wake, { once: true })
        if (signal?.aborted) wake()
      }),
  }
}
