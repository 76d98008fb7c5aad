import { isDeepStrictEqual } from 'node:util'
import { createMemoryStore } from './memory-store.ts'
import { snapshotOf, type RuntimeState } from './runtime-state.ts'
import type { StateStore } from './state-store.ts'

/** What of the state survives a restart of BanGUI. */
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

/** The state in memory, its durable part written through with `save`. */
export function createStateStore(
  initial: RuntimeState,
  save: (durable: DurableState) => Promise<void>,
): StateStore {
  return createMemoryStore<RuntimeState>({
    initial,
    differs: (before, after) => !isDeepStrictEqual(visibleOf(before), visibleOf(after)),
    settle: (before, after) => ({ ...after, revision: before.revision + 1 }),
    persist: async (before, after) => {
      const durable = durableOf(after)
      if (!isDeepStrictEqual(durableOf(before), durable)) await save(durable)
    },
  })
}

/** What a user sees, less the time of the last look, which alone is no change; effective settings count too. */
const visibleOf = (state: RuntimeState) => ({
  ...snapshotOf(state),
  revision: 0,
  serverStatus: { ...state.serverStatus, checkedAt: 0 },
  runtimeSettings: state.runtimeSettings,
})
