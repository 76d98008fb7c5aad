/** Slows whoever fails to sign in, by address and by account, with delays that grow and are never above 30 s. */
export interface LoginThrottle {
  /** Counts an attempt that begins now and gives 0, or counts nothing and gives the whole seconds to wait first. */
  begin(attempt: LoginAttempt): number
  /** The attempt was right: its address and account start afresh. */
  succeeded(attempt: LoginAttempt): void
}

export interface LoginAttempt {
  /** an address, IPv6 by its /64 */
  readonly address: string
  readonly account: string
}

export interface LoginThrottleOptions {
  readonly clock: () => number
  /** failures before the first delay. @default 3 */
  readonly free?: number
  /** addresses, and accounts, that are remembered; the oldest make room. @default 10000 */
  readonly maxEntries?: number
}

/** The longest delay, in seconds. */
export const MAX_DELAY = 30

/** After this long without a failure, in milliseconds, all is forgotten. */
const MEMORY = 15 * 60_000

interface Failures {
  readonly count: number
  readonly at: number
}

export function createLoginThrottle({
  clock,
  free = 3,
  maxEntries = 10_000,
}: LoginThrottleOptions): LoginThrottle {
  const addresses = new Map<string, Failures>()
  const accounts = new Map<string, Failures>()

  const failuresOf = (entries: Map<string, Failures>, key: string): Failures | undefined => {
    const failures = entries.get(key)
    // a clock that stepped back would make a delay longer than it is
    if (failures && (clock() - failures.at >= MEMORY || failures.at > clock())) return undefined
    return failures
  }

  const waitOf = (entries: Map<string, Failures>, key: string): number => {
    const failures = failuresOf(entries, key)
    if (!failures || failures.count < free) return 0
    const delay = Math.min(MAX_DELAY, 2 ** (failures.count - free))
    return Math.max(0, Math.ceil((failures.at + delay * 1000 - clock()) / 1000))
  }

  const count = (entries: Map<string, Failures>, key: string) => {
    const failures = { count: (failuresOf(entries, key)?.count ?? 0) + 1, at: clock() }
    entries.delete(key)
    entries.set(key, failures)
    const [oldest] = entries.keys()
    if (entries.size > maxEntries && oldest !== undefined) entries.delete(oldest)
  }

  return {
    begin({ address, account }) {
      const wait = Math.max(waitOf(addresses, address), waitOf(accounts, account))
      if (wait > 0) return wait
      // counted before the answer is known: a thousand attempts at once are a thousand
      count(addresses, address)
      count(accounts, account)
      return 0
    },
    succeeded({ address, account }) {
      addresses.delete(address)
      accounts.delete(account)
    },
  }
}
