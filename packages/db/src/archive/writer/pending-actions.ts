import { addressKey } from '@bangui/shared'
import type { PendingAction, Pair } from '../archive.ts'
import { inChunks } from './in-chunks.ts'
import type { BanRow, PendingActionRow } from './rows.ts'
import type { Store } from './store.ts'

/** The longest time between an action and the log line that answers it. */
const MAX_AGE_MS = 120_000

/** Stores who is about to ban or unban; a wide network has hundreds of thousands of actions. */
export async function addPendingActions(store: Store, actions: readonly PendingAction[]): Promise<void> {
  const { hostId, statements, transaction } = store
  const newest = actions.reduce((latest, { at }) => Math.max(latest, at), 0)
  transaction(() => void statements.deletePendingBefore.run(hostId, newest - MAX_AGE_MS))
  await inChunks(store, actions, {
    each: ({ jail, address, kind, by, reason, until, at, restores = null }) =>
      void statements.insertPending.run({
        host_id: hostId,
        jail,
        address: addressKey(address),
        kind,
        by_kind: by.kind,
        by_name: by.name,
        reason,
        until,
        at,
        restores,
      }),
  })
}

/** Deletes the pending actions of this moment, which were not done; later ones stay. */
export const removePendingActions = (
  store: Store,
  pairs: readonly Pair[],
  { kind, at }: Pick<PendingAction, 'kind' | 'at'>,
): Promise<void> =>
  inChunks(store, pairs, {
    each: ({ jail, address }) =>
      void store.statements.deletePendingOf.run(store.hostId, jail, addressKey(address), kind, at),
  })

interface LoggedAction {
  readonly kind: PendingAction['kind']
  readonly jail: string
  readonly key: Uint8Array
  readonly at: number
  /** earlier pending actions were about another ban @default any time */
  readonly since?: number
}

/** A log line can have its time in whole seconds. */
const LOG_RESOLUTION_MS = 1_000

/** Returns the pending action that has this outcome. It stays: its log line is still to come. */
export function findPendingAction(
  { hostId, statements }: Store,
  { kind, jail, key, at, since = Number.NEGATIVE_INFINITY }: LoggedAction,
): PendingActionRow | undefined {
  const pending = statements.findPending.get(hostId, jail, key, kind)
  const isAnswered =
    pending && pending.at >= since && pending.at <= at + LOG_RESOLUTION_MS && at - pending.at <= MAX_AGE_MS
  return isAnswered ? pending : undefined
}

/** Returns the pending action that a log line answers, and deletes it. */
export function takePendingAction(store: Store, action: LoggedAction): PendingActionRow | undefined {
  const pending = findPendingAction(store, action)
  if (pending) store.statements.deletePending.run(store.hostId, action.jail, action.key, action.kind)
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
