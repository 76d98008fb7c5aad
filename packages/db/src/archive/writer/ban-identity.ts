import type { AddressRow, BanGlance, BanRow } from './rows.ts'
import type { Store } from './store.ts'

/*
 * Which ban is meant. A ban is (jail, address, `timeofban`), and fail2ban reports it in three ways: its log, with the
 * time of the line; its database, with `timeofban` rounded to seconds (database.py); its list, with `timeofban` cut to
 * seconds (mytime.py). Everything that reads one of these asks here which ban of the archive it is about.
 */

/** How far two times of one ban may lie apart, in milliseconds: one is rounded, the other cut. */
export const SAME_BAN_MS = 1_000

/** How far a line and the end that it reports may be apart, in milliseconds: one of the two is rounded. */
const END_LINE_MS = 2_000

/** The last moment that a date can name. */
const MAX_TIME = 8.64e15

/** When a ban of so many seconds ends; null for one that is permanent, or whose duration is not known. */
export const endOf = (at: number, duration: number): number | null =>
  duration <= 0 ? null : Math.min(at + duration * 1000, MAX_TIME)

/** Whether a ban that would end then is over at a time. */
export const isOver = (end: number | null, at: number): boolean => end !== null && end <= at

/**
 * `timeofban` is the time of the last failure, rounded to whole seconds, and so may lie half a second after the line;
 * the line's own time, rounded too, never lies before it.
 */
export const inSeconds = (at: number): number => Math.round(at / 1000) * 1000

/** The log is read in its order: what was read before a line happened before it, whatever the clock said. */
export const wasLogged = (ban: Pick<BanRow, 'logged_at'>): boolean => ban.logged_at !== null

/** An address in a jail, by the keys of both. */
export interface PairKey {
  readonly key: Uint8Array
  readonly jailId: number
}

/**
 * Returns the ban that a line may be about: the newest of its pair before it. Where the clock was set back it can lie
 * after the line: one whose own line was read before, and that is in force.
 */
export function findBanOfLine(
  { statements, newestBan }: Store,
  { key, jailId, at }: PairKey & { readonly at: number },
): BanRow | undefined {
  const before = statements.banAtOrBefore.get(key, jailId, inSeconds(at))
  if (before?.active || isEndedAt(before, at)) return before
  if (!before && at >= newestBan.at) return undefined
  const inForce = statements.activeOfPair.get(jailId, key)
  return inForce && wasLogged(inForce) ? inForce : before
}

const isEndedAt = (ban: BanRow | undefined, at: number) =>
  ban !== undefined && ban.active === 0 && ban.until !== null && Math.abs(ban.until - at) <= END_LINE_MS

/** `again`: the same by its time, which has ended since; fail2ban counts in seconds. */
export type LineMeaning = 'new' | 'same' | 'again'

/** Returns what a `Ban` line at a time means for the newest ban of its pair before it. */
export function meaningOfLine(ban: BanRow | undefined, at: number): LineMeaning {
  if (!ban) return 'new'
  const isSameSecond = ban.at === inSeconds(at)
  if (isSameSecond && ban.active === 0 && wasLogged(ban) && ban.logged_at !== at) return 'again'
  if (isSameSecond || ban.logged_at === at) return 'same'
  if (isOver(ban.until, at)) return 'new'
  // a daemon that was killed reads its logs again, and bans again for the same failures
  if (ban.active === 1) return 'same'
  // fail2ban's record came first, and its end, too
  return !wasLogged(ban) && ban.confirmed === 1 ? 'same' : 'new'
}

/** A ban as fail2ban's database or list has it. */
export interface RecordTime extends PairKey {
  /** its list has it, with its time cut to seconds: it is in force */
  readonly isListed: boolean
  readonly bannedAt: number
  /** seconds, -1 is permanent */
  readonly duration: number
}

/** What the archive has of a pair around the time of a record. */
export interface RecordMatch {
  readonly address: AddressRow | undefined
  readonly before?: BanGlance | undefined
  readonly after?: BanGlance | undefined
  /** the ban itself, with fail2ban's own time already */
  readonly known?: BanGlance | undefined
  /** the ban itself, as only a line has reported it so far */
  readonly logged?: BanGlance | undefined
}

/** Returns the ban that a row of fail2ban's database or list is about, if the archive has it. */
export function findBanOfRecord(store: Store, record: RecordTime): RecordMatch {
  const around = lookAround(store, record)
  const { before, after } = around
  const exact = before?.at === record.bannedAt ? before : undefined
  // the one of that second has ended, and what is listed is the next: by failures of the same second, its line came later
  if (exact?.active === 0 && after?.active === 1 && record.isListed && isEither(record, after))
    return { ...around, known: after }
  if (exact) return { ...around, [exact.confirmed === 1 ? 'known' : 'logged']: exact }
  // the record of its beginning: a ban that was put back has moved on
  if (after && beganThen(after, record.bannedAt)) return { ...around, known: after }
  const known = [before, after].find((other) => other?.confirmed === 1 && isSameBan(record, other))
  if (known) return { ...around, known }
  return after && isReportedBy(record, after) ? { ...around, logged: after } : around
}

/** Returns whether a ban that was put back after an unban had begun then. */
export const beganThen = ({ began_at: beganAt }: BanGlance, at: number): boolean =>
  beganAt !== null && Math.abs(beganAt - at) <= SAME_BAN_MS

/** Mostly a ban is the newest of its pair, or the first of its address: then one look or two are enough. */
function lookAround({ hostId, statements }: Store, { key, jailId, bannedAt }: RecordTime): RecordMatch {
  const address = statements.findAddress.get(key, hostId)
  const newest = address && statements.newestOfPair.get(key, jailId)
  if (!newest || newest.at <= bannedAt) return { address, before: newest }
  const before = statements.banAtOrBefore.get(key, jailId, bannedAt)
  return { address, before, after: statements.banAfter.get(key, jailId, bannedAt) }
}

const isEither = (record: RecordTime, other: BanGlance): boolean =>
  isSameBan(record, other) || isReportedBy(record, other)

/** One ban can have two times that are a second apart, unless it had ended between them. */
function isSameBan({ bannedAt, duration }: RecordTime, other: BanGlance): boolean {
  if (Math.abs(other.at - bannedAt) > SAME_BAN_MS) return false
  return other.at < bannedAt ? !isOver(other.until, bannedAt) : !isOver(endOf(bannedAt, duration), other.at)
}

/** Whether a line, the next of the pair, was about this ban: it comes after, while the ban is in force. */
function isReportedBy({ bannedAt, duration }: RecordTime, line: BanGlance): boolean {
  const end = endOf(bannedAt, duration)
  // the end is as round as the beginning
  return line.confirmed === 0 && !isOver(end === null ? null : end + SAME_BAN_MS, line.at)
}
