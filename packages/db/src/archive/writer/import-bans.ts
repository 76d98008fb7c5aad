import { addressKey } from '@bangui/shared'
import type { ImportBatch } from '../writer-port.ts'
import {
  beganThen,
  endOf,
  findBanOfRecord,
  isOver,
  type RecordMatch,
  type RecordTime,
} from './ban-identity.ts'
import { findPendingAction } from './pending-actions.ts'
import { authorOf, FAIL2BAN, UNKNOWN } from './author.ts'
import { addBan, addLines, confirmBan, correctAuthor, moveBan, setDuration } from './ban-rows.ts'
import { endBan } from './end-ban.ts'
import type { Author, BanGlance, NewBan } from './rows.ts'
import type { Store } from './store.ts'
import { deleteArmedTimers } from './timers.ts'

/** A ban as fail2ban has it on record. */
export type RecordedBan = RecordTime &
  Omit<ImportBatch['bans'][number], 'address' | 'lines'> & {
    /** undefined: fail2ban's list has it, which has no more than its time */
    readonly lines?: readonly string[]
  }

export interface ImportedBan {
  readonly outcome: 'added' | 'confirmed' | 'known'
  readonly id: number
  /** no line reported its beginning */
  readonly isNews: boolean
}

/** The key and id that a ban of a batch is stored under. */
export const toRecorded = (store: Store, ban: ImportBatch['bans'][number]): RecordedBan => ({
  ...ban,
  key: addressKey(ban.address),
  jailId: store.jailIdOf(ban.jail),
  isListed: false,
})

/**
 * Imports one ban, once: it is known by its own time, or is the record of a ban from the log, or is new. `now` says
 * whether a new ban is active.
 */
export function importBan(store: Store, ban: RecordedBan, now: number): ImportedBan {
  const match = findBanOfRecord(store, ban)
  const { known } = match
  if (known) {
    fillIn(store, known, ban)
    return { outcome: 'known', id: known.id, isNews: false }
  }
  const logged = match.logged && store.statements.banById.get(match.logged.id)
  if (logged) confirmBan(store, logged, { ...ban, at: ban.bannedAt })
  const id = logged?.id ?? addRecorded(store, ban, { ...match, now })
  if (ban.lines) addLines(store, { id, at: ban.bannedAt }, ban.lines)
  // a ban that a line only restored is news, too
  return { outcome: logged ? 'confirmed' : 'added', id, isNews: (logged?.logged_at ?? null) === null }
}

/** It came from a list of active bans first, which has only its time: its record has the rest. */
function fillIn(store: Store, known: BanGlance, record: RecordedBan): void {
  const { bannedAt, attempts, times, lines } = record
  if (!lines) return
  const isInPlace = known.at === bannedAt || beganThen(known, bannedAt)
  const ban = isInPlace ? undefined : store.statements.banById.get(known.id)
  if (ban) moveBan(store, ban, bannedAt)
  if (known.attempts !== null) return
  if (attempts !== null || (times ?? 0) > known.times)
    store.statements.fillBan.run(attempts, times ?? 0, known.id)
  const before = store.statements.banById.get(known.id)
  if (before) {
    const corrected = correctAuthor(store, before, attempts)
    if (before.by_kind !== corrected.by_kind && before.active === 1)
      setDuration(store, corrected, record.duration)
  }
  addLines(store, known, lines)
}

function addRecorded(
  store: Store,
  ban: RecordedBan,
  { address, before, after, now }: RecordMatch & { readonly now: number },
): number {
  const { key, jailId, bannedAt, duration } = ban
  const end = endOf(bannedAt, duration)
  const next = Math.min(after?.at ?? Infinity, now)
  const expired = isOver(end, next)
  const active = !expired && !after
  endOlder(store, before, bannedAt)
  if (after) store.statements.raiseTimes.run(key, jailId, bannedAt)
  const logged = takeLine(store, before, bannedAt)
  const author = authorOfRecord(store, ban)
  // as of a line: a ban of fail2ban keeps its length
  if (author.operation_id === null) deleteArmedTimers(store, { jail: ban.jail, key })
  const row: NewBan = {
    address: key,
    jail_id: jailId,
    at: bannedAt,
    logged_at: logged,
    confirmed: 1,
    duration,
    until: active || expired ? end : next,
    own_until: null,
    active: active ? 1 : 0,
    end_reason: active ? null : expired ? 'expired' : 'unknown',
    country: ban.country ?? '??',
    times: Math.max((before?.times ?? 0) + 1, ban.times ?? 0),
    attempts: ban.attempts,
    ...author,
  }
  return addBan(store, row, address)
}

/** A ban that failures caused is fail2ban's, whoever asked for the same; a list does not have the failures. */
function authorOfRecord(store: Store, { attempts, lines, jail, key, bannedAt }: RecordedBan): Author {
  if (attempts) return FAIL2BAN
  const pending = findPendingAction(store, { kind: 'ban', jail, key, at: bannedAt })
  if (pending) return authorOf(pending)
  return attempts === 0 && lines ? UNKNOWN : FAIL2BAN
}

function endOlder(store: Store, older: BanGlance | undefined, at: number): void {
  const ban = older?.active ? store.statements.banById.get(older.id) : undefined
  if (ban) endBan(store, ban, { at, reason: 'unknown', by: null })
}

/** A line that was attributed to an older ban, and that comes after this one, is about this one. */
function takeLine({ statements }: Store, before: BanGlance | undefined, bannedAt: number): number | null {
  if (!before || before.logged_at === null || before.logged_at < bannedAt) return null
  statements.setLogged.run(null, before.id)
  return before.logged_at
}
