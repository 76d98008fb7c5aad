import { isAnsweredAt } from './match-line.ts'
import { authorOf, durationAsked, ownEndOf, setAuthor } from './author.ts'
import { isOver } from './ban-identity.ts'
import { inChunks } from './in-chunks.ts'
import type { ClosedAction } from './pending-statements.ts'
import { putBack } from './put-back.ts'
import type { BanRow } from './rows.ts'
import type { Store } from './store.ts'
import { armTimer, deleteTimerOf } from './timers.ts'

/**
 * Decides the actions of operations that have ended, which no line answered: a ban in force that began since they were sent,
 * and that is nobody else's, is theirs; the others were not done. Nobody has written lines for them where the log is off.
 */
export const settlePendingActions = (store: Store, closedBefore: number): Promise<void> =>
  inChunks(store, store.statements.closedPending.all(store.hostId, closedBefore), {
    each: (action) => settle(store, action),
  })

function settle(store: Store, action: ClosedAction): void {
  const { statements } = store
  // a line may have answered it between two transactions
  if (statements.deletePending.run(action.id).changes === 0 || action.kind === 'unban') return
  const ban = statements.activeOfPair.get(store.jailIdOf(action.jail), action.address)
  const pair = { jail: action.jail, key: action.address }
  if (!ban || !isTheirs(ban, action)) {
    deleteTimerOf(store, pair, action.operation)
    return
  }
  armTimer(store, { ...pair, pending: action, at: ban.logged_at ?? ban.at })
  attribute(store, ban, action)
}

/** A record of fail2ban may have named them already, and their end is not set yet. */
function isTheirs(ban: BanRow, action: ClosedAction): boolean {
  if (ban.operation_id !== null) return ban.operation_id === action.operation
  const isUnattributed = ban.by_kind === 'unknown' || (ban.by_kind === 'fail2ban' && !ban.attempts)
  const began = ban.logged_at ?? ban.at
  return isUnattributed && isAnsweredAt(action, began)
}

function attribute(store: Store, ban: BanRow, action: ClosedAction): void {
  const { statements } = store
  setAuthor(store, ban, authorOf(action))
  const ownEnd = ownEndOf(action, ban.logged_at ?? ban.at)
  if (ownEnd !== null) {
    statements.setOwnEnd.run(ownEnd, ban.id)
    if (!isOver(ban.until, ownEnd))
      statements.extendBan.run(durationAsked(action) ?? ban.duration, ownEnd, 0, ban.id)
  }
  if (action.restores !== null) putBack(store, ban.id, action.restores)
}
