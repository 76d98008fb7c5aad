import type { Store } from './store.ts'
import type { AddressRow, BanRow, NewBan } from './statements.ts'

/** The last moment that a date can name. */
const MAX_TIME = 8.64e15

/** When a ban of so many seconds ends; null for one that is permanent, or whose duration is not known. */
export const endOf = (at: number, duration: number): number | null =>
  duration <= 0 ? null : Math.min(at + duration * 1000, MAX_TIME)

/** Whether a ban that would end then is over at a time. */
export const isOver = (end: number | null, at: number): boolean => end !== null && end <= at

/** Adds a ban with all that is summed over bans. Gives its id. */
export function addBan(
  store: Store,
  ban: NewBan,
  known = store.statements.findAddress.get(ban.address),
): number {
  const { statements, rollUps } = store
  const id = Number(statements.insertBan.run(ban).lastInsertRowid)
  store.newestBan.at = Math.max(store.newestBan.at, ban.at)
  rollUps.addBan({ jailId: ban.jail_id, country: ban.country, at: ban.at }, 1)
  countAddress(store, ban, known)
  return id
}

function countAddress({ statements, rollUps }: Store, ban: NewBan, known: AddressRow | undefined): void {
  const { address, at, jail_id: jailId, country } = ban
  if (!known) {
    statements.insertAddress.run(address, at, at, country, jailId)
    rollUps.addNewAddress(jailId, at, 1)
    return
  }
  const isFirst = at < known.first_at
  if (isFirst) {
    rollUps.addNewAddress(known.first_jail_id, known.first_at, -1)
    rollUps.addNewAddress(jailId, at, 1)
  }
  const lastAt = Math.max(at, known.last_at)
  const firstJailId = isFirst ? jailId : known.first_jail_id
  const newCountry = at === lastAt && country !== '??' ? country : null
  statements.updateAddress.run(1, Math.min(at, known.first_at), lastAt, firstJailId, newCountry, address)
}

/** Takes a ban away that was none, with all that is summed over bans. */
export function removeBan(store: Store, ban: BanRow): void {
  const { statements, rollUps } = store
  statements.deleteBan.run(ban.id)
  rollUps.addBan({ jailId: ban.jail_id, country: ban.country, at: ban.at }, -1)
  store.letGo.delete(ban.id)
  const known = statements.findAddress.get(ban.address)
  if (!known) return
  const first = statements.firstOfAddress.get(ban.address)
  if (!first) {
    statements.deleteAddress.run(ban.address)
    rollUps.addNewAddress(known.first_jail_id, known.first_at, -1)
    return
  }
  rollUps.addNewAddress(known.first_jail_id, known.first_at, -1)
  rollUps.addNewAddress(first.jail_id, first.at, 1)
  statements.updateAddress.run(-1, first.at, lastOf(store, ban.address), first.jail_id, null, ban.address)
}

/** What is known of a ban once fail2ban's own record of it was seen. */
export interface Confirmation {
  readonly at: number
  readonly duration: number
  readonly times: number | null
  readonly attempts: number | null
}

/** Whether a ban was put back after an unban: its end is BanGUI's. */
export const isRestored = ({ began_at: beganAt }: BanRow): boolean => typeof beganAt === 'number'

/** Makes a ban that a log line told the one that fail2ban has on record: its time, which is earlier, and its end. */
export function confirmBan(store: Store, ban: BanRow, { at, duration, times, attempts }: Confirmation): void {
  const end = endOf(at, duration)
  // a person's ban may be shorter than the jail's: BanGUI ends it
  const isOurs = ban.by_kind !== 'fail2ban' || isRestored(ban)
  const isOwnEnd = isOurs && ban.until !== null && !isOver(end, ban.until)
  const keepsEnd = ban.active === 0 || isOwnEnd
  store.statements.confirmBan.run(
    at,
    isOwnEnd ? ban.duration : duration,
    keepsEnd ? ban.until : end,
    Math.max(ban.times, times ?? 0),
    attempts,
    ban.id,
  )
  if (at === ban.at) return
  store.rollUps.moveBan({ jailId: ban.jail_id, country: ban.country }, ban.at, at)
  moveAddress(store, ban, at)
}

/** Keeps first and last time of an address right when one of its bans moves; called after it has. */
function moveAddress(store: Store, ban: BanRow, at: number): void {
  const { statements, rollUps } = store
  const known = statements.findAddress.get(ban.address)
  if (!known) return
  const isFirst = at < known.first_at
  if (isFirst) {
    rollUps.addNewAddress(known.first_jail_id, known.first_at, -1)
    rollUps.addNewAddress(ban.jail_id, at, 1)
  }
  const lastAt = ban.at === known.last_at ? lastOf(store, ban.address) : known.last_at
  const firstJailId = isFirst ? ban.jail_id : known.first_jail_id
  statements.updateAddress.run(0, Math.min(at, known.first_at), lastAt, firstJailId, null, ban.address)
}

function lastOf({ statements, jailIds }: Store, address: Uint8Array): number {
  let last = 0
  for (const jailId of jailIds()) last = Math.max(last, statements.lastOfPair.get(address, jailId) ?? 0)
  return last
}

/** Keeps the log lines that caused a ban. */
export function addLines(
  { statements }: Store,
  ban: { id: number; at: number },
  lines: readonly string[],
): void {
  for (const [position, line] of lines.entries()) statements.insertLine.run(ban.id, position, ban.at, line)
}
