import { addressKey } from '@bangui/shared'
import type { ClosedOperation, PendingAction, Pair } from '../archive.ts'
import { inChunks } from './in-chunks.ts'
import { LOG_RESOLUTION_MS, matchLine, type LoggedAt } from './match-line.ts'
import type { BanRow, PendingActionRow } from './rows.ts'
import type { Store } from './store.ts'

/** Stores what is about to be sent; a wide network has hundreds of thousands of actions. */
export const addPendingActions = (store: Store, actions: readonly PendingAction[]): Promise<void> =>
  inChunks(store, actions, {
    each: ({ jail, address, kind, by, reason, operation, at, duration = null, until, restores = null }) =>
      void store.statements.insertPending.run({
        hostId: store.hostId,
        jail,
        address: addressKey(address),
        kind,
        operation,
        at,
        duration,
        until,
        restores,
        by_kind: by.kind,
        by_name: by.name,
        reason,
      }),
  })

/** Deletes pending actions of an operation, which were not done. */
export const removePendingActions = (
  store: Store,
  operation: string,
  { kind, pairs }: { readonly kind: PendingAction['kind']; readonly pairs: readonly Pair[] },
): Promise<void> =>
  inChunks(store, pairs, {
    each: ({ jail, address }) =>
      void store.statements.deletePendingOf.run(store.hostId, jail, addressKey(address), kind, operation),
  })

/** Notes that an operation ended, or, at a start, that all of them have. */
export const closePendingActions = (
  { hostId, statements, transaction, clock }: Store,
  { operation, isAnswered }: ClosedOperation,
): void =>
  transaction(() => {
    const now = clock()
    if (operation === null) statements.closeAllPending.run(now, hostId)
    else statements.closePending.run(now, isAnswered ? now : null, operation)
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
    since: ban.logged_at ?? ban.at - LOG_RESOLUTION_MS,
  })
