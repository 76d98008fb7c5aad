import type { Event, HostEvent } from '@bangui/shared'
import { authorOfRow } from '../author-code.ts'
import { addedEvent, isLastEventAdded } from './added-event.ts'
import { endOf, findBanOfLine, inSeconds, isOver, meaningOfLine, wasLogged } from './ban-identity.ts'
import { authorOf, authorOfLine, durationAsked, ownEndOf, setAuthor } from './author.ts'
import { addBan, endInForce, isRestored } from './ban-rows.ts'
import { endBan } from './end-ban.ts'
import { takePendingAction } from './pending-actions.ts'
import { moveBack, putBack } from './put-back.ts'
import type { BanRow, PendingActionRow } from './rows.ts'
import type { Store } from './store.ts'
import { armTimer, deleteTimerOf, deleteArmedTimers } from './timers.ts'

/** A log line about an address in a jail, with the keys of both. */
export interface PairLine<TType extends HostEvent['type']> {
  readonly key: Uint8Array
  readonly jailId: number
  readonly event: HostEvent & { readonly type: TType }
  readonly country: string | null
}

interface BanLine extends PairLine<'ban'> {
  readonly bantime: number | null
}

/** Opens a ban, provisionally, unless the line is about a ban that is known. */
export function ingestBan(store: Store, line: BanLine): readonly Event[] {
  const { key, jailId, event } = line
  const before = findBanOfLine(store, { key, jailId, at: event.at })
  if (event.restored) return before ? restoreBan(store, line, before) : []
  const pending = takePendingAction(store, { ...event, kind: 'ban', key })
  const meaning = meaningOf(before, { event, pending })
  if (!before || meaning === 'new') return openBan(store, line, { before, pending })
  if (
    meaning === 'again' &&
    isRestored(before) &&
    pending?.restores !== before.id &&
    before.began_at !== before.at
  )
    return openBan(store, line, { before: moveBack(store, before), pending })
  if (meaning === 'again') return [banAgain(store, line, { ban: before, pending })]
  const isNews = isUnreported(store, before, line)
  const id = updateKnown(store, before, { event, pending })
  const added = isNews && addedEvent(store, id)
  return added ? [{ ...added, at: event.at }] : []
}

interface LineContext {
  readonly event: BanLine['event']
  readonly pending: PendingActionRow | undefined
}

/**
 * fail2ban does not log a ban of an address that is banned. Only a daemon that was killed bans again for failures that
 * it had banned for, and a ban that somebody asked for has no failures.
 */
function meaningOf(before: BanRow | undefined, { event, pending }: LineContext) {
  const meaning = meaningOfLine(before, event.at)
  if (meaning !== 'same' || !before?.active || !wasLogged(before) || before.logged_at === event.at)
    return meaning
  const isAskedFor = pending !== undefined || before.by_kind !== 'fail2ban'
  return isAskedFor && before.at < inSeconds(event.at) ? 'new' : meaning
}

/**
 * A start restores the bans in fail2ban's database: a ban that a stop suspended continues. Other bans that are not
 * active in the archive are left to fail2ban's list, since the line does not have the time of the ban.
 */
function restoreBan(store: Store, { key, event }: BanLine, ban: BanRow): readonly Event[] {
  if (ban.active === 1 || ban.end_reason !== 'jail_stopped') return []
  store.statements.reviveBan.run(ban.duration, endInForce(ban, ban.duration), ban.id)
  const added = isLastEventAdded(store, key, event.jail) ? undefined : addedEvent(store, ban.id)
  return added ? [{ ...added, at: event.at }] : []
}

interface SecondBan {
  readonly ban: BanRow
  readonly pending: PendingActionRow | undefined
}

