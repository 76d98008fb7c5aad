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
  const { id, until, jail_id: jailId, address, country } = ban
  const expired = until !== null && at >= until - TOLERANCE
  const why = expired && by === null ? 'expired' : reason
  const end = Math.max(
    ban.at,
    why === 'expired' ? Math.min(at, until ?? at) : seenAt(store, id, { at, reason: why }),
  )
  store.letGo.delete(id)
  store.statements.endBan.run(end, why, by, id)
  return {
    type: 'ban.removed',
    at: end,
    jail: store.jailNameOf(jailId),
    address: addressOfKey(address),
    country: country === '??' ? null : country,
    reason: why,
    by,
  }
}

/** One that only is not there any more ended when its jail let it go. */
const seenAt = ({ letGo }: Store, id: number, { at, reason }: Pick<Ending, 'at' | 'reason'>): number =>
  reason === 'gone' || reason === 'lost' ? Math.min(at, letGo.get(id) ?? at) : at
