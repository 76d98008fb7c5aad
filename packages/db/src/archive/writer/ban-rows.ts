import { askedSeconds, FAIL2BAN, setAuthor, UNKNOWN } from './author.ts'
import { endOf } from './ban-identity.ts'
import type { Store } from './store.ts'
import { deleteTimerOf } from './timers.ts'
import type { AddressRow, BanRow, NewBan } from './rows.ts'

/** Adds a ban with all that is summed over bans. Gives its id. */
export function addBan(
  store: Store,
  ban: NewBan,
  known = store.statements.findAddress.get(ban.address, store.hostId),
): number {
  const { statements, rollUps } = store
  const id = Number(statements.insertBan.run(ban).lastInsertRowid)
  store.newestBan.at = Math.max(store.newestBan.at, ban.at)
  rollUps.addBan(countedAs(ban), 1)
  countAddress(store, ban, known)
  return id
}

const countedAs = ({ jail_id: jailId, country, origin, at }: NewBan | BanRow) => ({
  jailId,
  country,
  origin,
  at,
})

function countAddress(
  { hostId, statements, rollUps }: Store,
  ban: NewBan,
  known: AddressRow | undefined,
): void {
  const { address, at, jail_id: jailId, country, origin } = ban
  if (!known) {
    statements.insertAddress.run(address, hostId, at, at, country, jailId, origin)
    rollUps.addNewAddress({ jailId, origin }, at, 1)
    return
  }
  const before = firstOf(known)
  const first = at < known.first_at ? { at, jailId, origin } : before
  moveFirst(rollUps, before, first)
  const lastAt = Math.max(at, known.last_at)
  const newCountry = at === lastAt && country !== '??' ? country : null
  updateAddress({ hostId, statements }, address, { more: 1, first, lastAt, country: newCountry })
}

/** The first ban of an address, which counts it as new. */
interface FirstBan {
  readonly at: number
  readonly jailId: number
  readonly origin: number
}

const firstOf = (known: AddressRow): FirstBan => ({
  at: known.first_at,
  jailId: known.first_jail_id,
  origin: known.first_origin,
})

function moveFirst(rollUps: Store['rollUps'], from: FirstBan, to: FirstBan): void {
  if (from === to) return
  rollUps.addNewAddress(from, from.at, -1)
  rollUps.addNewAddress(to, to.at, 1)
}

interface AddressChange {
  readonly more: number
  readonly first: FirstBan
  readonly lastAt: number
  /** null: as it is */
  readonly country: string | null
}

const updateAddress = (
  { hostId, statements }: Pick<Store, 'hostId' | 'statements'>,
  address: Uint8Array,
  { more, first, lastAt, country }: AddressChange,
): void =>
  void statements.updateAddress.run(
    more,
    first.at,
    lastAt,
    first.jailId,
    first.origin,
    country,
    address,
    hostId,
  )

/** Takes a ban away that was none, with all that is summed over bans. */
export function removeBan(store: Store, ban: BanRow): void {
  const { hostId, statements, rollUps } = store
  statements.deleteBan.run(ban.id)
  rollUps.addBan(countedAs(ban), -1)
  store.absent.delete(ban.id)
  const known = statements.findAddress.get(ban.address, hostId)
  if (!known) return
  const next = statements.firstOfAddress.get(ban.address, hostId)
  if (!next) {
    statements.deleteAddress.run(ban.address, hostId)
    rollUps.addNewAddress(firstOf(known), known.first_at, -1)
    return
  }
  const first = { at: next.at, jailId: next.jail_id, origin: next.origin }
  moveFirst(rollUps, firstOf(known), first)
  updateAddress(store, ban.address, { more: -1, first, lastAt: lastOf(store, ban.address), country: null })
}

/** What is known about a ban once fail2ban's own record of it was read. */
export interface Confirmation {
  readonly at: number
  readonly duration: number
  readonly times: number | null
  readonly attempts: number | null
}

/** Whether a ban was put back after an unban: to fail2ban it began anew. */
export const isRestored = ({ began_at: beganAt }: Pick<BanRow, 'began_at'>): boolean =>
  typeof beganAt === 'number'

/** The end of a ban that lasts so many seconds for fail2ban: BanGUI may bring another before that. */
export const endInForce = (ban: Pick<BanRow, 'at' | 'own_until'>, duration: number): number | null =>
  earlier(ban.own_until, endOf(ban.at, duration))

