/** The failures that a simulated jail has found lately, by address. */
export interface FailureCounter {
  /** Adds a failure of now, and returns how many the address has within the find time. */
  add(address: string): number
  forget(address: string): void
  /** Returns how many addresses have failures within the find time. */
  count(): number
}

export interface FailureCounterOptions {
  /** epoch milliseconds */
  readonly now: () => number
  /** seconds */
  readonly findtime: () => number
}

const MAX_ADDRESSES = 20_000
const MAX_FAILURES_KEPT = 1000

/** Creates a counter that has found nothing. */
export function createFailureCounter({ now, findtime }: FailureCounterOptions): FailureCounter {
  const failures = new Map<string, number[]>()
  const within = (times: readonly number[]) => {
    const oldest = now() - findtime() * 1000
    return times.filter((time) => time > oldest)
  }
  return {
    add(address) {
      const times = within(failures.get(address) ?? []).slice(-MAX_FAILURES_KEPT)
      times.push(now())
      if (!failures.has(address) && failures.size >= MAX_ADDRESSES)
        failures.delete(failures.keys().next().value ?? '')
      failures.set(address, times)
      return times.length
    },
    forget: (address) => void failures.delete(address),
    count() {
      for (const [address, times] of failures) {
        const left = within(times)
        if (left.length === 0) failures.delete(address)
        else failures.set(address, left)
      }
      return failures.size
    },
  }
}
