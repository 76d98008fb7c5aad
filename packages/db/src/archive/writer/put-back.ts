import { askedSeconds } from './author.ts'
import { removeBan } from './ban-rows.ts'
import { endOf } from './ban-identity.ts'
import type { BanRow } from './rows.ts'
import type { Store } from './store.ts'

/** How far the end of a ban may lie from where it was, for the ban to last as long as before; milliseconds. */
const SAME_END_MS = 2_000

/**
 * Makes a ban that puts another back after an unban that other one: with its beginning, author, reason and count, and in
 * no sum a second time. To fail2ban it began anew, and goes by that time; a jail that bans for longer may have it now.
 * Returns the id of the ban that is in force then.
 */
export function putBack(store: Store, id: number, restored: number): number {
  const { statements } = store
  const again = statements.banById.get(id)
  const before = statements.banById.get(restored)
  if (!again || !before || before.active === 1 || again.id === before.id) return id
  removeBan(store, again)
  const { jail_id: jailId, at, logged_at: loggedAt, confirmed, own_until: ownUntil, until } = again
  statements.moveRestored.run(jailId, at, loggedAt, confirmed, before.at, ownUntil, restored)
  statements.reviveBan.run(again.duration === 0 ? 0 : durationOf(before, until), until, restored)
  return restored
}

/** Gives a ban that was put back, and has ended, the place of its beginning again: another ban began where it was put back. */
export function moveBack({ statements }: Store, ban: BanRow): BanRow {
  statements.moveBack.run(ban.id)
  return statements.banById.get(ban.id) ?? ban
}

/** As long as before, but for one that ends at another time now. */
function durationOf(before: BanRow, until: number | null): number {
  const beganAt = before.began_at ?? before.at
  const end = endOf(beganAt, before.duration)
  if (until === null) return -1
  const isAsBefore = until === before.own_until || (end !== null && Math.abs(end - until) <= SAME_END_MS)
  return isAsBefore ? before.duration : askedSeconds({ at: beganAt, until })
}