const earlier = (one: number | null, other: number | null): number | null =>
  one === null || other === null ? (one ?? other) : Math.min(one, other)

/**
 * Returns how many seconds a ban lasts that ends then, from when it began first; -1: permanent. An end of BanGUI's counts
 * from the request, which was right before the line: `at` is rounded, and can lie on either side of both.
 */
const wholeDuration = (ban: Pick<BanRow, 'at' | 'logged_at' | 'began_at'>, until: number | null): number => {
  if (until === null) return -1
  if (isRestored(ban)) return askedSeconds({ at: ban.began_at ?? ban.at, until })
  return Math.max(1, Math.ceil((until - (ban.logged_at ?? ban.at)) / 1000))
}

/** Sets how many seconds a ban lasts for fail2ban. Returns whether that changed anything. */
export const setDuration = (store: Store, ban: BanRow, duration: number): boolean =>
  setEnd(store, ban, { duration, until: endOf(ban.at, duration) })

/** Sets the end that a ban has for fail2ban. Returns whether that changed anything. */
export function setEnd(
  { statements }: Store,
  ban: BanRow,
  end: { readonly duration: number; readonly until: number | null },
): boolean {
  const until = earlier(ban.own_until, end.until)
  const isOwn = until !== null && until === ban.own_until
  // what somebody asked for stays as it was asked for
  if (isOwn && ban.until === until) return false
  const seconds = isOwn || isRestored(ban) ? wholeDuration(ban, until) : end.duration
  if (ban.until === until && ban.duration === seconds) return false
  statements.extendBan.run(seconds, until, 0, ban.id)
  return true
}

/**
 * Corrects the author of a ban by the failures in fail2ban's record. A ban of failures is fail2ban's: it came while somebody
 * asked for the same, who found it banned already. A ban without failures that no operation made is of somebody unknown.
 */
export function correctAuthor(store: Store, ban: BanRow, attempts: number | null): BanRow {
  if (attempts === null) return ban
  if (attempts === 0) {
    const isAttributed = ban.by_kind !== 'fail2ban' || ban.operation_id !== null || isRestored(ban)
    if (isAttributed) return ban
    setAuthor(store, ban, UNKNOWN)
    return { ...ban, ...UNKNOWN }
  }
  if (ban.by_kind === 'fail2ban') return ban
  setAuthor(store, ban, FAIL2BAN)
  store.statements.setOwnEnd.run(null, ban.id)
  const pair = { jail: store.jailNameOf(ban.jail_id), key: ban.address }
  if (ban.operation_id !== null) deleteTimerOf(store, pair, ban.operation_id)
  return { ...ban, ...FAIL2BAN, own_until: null }
}

/** Gives a ban that a log line reported the time of fail2ban's record, which is earlier, and its end. */
export function confirmBan(
  store: Store,
  logged: BanRow,
  { at, duration, times, attempts }: Confirmation,
): void {
  const { statements } = store
  const ban = correctAuthor(store, logged, attempts)
  statements.confirmBan.run(Math.max(ban.times, times ?? 0), attempts, ban.id)
  moveBan(store, ban, at)
  const moved = { ...ban, at }
  if (ban.active === 1) setDuration(store, moved, duration)
  else if (ban.own_until === null) statements.extendBan.run(duration, ban.until, 0, ban.id)
}

/** Gives a ban the time that fail2ban's database has. */
export function moveBan(store: Store, ban: BanRow, at: number): void {
  if (at === ban.at) return
  store.statements.moveBan.run(at, ban.id)
  // one that was put back counts as of when it began first
  if (isRestored(ban)) return
  store.rollUps.moveBan(countedAs(ban), ban.at, at)
  moveAddress(store, ban, at)
}

/** Keeps first and last time of an address right when one of its bans moves; called after it has. */
function moveAddress(store: Store, ban: BanRow, at: number): void {
  const { hostId, statements, rollUps } = store
  const known = statements.findAddress.get(ban.address, hostId)
  if (!known) return
  const before = firstOf(known)
  const first = at < known.first_at ? { at, jailId: ban.jail_id, origin: ban.origin } : before
  moveFirst(rollUps, before, first)
  const lastAt = ban.at === known.last_at ? lastOf(store, ban.address) : known.last_at
  updateAddress(store, ban.address, { more: 0, first, lastAt, country: null })
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
