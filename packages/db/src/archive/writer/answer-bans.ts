import { addressKey, PERMANENT, type Event, type StoredEvent } from '@bangui/shared'
import type { AnsweredBans } from '../writer-port.ts'
import { authorOfLine, ownEndOf, setAuthor } from './author.ts'
import { createEventSink, storeInChunks, type PassOn } from './in-chunks.ts'
import { canBegin, isSentAfter } from './match-line.ts'
import type { BanRow, PendingActionRow } from './rows.ts'
import type { Store } from './store.ts'
import { armTimer, deleteTimerOf, setPendingTimer } from './timers.ts'

/**
 * Takes in that addresses were banned before an operation banned them: fail2ban logs nothing for those. Their bans keep author
 * and beginning. A ban of BanGUI ends as was asked for last; one of fail2ban keeps its length. Returns the events.
 */
export async function answerBans(
  store: Store,
  answer: AnsweredBans,
  passOn?: PassOn,
): Promise<StoredEvent[]> {
  const sink = createEventSink(passOn)
  await storeInChunks(store, answer.already, { sink, each: (address) => answerBan(store, answer, address) })
  return sink.stored
}

function answerBan(store: Store, answer: AnsweredBans, address: string): Event | undefined {
  const { hostId, statements } = store
  const { operation, jail } = answer
  const key = addressKey(address)
  const all = statements.pendingOfPair.all(hostId, jail, key, 'ban')
  const pending = all.find((row) => row.operation === operation)
  const ban = statements.activeOfPair.get(store.jailIdOf(jail), key)
  // the line of somebody else's ban came after the request, and was taken for its own
  if (!pending && ban?.operation_id === operation) {
    deleteTimerOf(store, { jail, key }, operation)
    setAuthor(store, ban, authorOfLine(store, { jail, key, at: ban.logged_at ?? ban.at }))
    statements.setOwnEnd.run(null, ban.id)
  }
  if (!pending) return undefined
  statements.deletePending.run(pending.id)
  // an undo of an unban restores nothing where somebody has banned again meanwhile
  if (pending.restores !== null) {
    // the same undo may have restored another ban of the address here: the timer of that one stays
    statements.deletePendingTimer.run(hostId, jail, key, operation)
    return undefined
  }
  const begun = ban?.logged_at ?? ban?.at ?? 0
  const unread = all.findLast((row) => row.id !== pending.id && isSentAfter(row, begun))
  if (unread) return passEndOn(store, { jail, key }, { pending, unread })
  // BanGUI ends a ban of fail2ban only where BanGUI restored it
  const isOfOthers = ban && (ban.by_kind === 'fail2ban' || ban.by_kind === 'unknown')
  if (isOfOthers && (ban.began_at === null || ownEndOf(pending, pending.at) !== null)) {
    deleteTimerOf(store, { jail, key }, operation)
    return undefined
  }
  if (ban) statements.setEndOperation.run(operation, ban.id)
  const hadTimer = statements.hasTimer.get(hostId, jail, key) !== undefined
  armTimer(store, { jail, key, pending, at: pending.at })
  return ban && hadTimer ? changeEnd(store, ban, { ...answer, address, pending }) : undefined
}

interface UnreadBan {
  readonly pending: PendingActionRow
  /** the action that made the ban in force, whose line was not read yet */
  readonly unread: PendingActionRow
}

/** Has the ban whose line was not read yet end as was asked for last. */
function passEndOn(
  store: Store,
  pair: { readonly jail: string; readonly key: Uint8Array },
  { pending, unread }: UnreadBan,
): undefined {
  const until = ownEndOf(pending, pending.at)
  deleteTimerOf(store, pair, pending.operation)
  deleteTimerOf(store, pair, unread.operation)
  store.statements.setPendingEnd.run(until, unread.id)
  setPendingTimer(store, { ...pair, ...unread, duration: null, until })
}

interface ChangedEnd extends AnsweredBans {
  readonly address: string
  readonly pending: PendingActionRow
}

function changeEnd(
  { statements, clock }: Store,
  ban: BanRow,
  { jail, address, bantime, pending }: ChangedEnd,
): Event | undefined {
  const since = ban.began_at ?? ban.at
  const ownEnd = ownEndOf(pending, pending.at)
  const usual = bantime === PERMANENT ? null : ban.at + bantime * 1000
  const until = ownEnd ?? usual
  // a ban that has just begun is the requested one, whichever way fail2ban rounded its beginning
  const from = ownEnd !== null && canBegin(pending, since) ? pending.at : since
  const duration = until === null ? PERMANENT : Math.max(1, Math.round((until - from) / 1000))
  statements.setOwnEnd.run(ownEnd, ban.id)
  if (ban.until === until && ban.duration === duration) return undefined
  statements.extendBan.run(duration, until, ban.times, ban.id)
  const country = ban.country === '??' ? null : ban.country
  return { type: 'ban.extended', at: clock(), jail, address, country, until, times: ban.times }
}
