import type BetterSqlite3 from 'better-sqlite3'

/** A failure as fail2ban has found it. */
export interface FoundFailure {
  readonly jailId: number
  readonly jail: string
  readonly key: Uint8Array
  /** of the line that the jail watches, whole seconds in epoch milliseconds */
  readonly failedAt: number
}

/**
 * Tells failures that fail2ban finds again: one that was killed had not noted how far it had read, and reads the end of
 * its logs once more when it starts. Many failures can have one second, so it is their number that counts: the first of
 * them that are found after a start are those that were found before it.
 */
export interface RepeatedFailures {
  /** A jail, or (null) every one, begins to read its logs after this: what failed before may be found again. */
  startsOver(jailId: number | null, at: number): void
  /** Whether it was stored before. To be asked once for each that is found. */
  isKnown(failure: FoundFailure): boolean
  /** Forgets how far a start has been followed. */
  clear(): void
}

/** Seconds of an address in a jail that are kept in mind. */
const MOST = 20_000

/** Events of an address that are looked through, the newest. */
const DEPTH = 20_000

interface Times {
  readonly stored: ReadonlyMap<number, number>
  readonly found: Map<number, number>
}

/** Looks for repeated failures among the events; `startedAt` is the newest start of the daemon that is known. */
export function createRepeatedFailures(
  sqlite: BetterSqlite3.Database,
  startedAt: () => number,
): RepeatedFailures {
  const select = sqlite.prepare<
    [Uint8Array, number, string],
    { failedAt: number; count: number }
  >(`select data ->> 'failedAt' as failedAt, count(*) as count from (
      select type, jail, data from events indexed by events_address
      where address = ? order by seq desc limit ?)
    where type = 'failure.found' and jail = ? and failedAt is not null group by failedAt`)
  const starts = new Map<number, number>()
  const known = new Map<string, Times>()
  let everyStart: number | undefined
  let size = 0
  const clear = () => {
    known.clear()
    size = 0
  }

  const startOf = (jailId: number) => {
    everyStart ??= startedAt()
    return Math.max(everyStart, starts.get(jailId) ?? 0)
  }

  const timesOf = ({ jailId, jail, key }: FoundFailure): Times => {
    const name = `${jailId} ${Buffer.from(key).toString('latin1')}`
    const before = known.get(name)
    if (before) return before
    if (size > MOST) clear()
    const rows = select.all(key, DEPTH, jail)
    const times = { stored: new Map(rows.map((row) => [row.failedAt, row.count])), found: new Map() }
    known.set(name, times)
    size += rows.length + 1
    return times
  }

  return {
    startsOver(jailId, at) {
      if (jailId === null) everyStart = at
      else starts.set(jailId, at)
      clear()
    },
    isKnown(failure) {
      const { failedAt, jailId } = failure
      if (failedAt > startOf(jailId)) return false
      const { stored, found } = timesOf(failure)
      const count = (found.get(failedAt) ?? 0) + 1
      found.set(failedAt, count)
      return count <= (stored.get(failedAt) ?? 0)
    },
    clear,
  }
}
