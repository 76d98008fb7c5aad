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
 * Recognises failures that a killed fail2ban reports again after its start, because it reads the tail of its logs again.
 * Failures have a resolution of a second, so the n-th failure of a second after a start matches the n-th before it.
 */
export interface RepeatedFailures {
  /** A jail, or all jails (null), read their logs again from this time on: earlier failures can be reported again. */
  startsOver(jailId: number | null, at: number): void
  /** Whether a failure was stored before. To be called once for each failure. */
  isKnown(failure: FoundFailure): boolean
  /** Drops all counts. */
  clear(): void
}

/** Above this, all counts are dropped and read again; a count is one second of an address in a jail. */
const MAX_CACHED_SECONDS = 20_000

/** The newest events of an address that are searched. */
const MAX_SEARCHED_EVENTS = 20_000

interface Times {
  readonly stored: ReadonlyMap<number, number>
  readonly found: Map<number, number>
}

/** Looks for repeated failures among the events of a host; `startedAt` is the newest start of its daemon that is known. */
export function createRepeatedFailures(
  sqlite: BetterSqlite3.Database,
  { hostId, startedAt }: { readonly hostId: number; readonly startedAt: () => number },
): RepeatedFailures {
  const select = sqlite.prepare<
    [address: Uint8Array, hostId: number, limit: number, jail: string],
    { failedAt: number; count: number }
  >(`select data ->> 'failedAt' as failedAt, count(*) as count from (
      select type, jail, data from events indexed by events_address
      where address = ? and host_id = ? order by seq desc limit ?)
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
    if (size > MAX_CACHED_SECONDS) clear()
    const rows = select.all(key, hostId, MAX_SEARCHED_EVENTS, jail)
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
