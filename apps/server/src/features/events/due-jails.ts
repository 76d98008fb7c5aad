/** Why a jail's list is wanted: only for bans that are new, after a start that restored them, or since ends may differ. */
export type DueReason = 'new' | 'restored' | 'changed'

export interface Due {
  /** milliseconds from now @default 0 */
  readonly after?: number
  /** @default `changed` */
  readonly reason?: DueReason
}

/** A jail whose list of bans has to be read now. */
export interface DueJail {
  readonly jail: string
  readonly reason: DueReason
}

/** The jails whose list of bans has to be read, and when. */
export interface DueJails {
  add(jail: string, due?: Due): void
  /** Takes out the jail that has been due for longest; undefined: none is. */
  take(): DueJail | undefined
  /** Postpones the next reading of a jail's list by `milliseconds`. */
  postpone(jail: string, milliseconds: number): void
}

interface Entry {
  soonest: number
  /** what happened last needs a look of its own, after all of it has settled */
  latest: number
  reason: DueReason
}

const ranks: Readonly<Record<DueReason, number>> = { new: 0, restored: 1, changed: 2 }

/** Creates it, empty. `now`: milliseconds of any clock that runs evenly. */
export function createDueJails(now: () => number = () => performance.now()): DueJails {
  const entries = new Map<string, Entry>()
  const pausedUntil = new Map<string, number>()
  const dueAt = (jail: string, { soonest }: Entry) => Math.max(soonest, pausedUntil.get(jail) ?? 0)

  return {
    add(jail, { after = 0, reason = 'changed' } = {}) {
      const at = now() + after
      const known = entries.get(jail)
      entries.set(jail, {
        soonest: Math.min(known?.soonest ?? at, at),
        latest: Math.max(known?.latest ?? at, at),
        reason: known && ranks[known.reason] > ranks[reason] ? known.reason : reason,
      })
    },
    take() {
      const [first] = [...entries].toSorted((one, other) => dueAt(...one) - dueAt(...other))
      if (!first || dueAt(...first) > now()) return undefined
      const [jail, entry] = first
      if (entry.latest > now()) entries.set(jail, { ...entry, soonest: entry.latest })
      else entries.delete(jail)
      return { jail, reason: entry.reason }
    },
    postpone(jail, milliseconds) {
      for (const [name, until] of pausedUntil) if (until <= now()) pausedUntil.delete(name)
      pausedUntil.set(jail, now() + milliseconds)
    },
  }
}
