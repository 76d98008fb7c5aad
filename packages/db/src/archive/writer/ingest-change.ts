import type { Event } from '@bangui/shared'
import { endOf, findBanOfLine, isOver } from './ban-identity.ts'
import { setEnd } from './ban-rows.ts'
import { endBan } from './end-ban.ts'
import type { PairLine } from './ingest-ban.ts'
import { takePendingAction, takePendingUnban } from './pending-actions.ts'
import type { Store } from './store.ts'

/** Ends the active ban. A ban that ended before had its event then. */
export function ingestUnban(
  store: Store,
  { key, jailId, event, country }: PairLine<'unban'>,
): readonly Event[] {
  const { at, jail, address } = event
  const ban = findBanOfLine(store, { key, jailId, at })
  if (!ban) {
    const by = takePendingAction(store, { ...event, kind: 'unban', key })?.by_name ?? null
    return [{ type: 'ban.removed', at, jail, address, country, reason: null, by }]
  }
  const by = takePendingUnban(store, { ...event, key, ban })?.by_name ?? null
  return ban.active ? [endBan(store, ban, { at, reason: 'unbanned', by })] : []
}

/** A ban that fail2ban made longer because the address was banned before. */
export function ingestExtension(store: Store, { key, jailId, event, country }: PairLine<'extend'>): Event {
  const { at, jail, address, duration, times } = event
  const ban = findBanOfLine(store, { key, jailId, at })
  const until = event.until ?? endOf(ban?.at ?? at, duration)
  if (ban && !isOver(ban.until, at)) {
    if (ban.active) setEnd(store, ban, { duration, until })
    store.statements.raiseTimesOf.run(times, ban.id)
  }
  return { type: 'ban.extended', at, jail, address, country, until, times }
}

/**
 * A stop of the jail, or of the daemon, suspends a ban: it is not in force, and has ended unless it is restored. What
 * somebody had BanGUI end right before that is not among it.
 */
export function suspendBan(
  store: Store,
  { key, jailId, event, by }: PairLine<'suspended'> & { readonly by: string | null },
): readonly Event[] {
  const { at, daemonStops } = event
  const ban = findBanOfLine(store, { key, jailId, at })
  if (!ban?.active) return []
  const pending = takePendingUnban(store, { ...event, key, ban })
  if (pending) return [endBan(store, ban, { at, reason: 'unbanned', by: pending.by_name })]
  store.statements.suspendBan.run(Math.max(ban.at, at), by, daemonStops ? 'daemon' : 'jail', ban.id)
  return []
}
