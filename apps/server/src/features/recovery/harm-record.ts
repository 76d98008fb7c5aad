import type { PendingRecovery } from '@bangui/shared'
import type { RuntimeState } from '../../state/runtime-state.ts'

/**
 * The state with a record of harm. One that is not resolved yet stands: a second one would hide what came first. But one
 * that knows of no change makes room for one that names it, which can be rolled back.
 */
export function withHarm(state: RuntimeState, record: Omit<PendingRecovery, 'recovered'>): RuntimeState {
  const { pendingRecovery: pending } = state
  const isOpen = pending !== null && !pending.recovered
  if (isOpen && (pending.jailName !== null || record.changeId === null)) return state
  return { ...state, pendingRecovery: { ...record, recovered: false } }
}
