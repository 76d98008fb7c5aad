import { HOUR_MS, MINUTE_MS } from '@bangui/shared'
import { columnsOf } from '../author-code.ts'
import type { Author, BanRow, PendingActionRow } from './rows.ts'
import type { Store } from './store.ts'

const nobody = { reason: null, operation_id: null }

export const FAIL2BAN: Author = { ...columnsOf({ kind: 'fail2ban', name: null }), ...nobody }
export const UNKNOWN: Author = { ...columnsOf({ kind: 'unknown', name: null }), ...nobody }

/** Returns the author of a ban that a pending action asked for. */
export const authorOf = (pending: PendingActionRow): Author => ({
  by_kind: pending.by_kind,
  by_name: pending.by_name,
  origin: pending.origin,
  reason: pending.reason,
  operation_id: pending.operation,
})

/** Sets the author of a ban, which is counted for its origin then. */
export function setAuthor(store: Store, ban: BanRow, author: Author): void {
  const { statements, rollUps, hostId } = store
  // where no operation made it, somebody has noted something about it since
  const noted = ban.operation_id === null ? ban.reason : null
  statements.setAuthor.run({ ...author, reason: author.reason ?? noted, id: ban.id })
  if (ban.origin === author.origin) return
  // one that was put back counts as of when it began first
  const { jail_id: jailId, country, origin, began_at: beganAt } = ban
  const at = beganAt ?? ban.at
  rollUps.addBan({ jailId, country, origin, at }, -1)
  rollUps.addBan({ jailId, country, origin: author.origin, at }, 1)
  const known = statements.findAddress.get(ban.address, hostId)
  if (known?.first_at !== ban.at || known.first_jail_id !== jailId) return
  rollUps.addNewAddress({ jailId, origin: known.first_origin }, ban.at, -1)
  rollUps.addNewAddress({ jailId, origin: author.origin }, ban.at, 1)
  statements.setFirstOrigin.run(author.origin, ban.address, hostId)
}

interface Line {
  readonly jail: string
  readonly key: Uint8Array
  readonly at: number
}

/** fail2ban bans right after the failure that was one too many; slow actions of other bans can hold it up. */
const MAX_BAN_DELAY_MS = 10 * MINUTE_MS

/** A log without a failure for so long may be one that has none: its level can leave them out. */
const MAX_SILENCE_MS = HOUR_MS

/**
 * Returns the author of a ban that no pending action asked for: fail2ban, unless the log would have shown the failures and
 * has none. fail2ban's database decides later: it has the failures of each ban, and none for a `banip`.
 */
export function authorOfLine({ hostId, statements }: Store, { jail, key, at }: Line): Author {
  const failedAt = statements.lastFailureOfPair.get(key, hostId, jail)
  if (failedAt !== undefined && at - failedAt <= MAX_BAN_DELAY_MS) return FAIL2BAN
  const anyAt = statements.lastFailure.get(hostId)
  return anyAt === undefined || at - anyAt > MAX_SILENCE_MS ? FAIL2BAN : UNKNOWN
}

/** Returns when BanGUI ends a ban whose line has this time; null: fail2ban ends it. */
export const ownEndOf = (
  pending: Pick<PendingActionRow, 'duration' | 'until'> | undefined,
  at: number,
): number | null =>
  pending?.until ?? (typeof pending?.duration === 'number' ? at + pending.duration * 1000 : null)

/** Returns how many seconds a ban was asked for that ends at a time of BanGUI's: that counts from when it was asked for. */
export const askedSeconds = ({ at, until }: { readonly at: number; readonly until: number }): number =>
  Math.max(1, Math.round((until - at) / 1000))

/** Returns for how many seconds a ban was asked for; null: as long as the jail bans for. */
export function durationAsked(pending: PendingActionRow | undefined): number | null {
  if (typeof pending?.duration === 'number') return pending.duration
  return typeof pending?.until === 'number' ? askedSeconds({ at: pending.at, until: pending.until }) : null
}
