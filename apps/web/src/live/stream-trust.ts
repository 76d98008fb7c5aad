import { connectionTimes } from './connection-times.ts'

/**
 * Decides whether the stream gets through, by the messages that arrive and the answers of queries meanwhile. A proxy
 * may hold the stream back until it ends, or collect some kilobytes before it forwards them, so that messages arrive
 * late.
 */
export function createStreamTrust(now: () => number = () => performance.now()) {
  /** since when a stream is asked for, nothing is heard of it, and no query failed; undefined: something was heard */
  let askedSince: number | undefined
  /** when the stream that is open was first heard */
  let firstHeardAt: number | undefined
  let silences = 0
  let held = false
  return {
    /** Whether something holds the stream back. */
    get isHeld() {
      return held
    },
    opened() {
      askedSince ??= now()
      firstHeardAt = undefined
    },
    /** Takes in a sign of life of the stream. Returns true where a stream that was held back flows again. */
    heard(): boolean {
      askedSince = undefined
      firstHeardAt ??= now()
      if (now() - firstHeardAt < connectionTimes.flowsAfter) return false
      silences = 0
      const wasHeld = held
      held = false
      return wasHeld
    },
    /** Takes in that the stream began and fell silent. One silence may be a computer that slept. */
    fellSilent() {
      silences += 1
      if (silences > 1) held = true
    },
    /** Takes in that a query was answered. Returns false where no stream was asked for since the server answers. */
    answered(queriedAt: number): boolean {
      if (askedSince === undefined) return firstHeardAt !== undefined
      if (queriedAt - askedSince >= connectionTimes.heldAfter) held = true
      return true
    },
    /** Takes in that a query failed: the server may be away, and a silent stream says nothing about what is between. */
    unanswered() {
      askedSince = undefined
    },
  }
}
