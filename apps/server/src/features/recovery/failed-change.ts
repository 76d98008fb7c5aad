import type { PendingRecovery } from '@bangui/shared'
import type { RuntimeState } from '../../state/runtime-state.ts'

/**
 * Returns the state with a record of a failed change. A record that is not resolved yet stays: a second one would hide
 * what came first. But a record without a change is replaced by one that names a change, which can be rolled back.
 */
export function withFailedChange(
  state: RuntimeState,
  record: Omit<PendingRecovery, 'recovered'>,
): RuntimeState {
  const { pendingRecovery: pending } = state
  const isOpen = pending !== null && !pending.recovered
  const namesChange = pending !== null && (pending.jailName !== null || pending.changeId !== null)
  if (isOpen && (namesChange || record.changeId === null)) return state
  return { ...state, pendingRecovery: { ...record, recovered: false } }
}
