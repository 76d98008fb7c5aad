import type { TimedUnban } from '@bangui/db'
import { isByBangui, PERMANENT } from '@bangui/shared'
import type { HostDeps } from '../../deps.ts'
import { findBanned } from './find-banned.ts'

/** fail2ban rounds the beginning of a ban: a ban that began this close to the request may be the requested one. */
const ROUNDING_MS = 1_000

/** Bans of people that were asked for again, with another end. */
export interface BannedAgain {
  readonly jail: string
  readonly addresses: readonly string[]
  /** when they were asked for: what began later is new */
  readonly at: number
  /** ends that BanGUI brings */
  readonly timers: readonly TimedUnban[]
  /** ends that BanGUI would have brought, and that are the jail's now */
  readonly forgotten: readonly TimedUnban[]
  readonly operation: string
}

/**
 * Stores the new ends of addresses that were banned already: fail2ban logs nothing, because for it nothing has
 * changed.
 * @throws HostError daemon_unavailable, jail_unknown
 */
export async function keepChangedEnds(
  deps: Pick<HostDeps, 'archive' | 'host' | 'events' | 'checkBans'>,
  { jail, addresses, at, timers, forgotten, operation }: BannedAgain,
): Promise<void> {
  deps.checkBans(jail)
  const banned = await findBanned(deps, jail, addresses)
  const again = [...banned.values()].filter(({ since }) => since < at - ROUNDING_MS)
  const pairs = again.map(({ address }) => ({ jail, address }))
  await deps.archive.removePendingActions(operation, { kind: 'ban', pairs })
  if (timers.length + forgotten.length === 0) return
  const own = new Map(timers.map(({ address, dueAt }) => [address, dueAt]))
  const usual = new Set(forgotten.map(({ address }) => address))
  const bantime = usual.size > 0 ? ((await deps.host.jails.getTuning(jail)).bantime ?? PERMANENT) : PERMANENT
  const ends = [...banned.values()].flatMap(({ address, since, restoredAt, by }) => {
    const dueAt = own.get(address)
    if (dueAt !== undefined && isByBangui(by)) {
      // a ban that has just begun is the requested one, whichever way fail2ban rounded its beginning
      const from = since < at - ROUNDING_MS ? since : at
      return [{ jail, address, until: dueAt, duration: secondsFrom(from, dueAt), isOwn: true }]
    }
    // BanGUI ends a ban of fail2ban only where it was put back
    if (!usual.has(address) || (!isByBangui(by) && restoredAt === undefined)) return []
    // fail2ban's list has the right end, as it was made longer by being asked for again
    const until = bantime < 0 ? null : (restoredAt ?? since) + bantime * 1000
    const duration = until === null ? PERMANENT : secondsFrom(since, until)
    return [{ jail, address, until, duration, isOwn: false }]
  })
  if (ends.length === 0) return
  const events = await deps.archive.setEnds(ends)
  if (events.length > 0) deps.events.emit(events)
}

const secondsFrom = (from: number, to: number): number => Math.max(1, Math.round((to - from) / 1000))
