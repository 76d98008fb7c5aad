import { addressKey, MINUTE_MS } from '@bangui/shared'
import type { ClosedOperation, PendingAction, Pair } from '../writer-port.ts'
import { columnsOf } from '../author-code.ts'
import { inChunks } from './in-chunks.ts'
import { matchLine, sentSince, type LoggedAt } from './match-line.ts'
import type { BanRow, PendingActionRow } from './rows.ts'
import type { Store } from './store.ts'
import { deleteTimerOf, setPendingTimer } from './timers.ts'

/** A batch of bans has so many at most, and is stored in one transaction, with its timers. */
const MAX_BATCH = 50

/** Stores what is about to be sent; a wide network has hundreds of thousands of actions. */
export async function addPendingActions(store: Store, actions: readonly PendingAction[]): Promise<void> {
  const each = (action: PendingAction) => addPendingAction(store, action)
  if (actions.length > MAX_BATCH) await inChunks(store, actions, { each })
  else store.transaction(() => actions.forEach(each))
}

function addPendingAction(store: Store, action: PendingAction): void {
  const { jail, address, kind, by, reason, operation, at, duration = null, until, restores = null } = action
  const key = addressKey(address)
  store.statements.insertPending.run({
    hostId: store.hostId,
    jail,
    address: key,
    kind,
    operation,
    at,
    duration,
    until,
    restores,
    ...columnsOf(by),
    reason,
  })
  if (kind === 'ban') setPendingTimer(store, { jail, key, operation, at, duration, until })
}

/** Deletes pending actions of an operation, which were not done, with their timers. */
export const removePendingActions = (
  store: Store,
  operation: string,
  { kind, pairs }: { readonly kind: PendingAction['kind']; readonly pairs: readonly Pair[] },
): Promise<void> =>
  inChunks(store, pairs, {
    each: ({ jail, address }) => {
      const key = addressKey(address)
      const { changes } = store.statements.deletePendingOf.run(store.hostId, jail, key, kind, operation)
      if (changes > 0 && kind === 'ban') deleteTimerOf(store, { jail, key }, operation)
    },
  })

/**
 * How long before a batch is sent its actions are stored, where nobody knows when its process ended: it can wait until the daemon
 * has restored its bans, or has loaded its jails.
 */
const MAX_SENDING_MS = MINUTE_MS

/**
 * Notes that an operation ended, or, at a start, that all of them have: those can be decided as soon as the log was read and the
 * bans were compared.
 */
export const closePendingActions = (
  { hostId, statements, transaction, clock }: Store,
  { operation, isAnswered, endedBy }: ClosedOperation,
): void =>
  transaction(() => {
    const now = clock()
    if (operation !== null) statements.closePending.run(now, isAnswered ? now : null, operation)
    else if (endedBy === undefined) statements.closeAllPending.run(now, MAX_SENDING_MS, hostId)
    else statements.closeAllPending.run(Math.min(now, endedBy), Number.MAX_SAFE_INTEGER, hostId)
  })

interface LoggedAction extends LoggedAt {
  readonly kind: PendingAction['kind']
  readonly jail: string
  readonly key: Uint8Array
}

/** Returns the pending action that has this outcome. It stays: its log line is still to come. */
export const findPendingAction = (
  { hostId, statements }: Store,
  { kind, jail, key, ...line }: LoggedAction,
): PendingActionRow | undefined => matchLine(statements.pendingOfPair.all(hostId, jail, key, kind), line)

/** Returns the pending action that a log line answers, and deletes it. */
export function takePendingAction(store: Store, action: LoggedAction): PendingActionRow | undefined {
  const pending = findPendingAction(store, action)
  if (pending) store.statements.deletePending.run(pending.id)
  return pending
}

/** Returns the pending unban of a ban, asked for since it began, and deletes it. */
export const takePendingUnban = (
  store: Store,
  { jail, key, at, ban }: Omit<LoggedAction, 'kind' | 'since'> & { readonly ban: BanRow },
): PendingActionRow | undefined =>
  takePendingAction(store, {
    kind: 'unban',
    jail,
    key,
    at,
    since: sentSince({ at: ban.at, loggedAt: ban.logged_at }),
  })
