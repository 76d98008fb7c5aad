import { MAX_DURATION_SECONDS, PERMANENT, type HostEvent } from '@bangui/shared'

/** The end of the year 9999, in epoch milliseconds. */
const MAX_TIME = 253_402_300_799_999

/** More than fail2ban ever counts to. */
const MAX_TIMES = 1_000_000_000

/**
 * Returns an event whose times and numbers can be stored and summed, whatever the log had: an event that cannot be
 * stored would be read again and again, and nothing after it. An invalid time becomes `now`.
 */
export function boundedEvent(event: HostEvent, now: number): HostEvent {
  const at = boundedTime(event.at) ?? now
  if (event.type === 'failure') return { ...event, at, failedAt: boundedTime(event.failedAt) ?? at }
  if (event.type !== 'extend') return { ...event, at }
  const duration = boundedDuration(event.duration) ?? PERMANENT
  const until = event.until === null ? null : boundedTime(event.until)
  return { ...event, at, duration, until, times: wholeNumber(event.times, MAX_TIMES) ?? 0 }
}

/** Seconds, -1 is permanent; null: not known, or none. */
export function boundedDuration(seconds: number | null | undefined): number | null {
  if (typeof seconds !== 'number' || Number.isNaN(seconds)) return null
  return seconds < 0 ? PERMANENT : Math.min(Math.trunc(seconds), MAX_DURATION_SECONDS)
}

const boundedTime = (at: number) => wholeNumber(at, MAX_TIME)

const wholeNumber = (value: number, most: number): number | null =>
  value >= 0 && value <= most ? Math.trunc(value) : null
