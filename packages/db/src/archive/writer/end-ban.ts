import { addressOfKey, type EndReason, type Event } from '@bangui/shared'
import type { BanRow } from './statements.ts'
import type { Store } from './store.ts'

/** fail2ban ends a ban in the second after its time, and its log rounds. */
const TOLERANCE = 2000

export interface Ending {
  readonly at: number
  /** why, where its time was not over */
  readonly reason: EndReason
  readonly by: string | null
}

/** Ends a ban that is in force: expired when its time was over; gives what is to be told. */
export function endBan(store: Store, ban: BanRow, { at, reason, by }: Ending): Event {
  const { until } = ban
  const expired = until !== null && at >= until - TOLERANCE
  const why = expired && by === null ? 'expired' : reason
  const end = Math.max(ban.at, why === 'expired' ? Math.min(at, until ?? at) : at)
  store.statements.endBan.run(end, why, by, ban.id)
  return removedEvent(store, ban, { at: end, reason: why, by })
}

/** The events of the end of a ban. */
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
