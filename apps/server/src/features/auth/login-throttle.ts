import { createFailureDelays } from '../../lib/failure-delays.ts'

/**
 * Slows down failing sign-ins. Attempts from a known source of the account have short delays of their own, so
 * nobody else can lock its owner out; all others share the delays of their address and of the account.
 */
export interface LoginThrottle {
  /** Counts an attempt that begins now and returns 0, or counts nothing and returns the whole seconds to wait first. */
  begin(attempt: LoginAttempt): number
  /** The attempt was right, so it does not count. */
  succeeded(attempt: LoginAttempt): void
  /** The password was not checked, so the attempt does not count. */
  withdrawn(attempt: LoginAttempt): void
}

export interface LoginAttempt {
  /** where it comes from: an address (IPv6: its /64), a device or a session */
  readonly source: string
  /** the user of the attempt; null: nobody has the name */
  readonly userId: number | null
  /** the name that was given */
  readonly name: string
  /** this user signed in from this source before */
  readonly known: boolean
}

/** The longest delay for an address and for an account, in seconds. */
export const MAX_DELAY = 30

/** The longest delay for one account from one of its known sources, in seconds. */
export const MAX_KNOWN_DELAY = 5

/** The longest delay between attempts at different accounts from one source that all of them know, in seconds. */
const MAX_KNOWN_SOURCE_DELAY = 2

export interface LoginThrottleOptions {
  readonly clock: () => number
  /** entries of each kind that are remembered. @default 10000 */
  readonly maxEntries?: number
}

export function createLoginThrottle({ clock, maxEntries = 10_000 }: LoginThrottleOptions): LoginThrottle {
  const create = (free: number, maxSeconds: number) =>
    createFailureDelays({ clock, free, maxSeconds, maxEntries })
  const addresses = create(3, MAX_DELAY)
  const users = create(3, MAX_DELAY)
  // apart from those of users: made-up names must not push the failures of a real account out of the memory
  const names = create(3, MAX_DELAY)
  const knownPairs = create(5, MAX_KNOWN_DELAY)
  const knownSources = create(10, MAX_KNOWN_SOURCE_DELAY)

  const countersOf = ({ source, userId, name, known }: LoginAttempt) => {
    if (known) {
      return [
        { delays: knownPairs, key: `${source} ${userId}` },
        { delays: knownSources, key: source },
      ]
    }
    const account = userId === null ? { delays: names, key: name } : { delays: users, key: String(userId) }
    return [{ delays: addresses, key: source }, account]
  }

  const takeBack = (attempt: LoginAttempt) => {
    for (const { delays, key } of countersOf(attempt)) delays.takeBack(key)
  }

  return {
    begin(attempt) {
      const counters = countersOf(attempt)
      const wait = Math.max(...counters.map(({ delays, key }) => delays.secondsToWait(key)))
      if (wait > 0) return wait
      // counted before the answer is known: a thousand attempts at once are a thousand
      for (const { delays, key } of counters) delays.count(key)
      return 0
    },
    succeeded(attempt) {
      takeBack(attempt)
      // what failed before at other accounts, or from elsewhere, still counts
      if (attempt.known) knownPairs.forget(`${attempt.source} ${attempt.userId}`)
    },
    withdrawn: takeBack,
  }
}
