/** The first and the longest wait between two readings of a jail that has expired bans, in milliseconds. */
const FIRST_MS = 2_000
const LONGEST_MS = 60_000

/**
 * Limits how often jails with overdue bans are checked: fail2ban mostly ends bans within a second, but may keep one
 * that was given a shorter bantime for a long time.
 */
export interface OverdueJails {
  /** Returns the jails of these that are worth a look now. */
  due(jails: readonly string[]): string[]
}

/** Creates it. `now`: milliseconds of any clock that runs evenly. */
export function createOverdueJails(now: () => number = () => performance.now()): OverdueJails {
  const seen = new Map<string, { readonly next: number; readonly wait: number }>()
  return {
    due(jails) {
      for (const jail of seen.keys()) if (!jails.includes(jail)) seen.delete(jail)
      return jails.filter((jail) => {
        const { next, wait } = seen.get(jail) ?? { next: now(), wait: FIRST_MS }
        if (next > now()) return false
        seen.set(jail, { next: now() + wait, wait: Math.min(wait * 2, LONGEST_MS) })
        return true
      })
    },
  }
}
