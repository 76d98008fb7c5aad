import type { TimedUnban } from '@bangui/db'
import { PERMANENT } from '@bangui/shared'
import type { Deps } from '../../deps.ts'
import { findBanned } from './find-banned.ts'

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
}

/**
 * Tells the archive the new end of what was banned already: fail2ban logs nothing of it, since to it nothing has changed.
 * @throws Fail2banUnavailableError, JailUnknownError
 */
export async function keepChangedEnds(
  deps: Pick<Deps, 'archive' | 'host' | 'events'>,
  { jail, addresses, at, timers, forgotten }: BannedAgain,
): Promise<void> {
  if (timers.length + forgotten.length === 0) return
  const banned = await findBanned(deps, jail, addresses)
  const own = new Map(timers.map(({ address, dueAt }) => [address, dueAt]))
  const usual = new Set(forgotten.map(({ address }) => address))
  const bantime = usual.size > 0 ? ((await deps.host.getTuning(jail)).bantime ?? PERMANENT) : PERMANENT
  const ends = [...banned.values()].flatMap(({ address, since, by }) => {
    if (by.kind === 'fail2ban' || since >= at) return []
    const dueAt = own.get(address)
    if (dueAt !== undefined)
      return [{ jail, address, until: dueAt, duration: Math.max(1, Math.round((dueAt - since) / 1000)) }]
    if (!usual.has(address)) return []
    return [{ jail, address, until: bantime < 0 ? null : since + bantime * 1000, duration: bantime }]
  })
  if (ends.length === 0) return
  const events = await deps.archive.setEnds(ends)
  if (events.length > 0) deps.events.emit(events)
}
