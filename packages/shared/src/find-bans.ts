/** A line of a log that counts as a failure. */
export interface Failure {
  readonly address: string
  /** epoch milliseconds; null: the line has no time of its own, so it counts with the one before */
  readonly at: number | null
}

/** When fail2ban bans; `findtime` in seconds. */
export interface BanRule {
  readonly maxretry: number
  readonly findtime: number
}

/** What a rule makes of the failures of an address. */
export interface FoundAddress {
  readonly address: string
  readonly failures: number
  /** when it is banned for the first time; null: it is not banned */
  readonly bannedAt: number | null
}

/** Returns failures of several logs in the order of their times, as a daemon finds them that reads all of these logs. */
export function inTimeOrder(failures: readonly Failure[]): Failure[] {
  let now: number | null = null
  const timed = failures.map(({ address, at }) => ({ address, at: (now = at ?? now) }))
  return timed.toSorted((one, other) => (one.at ?? 0) - (other.at ?? 0))
}

interface Count {
  first: number
  last: number
  retries: number
}

/**
 * Returns the addresses of failures, in the order of a log, with when fail2ban would ban each: counted as by its `FailManager`
 * (0.11.2 to 1.1.1). Those that would be banned come first.
 */
export function findBans(failures: readonly Failure[], { maxretry, findtime }: BanRule): FoundAddress[] {
  const counts = new Map<string, Count>()
  const found = new Map<string, { failures: number; bannedAt: number | null }>()
  let now = 0
  for (const { address, at } of failures) {
    now = at ?? now
    const seconds = Math.floor(now / 1000)
    const count = addFailure(counts.get(address), seconds, findtime)
    const known = found.get(address) ?? { failures: 0, bannedAt: null }
    const isBanned = count.retries >= maxretry
    // fail2ban forgets the failures of an address that it bans
    if (isBanned) counts.delete(address)
    else counts.set(address, count)
    found.set(address, { failures: known.failures + 1, bannedAt: known.bannedAt ?? (isBanned ? now : null) })
  }
  return [...found]
    .map(([address, each]) => ({ address, ...each }))
    .toSorted(
      (one, other) =>
        Number(other.bannedAt !== null) - Number(one.bannedAt !== null) || other.failures - one.failures,
    )
}

/** Failures from before the find time are not forgotten but estimated by their rate (`adjustTime` of `ticket.py`). */
function addFailure(before: Count | undefined, seconds: number, findtime: number): Count {
  if (before === undefined) return { first: seconds, last: seconds, retries: 1 }
  let { first, last, retries } = before
  if (seconds > last) {
    if (first < seconds - findtime) {
      retries = roundHalfToEven((retries / (seconds - first)) * findtime)
      first = seconds - findtime
    }
    last = seconds
  }
  return { first, last, retries: retries + 1 }
}

/** As Python's `round`. */
function roundHalfToEven(value: number): number {
  const floor = Math.floor(value)
  if (value - floor !== 0.5) return Math.round(value)
  return floor % 2 === 0 ? floor : floor + 1
}
