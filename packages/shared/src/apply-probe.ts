import type { LastActivation, PendingRecovery } from './recovery.ts'
import type { ServerStatus } from './server-status.ts'
import type { Time } from './time.ts'

/** A daemon that ends at most this long after a change counts as crashed by it. */
export const CRASH_WINDOW_MS = 60_000

/** The part of the runtime state that a probe changes. */
export interface HealthState {
  readonly serverStatus: ServerStatus
  readonly pendingRecovery: PendingRecovery | null
  readonly lastActivation: LastActivation | null
}

/**
 * The health transition: returns the state after a probe; the input is not changed.
 * A daemon that goes offline within {@link CRASH_WINDOW_MS} of an activation becomes a pending recovery (a clock that
 * stepped back counts as within); one that comes online resolves the record. Nothing is logged here: the caller
 * reads the difference.
 */
export function applyProbe<TState extends HealthState>(
  state: TState,
  status: ServerStatus,
  now: Time,
): TState {
  return { ...state, serverStatus: status, pendingRecovery: nextRecovery(state, status, now) }
}

function nextRecovery(state: HealthState, status: ServerStatus, now: Time): PendingRecovery | null {
  const { serverStatus: previous, pendingRecovery: pending, lastActivation: activation } = state
  if (previous.online === status.online) return pending
  if (status.online) return pending && !pending.recovered ? { ...pending, recovered: true } : pending
  if (!activation || now - activation.at > CRASH_WINDOW_MS) return pending
  if (pending && !pending.recovered) return pending
  return {
    ...(activation.kind !== undefined && { kind: activation.kind }),
    jailName: activation.jailName,
    ...(activation.title !== undefined && { title: activation.title }),
    activatedAt: activation.at,
    detectedAt: now,
    recovered: false,
    cause: 'crashed',
    missingJails: [],
    changeId: activation.changeId ?? null,
  }
}
