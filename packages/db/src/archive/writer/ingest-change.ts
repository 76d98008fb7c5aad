import type { Event } from '@bangui/shared'
import { endOf, isOver } from './ban-rows.ts'
import { endBan } from './end-ban.ts'
import { banOfLine } from './ban-of-line.ts'
import type { PairLine } from './ingest-ban.ts'
import { takeIntent } from './intents.ts'
import type { Store } from './store.ts'

/** Ends the ban that is in force. One that had ended before was told then. */
export function ingestUnban(
  store: Store,
  { key, jailId, event, country }: PairLine<'unban'>,
): readonly Event[] {
  const { at, jail, address } = event
  const intent = takeIntent(store, { ...event, kind: 'unban', key })
  const by = intent?.by_name ?? null
  const ban = banOfLine(store, { key, jailId, at })
  if (ban?.active) return [endBan(store, ban, { at, reason: 'unbanned', by })]
  if (ban) return []
  return [{ type: 'ban.removed', at, jail, address, country, reason: null, by }]
}

/** A ban that fail2ban made longer because the address was banned before. */
export function ingestExtension(store: Store, { key, jailId, event, country }: PairLine<'extend'>): Event {
  const { at, jail, address, duration, times } = event
  const ban = banOfLine(store, { key, jailId, at })
  const until = event.until ?? endOf(ban?.at ?? at, duration)
  if (ban && !isOver(ban.until, at))
    store.statements.extendBan.run(duration, ban.active ? until : ban.until, times, ban.id)
  return { type: 'ban.extended', at, jail, address, country, until, times }
}

/** A stop of BanGUI forgets them: then the end of one that does not come back is when that was seen. */
const MOST_LET_GO = 50_000

/** Remembers when a jail that stops let a ban go; it goes on when the jail starts again, and mostly it does. */
export function noteLetGo(store: Store, { key, jailId, event: { at } }: PairLine<'let_go'>): void {
  const ban = banOfLine(store, { key, jailId, at })
  if (!ban?.active) return
  if (store.letGo.size >= MOST_LET_GO) store.letGo.clear()
  store.letGo.set(ban.id, at)
}
