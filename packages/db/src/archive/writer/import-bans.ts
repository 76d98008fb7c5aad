import { addressKey } from '@bangui/shared'
import type { ImportBatch } from '../archive.ts'
import { addBan, addLines, confirmBan, endOf, isOver } from './ban-rows.ts'
import { endBan } from './end-ban.ts'
import type { AddressRow, BanGlance, NewBan } from './statements.ts'
import type { Store } from './store.ts'

/** A ban as fail2ban has it on record. */
export type RecordedBan = Omit<ImportBatch['bans'][number], 'jail' | 'address' | 'lines'> & {
  readonly key: Uint8Array
  readonly jailId: number
  readonly lines?: readonly string[]
}

export interface Taken {
  readonly outcome: 'added' | 'confirmed' | 'known'
  readonly id: number
  /** no line told that it began */
  readonly isNews: boolean
}

/** The key and id that a ban of a batch is stored under. */
export const toRecorded = (store: Store, ban: ImportBatch['bans'][number]): RecordedBan => ({
  ...ban,
  key: addressKey(ban.address),
  jailId: store.jailIdOf(ban.jail),
})

/**
 * Takes in one ban, once: known by its own time, or as the record of a ban that a log line told, or new. `now` says
 * whether a new one is in force.
 */
export function takeBan(store: Store, ban: RecordedBan, now: number): Taken {
  const { bannedAt } = ban
  const surroundings = lookAround(store, ban)
  const { before, after } = surroundings
  const isExact = before?.at === bannedAt
  const known =
    isExact && before.confirmed === 1
      ? before
      : [before, after].find((other) => other?.confirmed === 1 && isSameBan(ban, other))
  if (known) {
    fillIn(store, known, ban)
    return { outcome: 'known', id: known.id, isNews: false }
  }
  const line = isExact ? before : after && isToldBy(ban, after) ? after : undefined
  const told = line && store.statements.banById.get(line.id)
  if (told) confirmBan(store, told, { ...ban, at: bannedAt })
  const id = told?.id ?? addRecorded(store, ban, { ...surroundings, now })
  if (ban.lines) addLines(store, { id, at: bannedAt }, ban.lines)
  // one that a line told, but only to restore it, is news as well
  return { outcome: told ? 'confirmed' : 'added', id, isNews: (told?.logged_at ?? null) === null }
}

/** A list of the bans in force told of it first, which has no more than its time: its record has the rest. */
function fillIn(store: Store, known: BanGlance, { attempts, times, lines }: RecordedBan): void {
  if (!lines || known.attempts !== null) return
  if (attempts !== null || (times ?? 0) > known.times)
    store.statements.fillBan.run(attempts, times ?? 0, known.id)
  addLines(store, known, lines)
}

/** What the archive has of a pair around a time, and of the address. */
interface Surroundings {
  readonly address: AddressRow | undefined
  readonly before?: BanGlance | undefined
  readonly after?: BanGlance | undefined
}

/** Mostly a ban is the newest of its pair, or the first of its address: then one look or two are enough. */
function lookAround({ statements }: Store, { key, jailId, bannedAt }: RecordedBan): Surroundings {
  const address = statements.findAddress.get(key)
  const newest = address && statements.newestOfPair.get(key, jailId)
  if (!newest || newest.at <= bannedAt) return { address, before: newest }
  const before = statements.banAtOrBefore.get(key, jailId, bannedAt)
  return { address, before, after: statements.banAfter.get(key, jailId, bannedAt) }
}

/**
 * Whether another ban of the pair is this one: fail2ban's database rounds its time to seconds (database.py), its list
 * cuts it (mytime.py), so that one ban can have two times that are a second apart.
 */
function isSameBan({ bannedAt, duration }: RecordedBan, other: BanGlance): boolean {
  if (Math.abs(other.at - bannedAt) > 1_000) return false
  return other.at < bannedAt ? !isOver(other.until, bannedAt) : !isOver(endOf(bannedAt, duration), other.at)
}

/** Whether a log line, the next of the pair, told of this ban: the line comes after, while the ban is in force. */
const isToldBy = ({ bannedAt, duration }: RecordedBan, line: BanGlance) =>
  line.confirmed === 0 && !isOver(endOf(bannedAt, duration), line.at)

function addRecorded(
  store: Store,
  ban: RecordedBan,
  { address, before, after, now }: Surroundings & { readonly now: number },
): number {
  const { key, jailId, bannedAt, duration } = ban
  const end = endOf(bannedAt, duration)
  const next = Math.min(after?.at ?? Infinity, now)
  const expired = isOver(end, next)
  const active = !expired && !after
  endOlder(store, before, bannedAt)
  if (after) store.statements.raiseTimes.run(key, jailId, bannedAt)
  const logged = takeLine(store, before, bannedAt)
  const row: NewBan = {
    address: key,
    jail_id: jailId,
    at: bannedAt,
    logged_at: logged,
    confirmed: 1,
    duration,
    until: active || expired ? end : next,
    active: active ? 1 : 0,
    end_reason: active ? null : expired ? 'expired' : 'gone',
    country: ban.country ?? '??',
    times: Math.max((before?.times ?? 0) + 1, ban.times ?? 0),
    attempts: ban.attempts,
    by_kind: 'fail2ban',
    by_name: null,
    reason: null,
  }
  return addBan(store, row, address)
}

function endOlder(store: Store, older: BanGlance | undefined, at: number): void {
  const ban = older?.active ? store.statements.banById.get(older.id) : undefined
  if (ban) endBan(store, ban, { at, reason: 'gone', by: null })
}

/** A line that an older ban was taken for, and that comes after this one, tells of this one. */
function takeLine({ statements }: Store, before: BanGlance | undefined, bannedAt: number): number | null {
  if (!before || before.logged_at === null || before.logged_at < bannedAt) return null
  statements.setLogged.run(null, before.id)
  return before.logged_at
}
