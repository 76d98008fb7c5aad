import { isDeepStrictEqual } from 'node:util'
import { createMemoryStore } from './memory-store.ts'
import { snapshotOf, type RuntimeState } from './runtime-state.ts'
import type { StateStore } from './state-store.ts'

/** The part of the state that survives a restart of BanGUI. */
export interface DurableState {
  readonly pendingRecovery: RuntimeState['pendingRecovery']
  readonly lastActivation: RuntimeState['lastActivation']
  readonly lastActivationConfirmed: boolean
  readonly online: boolean
}

/** The part of the state that is written through to the database. */
export const durableOf = (state: RuntimeState): DurableState => ({
  pendingRecovery: state.pendingRecovery,
  lastActivation: state.lastActivation,
  lastActivationConfirmed: state.activationConfirmed,
  online: state.serverStatus.checkedAt === null ? state.onlineBefore : state.serverStatus.online,
})

/** How long after a failure the durable part is saved again by itself, in milliseconds. */
const SAVE_RETRY_MS = 10_000

/**
 * The state in memory, its durable part written through with `save`. A change of the durable part that cannot be saved
 * rejects and stays in memory; it is saved with a later update. `nextRevision` numbers the changes of several hosts
 * together @default those of this one are numbered.
 */
export function createStateStore(
  initial: RuntimeState,
  save: (durable: DurableState) => Promise<void>,
  nextRevision?: () => number,
): StateStore {
  let saved = durableOf(initial)
  let failedAt = Number.NEGATIVE_INFINITY

  const persist = async (before: RuntimeState, after: RuntimeState) => {
    const durable = durableOf(after)
    if (isDeepStrictEqual(saved, durable)) return
    const isOwnChange = !isDeepStrictEqual(durableOf(before), durable)
    if (!isOwnChange && performance.now() - failedAt < SAVE_RETRY_MS) return
    try {
      await save(durable)
      saved = durable
    } catch (error) {
      failedAt = performance.now()
      if (isOwnChange) throw error
    }
  }

  return createMemoryStore<RuntimeState>({
    initial,
    differs: (before, after) => !isDeepStrictEqual(visibleOf(before), visibleOf(after)),
    settle: (before, after) => ({ ...after, revision: nextRevision?.() ?? before.revision + 1 }),
    persist,
  })
}

/** Returns what counts as a change: what a user sees, without the time of the last probe; the settings; the daemon instance. */
const visibleOf = (state: RuntimeState) => ({
  ...snapshotOf(state),
  revision: 0,
  serverStatus: { ...state.serverStatus, checkedAt: 0 },
  runtimeSettings: state.runtimeSettings,
  daemonInstance: state.daemonInstance?.id,
})
