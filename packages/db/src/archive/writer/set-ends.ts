import { addressKey, type Event, type StoredEvent } from '@bangui/shared'
import type { BanEnd } from '../archive.ts'
import { storeInChunks } from './in-chunks.ts'
import type { Store } from './store.ts'

/** Sets new ends of active bans, with the event of fail2ban's own extensions. */
export async function setEnds(store: Store, ends: readonly BanEnd[]): Promise<StoredEvent[]> {
  const stored: StoredEvent[] = []
  await storeInChunks(store, ends, { stored, each: (end) => setEnd(store, end) })
  return stored
}

function setEnd(
  store: Store,
  { jail, address, until, duration, isOwn, operation }: BanEnd,
): Event | undefined {
  const { statements, clock } = store
  const ban = statements.activeOfPair.get(store.jailIdOf(jail), addressKey(address))
  if (!ban) return undefined
  statements.setOwnEnd.run(isOwn ? until : null, ban.id)
  statements.setEndOperation.run(operation, ban.id)
  if (ban.until === until && ban.duration === duration) return undefined
  statements.extendBan.run(duration, until, ban.times, ban.id)
  const country = ban.country === '??' ? null : ban.country
  return { type: 'ban.extended', at: clock(), jail, address, country, until, times: ban.times }
}
