import type { EventSourceStatus } from '@bangui/shared'

/** Milliseconds between two polls while a page is open, or while the log does not show every ban. */
const POLL_MS = 3_000
/** Milliseconds between two polls otherwise: a new bantime is not in the log, and has to be known within ten seconds. */
const UNWATCHED_POLL_MS = 6_000

/** Returns the milliseconds between two polls of fail2ban's counts and ban times, which its log may lack. */
export function pollIntervalMs(
  isWatched: boolean,
  log: Pick<EventSourceStatus, 'state' | 'message'>,
): number {
  const isLogComplete = log.state === 'following' && log.message === null
  return isWatched || !isLogComplete ? POLL_MS : UNWATCHED_POLL_MS
}
