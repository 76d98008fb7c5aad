/** Waits that grow with the failures in a row. */
export interface Backoff {
  /** Counts a failure: the next attempt has to wait. */
  fail(): void
  /** Ends the row of failures. A wait that has begun goes on. */
  reset(): void
  /** Returns the milliseconds until the next attempt; 0 or less: now. */
  remainingMs(): number
}

/** Creates a back-off that waits the first delay after the first failure, and the last one from then on. */
export function createBackoff(delaysMs: readonly number[]): Backoff {
  let failures = 0
  let nextAttemptAt = Number.NEGATIVE_INFINITY
  return {
    fail() {
      nextAttemptAt = performance.now() + (delaysMs[Math.min(failures, delaysMs.length - 1)] ?? 0)
      failures++
    },
    reset() {
      failures = 0
    },
    remainingMs: () => nextAttemptAt - performance.now(),
  }
}
