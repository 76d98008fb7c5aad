/** How long a jail is left alone after a correction that changed nothing, in milliseconds. */
const REST = 3_600_000

/** By how many bans in force fail2ban and the archive differ, by jail. */
export type Differences = ReadonlyMap<string, number>

/**
 * Remembers the jails whose counts differ though their lists agree, as where fail2ban has one address in two spellings:
 * listing all of their bans every minute would change nothing.
 */
export interface FutileCorrections {
  /** The jails that are worth a correction now. */
  worth(differences: Differences, now: number): string[]
  /** A jail was corrected, and nothing changed. */
  add(jail: string, difference: number, now: number): void
}

/** Creates it, empty. */
export function createFutileCorrections(): FutileCorrections {
  const futile = new Map<string, { readonly difference: number; readonly at: number }>()
  return {
    worth(differences, now) {
      for (const [jail, { difference, at }] of futile) {
        const isRested = now < at || now - at >= REST
        if (isRested || differences.get(jail) !== difference) futile.delete(jail)
      }
      return [...differences.keys()].filter((jail) => !futile.has(jail))
    },
    add(jail, difference, now) {
      futile.set(jail, { difference, at: now })
    },
  }
}
