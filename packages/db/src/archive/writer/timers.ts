import { addressKey } from '@bangui/shared'
import type { Pair } from '../writer-port.ts'
import { ownEndOf } from './author.ts'
import { inChunks } from './in-chunks.ts'
import type { PendingActionRow } from './rows.ts'
import type { Store } from './store.ts'

/** An address in a jail, by the jail's name. */
interface TimedPair {
  readonly jail: string
  readonly key: Uint8Array
}

/** Sets the timer of a ban that is sent, where BanGUI is to end it: nobody knows yet whether the ban is made. */
export function setPendingTimer(
  { hostId, statements }: Store,
  {
    jail,
    key,
    operation,
    at,
    ...asked
  }: TimedPair & Pick<PendingActionRow, 'operation' | 'at' | 'duration' | 'until'>,
): void {
  const endsAt = ownEndOf(asked, at)
  if (endsAt !== null) statements.setTimer.run(hostId, jail, key, operation, at, endsAt, 'pending')
}

/** Deletes the timers that were set for a pair before a ban that was made at a time, and arms its own, where BanGUI is to end it. */
export function armTimer(
  { hostId, statements }: Store,
  { jail, key, pending, at }: TimedPair & { readonly pending: PendingActionRow; readonly at: number },
): void {
  const { operation } = pending
  statements.deleteOlderTimers.run(hostId, jail, key, operation, pending.at)
  const endsAt = ownEndOf(pending, at)
  if (endsAt !== null) statements.setTimer.run(hostId, jail, key, operation, pending.at, endsAt, 'armed')
}

/** Arms a timer in place of the armed ones of a pair; null: deletes them only. */
export function replaceArmedTimers(
  store: Store,
  pair: TimedPair,
  timer: { readonly operation: string; readonly endsAt: number } | null,
): void {
  const { hostId, statements, clock } = store
  deleteArmedTimers(store, pair)
  if (timer === null) return
  const { operation, endsAt } = timer
  statements.setTimer.run(hostId, pair.jail, pair.key, operation, clock(), endsAt, 'armed')
}

/** Deletes the armed timers of a pair, or those that were set by a time: what is still on its way has timers of its own. */
export const deleteArmedTimers = (
  { hostId, statements }: Store,
  { jail, key }: TimedPair,
  setBy: number = Number.MAX_SAFE_INTEGER,
): void => void statements.deleteArmedTimers.run(hostId, jail, key, setBy)

/** Deletes the timer that an operation set for a pair. */
export const deleteTimerOf = (
  { hostId, statements }: Store,
  { jail, key }: TimedPair,
  operation: string,
): void => void statements.deleteTimerOf.run(hostId, jail, key, operation)

/** Deletes the timers of bans that were ended, as far as they were set by then. */
export const deleteTimers = (store: Store, pairs: readonly Pair[], setUntil: number): Promise<void> =>
  inChunks(store, pairs, {
    each: ({ jail, address }) => deleteArmedTimers(store, { jail, key: addressKey(address) }, setUntil),
  })
