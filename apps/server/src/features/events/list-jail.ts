import { isHostError } from '@bangui/fail2ban'
import type { ActiveBan } from '@bangui/db'
import type { HostDeps } from '../../deps.ts'

type ListDeps = Pick<HostDeps, 'host' | 'clock'>

/** The bans of a jail at a moment. */
export interface BanList {
  readonly bans: readonly Omit<ActiveBan, 'country'>[]
  /** when it was asked for, epoch milliseconds */
  readonly asOf: number
  /** it has the ends as they are now, and not as they were when the bans began */
  readonly areEndsKnown: boolean
  /** false: the daemon does not have the jail */
  readonly isRunning: boolean
}

/** Above so many bans, the daemon is asked only where its database does not suffice: it answers nobody else meanwhile. */
export const MANY_BANS = 5_000

const PAGE_SIZE = 5_000
/** The most bans that fail2ban's database is asked for. */
const MAX_BANS = 500_000

/** The shortest time between two lists of a jail, in milliseconds. */
const MIN_PAUSE_MS = 500
/** The longest time until the next list of few bans, in milliseconds: where that took long, the daemon did something else. */
const MAX_PAUSE_MS = 5_000
/** The share of the daemon's time that listing a jail may take. */
const MAX_SHARE = 1 / 20

/** Returns the milliseconds until a jail with `count` bans may be listed again, given how many the last list took. */
export function pauseAfterList(milliseconds: number, count: number): number {
  const pause = Math.max(MIN_PAUSE_MS, milliseconds / MAX_SHARE)
  return count > MANY_BANS ? pause : Math.min(pause, MAX_PAUSE_MS)
}

/** Returns the bans of a jail as the daemon has them. @throws HostError daemon_unavailable */
export async function listFromDaemon(deps: ListDeps, jail: string): Promise<BanList> {
  const asOf = deps.clock()
  try {
    const bans = await deps.host.bans.list(jail)
    return { bans, asOf, areEndsKnown: true, isRunning: true }
  } catch (error) {
    if (isHostError(error, 'jail_unknown')) return { bans: [], asOf, areEndsKnown: true, isRunning: false }
    throw error
  }
}

/**
 * Returns the bans of a jail as fail2ban's database has them, with the ends that a start restores. Undefined where it
 * does not have exactly `count` of them, or cannot be read.
 */
export async function listFromDatabase(
  { host, clock }: ListDeps,
  jail: string,
  count: number,
): Promise<BanList | undefined> {
  const asOf = clock()
  const bans: Omit<ActiveBan, 'country'>[] = []
  let cursor: string | null = null
  try {
    for (let read = 0; read < MAX_BANS;) {
      const page = await host.history.readActiveBans({ cursor, limit: PAGE_SIZE })
      const own = page.rows.filter((ban) => ban.jail === jail)
      bans.push(...own.map(({ address, bannedAt, duration }) => ({ address, bannedAt, duration })))
      cursor = page.cursor
      read += page.rows.length
      if (page.done)
        return bans.length === count ? { bans, asOf, areEndsKnown: false, isRunning: true } : undefined
    }
  } catch {
    // off, locked or damaged: the import reports it, and the daemon is asked instead
  }
  return undefined
}

/**
 * Returns the bans of a jail with `count` bans (undefined: it does not run): from the daemon if they are few, otherwise
 * from fail2ban's database if possible.
 * @throws HostError daemon_unavailable
 */
export async function listJail(deps: ListDeps, jail: string, count: number | undefined): Promise<BanList> {
  if (!count) {
    const [asOf, isRunning] = [deps.clock(), count === 0]
    return { bans: [], asOf, areEndsKnown: true, isRunning }
  }
  const fromDatabase = count > MANY_BANS ? await listFromDatabase(deps, jail, count) : undefined
  return fromDatabase ?? listFromDaemon(deps, jail)
}
