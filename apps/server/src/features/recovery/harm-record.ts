import type { PendingRecovery } from '@bangui/shared'
import type { RuntimeState } from '../../state/runtime-state.ts'

/** The state with a record of harm. One that is not resolved yet stands: a second one would hide what came first. */
export const withHarm = (state: RuntimeState, record: Omit<PendingRecovery, 'recovered'>): RuntimeState =>
  state.pendingRecovery && !state.pendingRecovery.recovered
    ? state
    : { ...state, pendingRecovery: { ...record, recovered: false } }
