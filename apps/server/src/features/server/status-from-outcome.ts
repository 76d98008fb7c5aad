import type { ProbeOutcome } from '@bangui/fail2ban'
import { unknownStatus, type Activity, type ServerStatus } from '@bangui/shared'

/** How long a daemon on an open connection may be silent before it counts as offline, in milliseconds. */
export const SILENCE_LIMIT_MS = 60_000

export interface ProbeContext {
  readonly previous: ServerStatus
  /** what BanGUI itself asked for and is under way */
  readonly activity: Activity | null
  /** since when the daemon has been silent; null: it answered the last time */
  readonly silentSince: number | null
  readonly now: number
}

/**
 * Returns the status after a probe. Busy is not offline: silence is ignored while BanGUI's own work is under way, and is
 * `responding: false` for up to a minute otherwise. A connection that cannot be made is offline at once.
 */
export function statusFromOutcome(
  outcome: ProbeOutcome,
  context: ProbeContext,
): { status: ServerStatus; silentSince: number | null } {
  const { previous, activity, silentSince, now } = context
  if (outcome.ok) return { status: answered(outcome, activity, now), silentSince: null }
  if (outcome.reason !== 'timeout') return { status: offline(outcome, activity, now), silentSince: null }
  if (activity) return { status: { ...previous, activity, checkedAt: now }, silentSince: null }
  // a clock that stepped back starts the minute anew
  const since = silentSince === null || silentSince > now ? now : silentSince
  if (now - since >= SILENCE_LIMIT_MS) return { status: offline(outcome, activity, now), silentSince: since }
  const silent = {
    online: true,
    responding: false,
    activity,
    reason: outcome.reason,
    message: outcome.message,
  }
  return { status: { ...previous, ...silent, checkedAt: now }, silentSince: since }
}

const answered = (
  outcome: Extract<ProbeOutcome, { ok: true }>,
  activity: Activity | null,
  now: number,
): ServerStatus => ({
  online: true,
  responding: true,
  activity,
  version: outcome.version,
  activeJails: outcome.jails.length,
  currentlyBanned: outcome.currentlyBanned,
  totalBanned: outcome.totalBanned,
  currentlyFailed: outcome.currentlyFailed,
  totalFailed: outcome.totalFailed,
  reason: null,
  message: null,
  checkedAt: now,
})

const offline = (
  outcome: Extract<ProbeOutcome, { ok: false }>,
  activity: Activity | null,
  now: number,
): ServerStatus => ({
  ...unknownStatus,
  activity,
  reason: outcome.reason,
  message: outcome.message,
  checkedAt: now,
})
