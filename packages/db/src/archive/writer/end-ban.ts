import { addressOfKey, type EndReason, type Event } from '@bangui/shared'
import type { BanRow } from './rows.ts'
import type { Store } from './store.ts'
import { deleteArmedTimers } from './timers.ts'

/** fail2ban ends a ban within the second after its time, and its log rounds. */
const END_TOLERANCE_MS = 2000

export interface Ending {
  readonly at: number
  /** why it ended before its time */
  readonly reason: EndReason
  readonly by: string | null
}

/** Ends an active ban, as expired where its time was over, and returns the event. */
export function endBan(store: Store, ban: BanRow, { at, reason, by }: Ending): Event {
  const { until } = ban
  const expired = until !== null && at >= until - END_TOLERANCE_MS
  const why = expired && by === null ? 'expired' : reason
  const end = Math.max(ban.at, why === 'expired' ? Math.min(at, until ?? at) : at)
  store.statements.endBan.run(end, why, by, ban.id)
  deleteArmedTimers(store, { jail: store.jailNameOf(ban.jail_id), key: ban.address }, at)
  return removedEvent(store, ban, { at: end, reason: why, by })
}

/** Returns the event of the end of a ban. */
export const removedEvent = (
  store: Store,
  { jail_id: jailId, address, country }: BanRow,
  { at, reason, by }: Ending,
): Event => ({
  type: 'ban.removed',
  at,
  jail: store.jailNameOf(jailId),
  address: addressOfKey(address),
  country: country === '??' ? null : country,
  reason,
  by,
})