/** Banned, unbanned and banned again within one second: the time of a ban has no finer resolution. */
function banAgain(
  store: Store,
  { key, event, country, bantime }: BanLine,
  { ban, pending }: SecondBan,
): Event {
  const { at, jail, address } = event
  const { statements } = store
  timeNewBan(store, { jail, key, pending, at })
  const ownEnd = ownEndOf(pending, at)
  const isPutBack = pending?.restores === ban.id
  // a ban that is put back lasts as long as it did
  const duration = (isPutBack ? null : durationAsked(pending)) ?? bantime ?? ban.duration
  const until = ownEnd ?? endOf(ban.at, duration)
  statements.setOwnEnd.run(ownEnd, ban.id)
  if (isPutBack) statements.moveRestored.run(ban.jail_id, ban.at, at, ban.confirmed, ban.at, ownEnd, ban.id)
  statements.reviveBan.run(duration, until, ban.id)
  statements.setLogged.run(at, ban.id)
  const author = pending ? authorOf(pending) : authorOfLine(store, { jail, key, at })
  setAuthor(store, ban, author)
  return { type: 'ban.added', at, jail, address, country, until, by: authorOfRow(author) }
}

/** Whether no event reported the ban yet: fail2ban's record can be read before the line of the ban. */
const isUnreported = (store: Store, ban: BanRow, { key, event }: BanLine) =>
  ban.active === 1 && !wasLogged(ban) && !isLastEventAdded(store, key, event.jail)

/** Updates a known ban from its line, and returns the id of the active ban. */
function updateKnown(store: Store, ban: BanRow, { event, pending }: LineContext): number {
  const { statements } = store
  if (!wasLogged(ban)) statements.setLogged.run(event.at, ban.id)
  // what failures caused is fail2ban's: whoever asked for the same found it banned
  if (!pending) return ban.id
  const pair = { jail: event.jail, key: ban.address }
  if ((ban.attempts ?? 0) > 0) {
    deleteTimerOf(store, pair, pending.operation)
    return ban.id
  }
  armTimer(store, { ...pair, pending, at: event.at })
  setAuthor(store, ban, authorOf(pending))
  const ownEnd = ownEndOf(pending, event.at)
  if (ownEnd !== null) {
    statements.setOwnEnd.run(ownEnd, ban.id)
    if (!isOver(ban.until, ownEnd))
      statements.extendBan.run(durationAsked(pending) ?? ban.duration, ownEnd, 0, ban.id)
  }
  return pending.restores === null ? ban.id : putBack(store, ban.id, pending.restores)
}

interface TimedLine {
  readonly jail: string
  readonly key: Uint8Array
  readonly pending: PendingActionRow | undefined
  readonly at: number
}

/**
 * A new ban has its own timer, or none: those of earlier bans of the pair are over. A ban of fail2ban keeps its length, also
 * where somebody asked for another before its line was read.
 */
function timeNewBan(store: Store, { pending, at, ...pair }: TimedLine): void {
  if (pending) armTimer(store, { ...pair, pending, at })
  else deleteArmedTimers(store, pair)
}

interface NewBanContext {
  readonly before: BanRow | undefined
  readonly pending: PendingActionRow | undefined
}

function openBan(store: Store, line: BanLine, { before, pending }: NewBanContext): readonly Event[] {
  const { key, jailId, event, bantime } = line
  const { jail, address } = event
  const at = inSeconds(event.at)
  const next = store.statements.banAfter.get(key, jailId, at)
  // unless the clock was set back, it came later
  const after = next && !wasLogged(next) ? next : undefined
  const ownEnd = ownEndOf(pending, event.at)
  const duration = durationAsked(pending) ?? bantime ?? 0
  const end = ownEnd ?? endOf(at, duration)
  const ended = before?.active ? [endBan(store, before, { at, reason: 'unknown', by: null })] : []
  if (after) store.statements.raiseTimes.run(key, jailId, at)
  timeNewBan(store, { jail, key, pending, at: event.at })
  const author = pending ? authorOf(pending) : authorOfLine(store, { jail, key, at: event.at })
  const id = addBan(store, {
    address: key,
    jail_id: jailId,
    at,
    logged_at: event.at,
    confirmed: 0,
    duration,
    until: after ? Math.min(end ?? after.at, after.at) : end,
    own_until: ownEnd,
    active: after ? 0 : 1,
    end_reason: after ? 'unknown' : null,
    country: line.country ?? '??',
    times: Math.max(before?.times ?? 0, next && !after ? next.times : 0) + 1,
    attempts: null,
    ...author,
  })
  if (typeof pending?.restores === 'number') putBack(store, id, pending.restores)
  const by = authorOfRow(author)
  return [...ended, { type: 'ban.added', at: event.at, jail, address, country: line.country, until: end, by }]
}
