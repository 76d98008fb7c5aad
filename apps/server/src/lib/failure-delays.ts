/** Delays that grow with the failures counted under a key: 1 s, 2 s, 4 s and so on, up to a limit. */
export interface FailureDelays {
  /** Returns the whole seconds until the next attempt under this key is allowed; 0: it is allowed now. */
  secondsToWait(key: string): number
  /** Counts a failure, or an attempt whose answer is not known yet. */
  count(key: string): void
  /** Takes back the latest attempt that was counted, because it did not fail: delays are as they were before it. */
  takeBack(key: string): void
  /** Forgets every failure under this key. */
  forget(key: string): void
}

export interface FailureDelaysOptions {
  /** UTC epoch milliseconds */
  readonly clock: () => number
  /** failures before the first delay */
  readonly free: number
  /** the longest delay, in seconds */
  readonly maxSeconds: number
  /** keys that are remembered; the ones that failed longest ago are dropped first. @default 10000 */
  readonly maxEntries?: number
}

/** Failures under a key are forgotten after this time without another one. */
export const FAILURE_MEMORY_MS = 15 * 60_000

interface Failures {
  readonly count: number
  readonly at: number
  /** the failure before this one */
  readonly previousAt: number
}

export function createFailureDelays(options: FailureDelaysOptions): FailureDelays {
  const { clock, free, maxSeconds, maxEntries = 10_000 } = options
  const entries = new Map<string, Failures>()

  const find = (key: string): Failures | undefined => {
    const failures = entries.get(key)
    // a clock that stepped back would make a delay longer than it is
    if (failures && (clock() - failures.at >= FAILURE_MEMORY_MS || failures.at > clock())) return undefined
    return failures
  }

  return {
    secondsToWait(key) {
      const failures = find(key)
      if (!failures || failures.count < free) return 0
      const delay = Math.min(maxSeconds, 2 ** (failures.count - free))
      return Math.max(0, Math.ceil((failures.at + delay * 1000 - clock()) / 1000))
    },
    count(key) {
      const before = find(key)
      const failures = { count: (before?.count ?? 0) + 1, at: clock(), previousAt: before?.at ?? clock() }
      entries.delete(key)
      entries.set(key, failures)
      const [oldest] = entries.keys()
      if (entries.size > maxEntries && oldest !== undefined) entries.delete(oldest)
    },
    takeBack(key) {
      const failures = entries.get(key)
      if (!failures) return
      const { count, previousAt } = failures
      if (count > 1) entries.set(key, { count: count - 1, at: previousAt, previousAt })
      else entries.delete(key)
    },
    forget: (key) => void entries.delete(key),
  }
}
