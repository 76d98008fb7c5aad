/** How long a jail is left alone after a correction that changed nothing, in milliseconds. */
const BACKOFF_MS = 3_600_000

/** By how many active bans fail2ban and the archive differ, by jail. */
export type Differences = ReadonlyMap<string, number>

/**
 * Remembers the jails whose counts differ though their lists agree, as where fail2ban has one address in two spellings:
 * listing all of their bans every minute would change nothing.
 */
export interface ReconcileBackoff {
  /** Returns the jails that are due for a correction. */
  due(differences: Differences, now: number): string[]
  /** Notes that a correction of a jail changed nothing. */
  add(jail: string, difference: number, now: number): void
}

/** Returns a back-off that holds no jail yet. */
export function createReconcileBackoff(): ReconcileBackoff {
  const backoff = new Map<string, { readonly difference: number; readonly at: number }>()
  return {
    due(differences, now) {
      for (const [jail, { difference, at }] of backoff) {
        const isOver = now < at || now - at >= BACKOFF_MS
        if (isOver || differences.get(jail) !== difference) backoff.delete(jail)
      }
      return [...differences.keys()].filter((jail) => !backoff.has(jail))
    },
    add(jail, difference, now) {
      backoff.set(jail, { difference, at: now })
    },
  }
}
