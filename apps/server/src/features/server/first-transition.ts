import { applyProbe, CRASH_WINDOW_MS, type ServerStatus } from '@bangui/shared'
import type { RuntimeState } from '../../state/runtime-state.ts'

/**
 * Returns the state after the first probe since BanGUI's own start, which is compared with the stored state. An activation whose
 * minute had not passed without a crash counts as inside its window, however long BanGUI did not run.
 */
export function firstTransition(state: RuntimeState, status: ServerStatus, now: number): RuntimeState {
  const before = { ...state, serverStatus: { ...state.serverStatus, online: state.onlineBefore } }
  const { lastActivation, activationConfirmed, pendingRecovery } = state
  if (!lastActivation) return applyProbe(before, status, now)
  const edge = lastActivation.at + CRASH_WINDOW_MS
  // outside of the window for good, or as late as it may be to be inside
  const counted = applyProbe(
    before,
    status,
    activationConfirmed ? Math.max(now, edge + 1) : Math.min(now, edge),
  )
  if (counted.pendingRecovery === pendingRecovery || status.online || !counted.pendingRecovery) return counted
  return { ...counted, pendingRecovery: { ...counted.pendingRecovery, detectedAt: now } }
}

/** Notes that the daemon was seen online after the crash window of the last activation. */
export function confirmActivation(state: RuntimeState, now: number): RuntimeState {
  const { lastActivation, activationConfirmed } = state
  if (!lastActivation || activationConfirmed || now - lastActivation.at <= CRASH_WINDOW_MS) return state
  return { ...state, activationConfirmed: true }
}
