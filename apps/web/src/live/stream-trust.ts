import { connectionTimes } from './connection-times.ts'

/**
 * Decides whether the stream gets through, from its messages and the replies to queries. A proxy may hold the stream back
 * until it ends, or buffer some kilobytes before it forwards them, so that messages arrive
 * late.
 */
export function createStreamTrust(now: () => number = () => performance.now()) {
  /** since when a stream is open, has sent nothing, and no query failed; undefined: it has sent something */
  let requestedSince: number | undefined
  /** when the open stream sent its first message */
  let firstHeardAt: number | undefined
  let silences = 0
  let held = false
  return {
    /** Returns whether something holds the stream back. */
    get isHeld() {
      return held
    },
    opened() {
      requestedSince ??= now()
      firstHeardAt = undefined
    },
    /** To be called on a message of the stream. Returns true if a stream that was held back works again. */
    heard(): boolean {
      requestedSince = undefined
      firstHeardAt ??= now()
      if (now() - firstHeardAt < connectionTimes.flowsAfter) return false
      silences = 0
      const wasHeld = held
      held = false
      return wasHeld
    },
    /** To be called when a working stream falls silent. One silence may be a computer that slept. */
    fellSilent() {
      silences += 1
      if (silences > 1) held = true
    },
    /** To be called when a query got a reply. Returns false if no stream was open since the server replies. */
    answered(queriedAt: number): boolean {
      if (requestedSince === undefined) return firstHeardAt !== undefined
      if (queriedAt - requestedSince >= connectionTimes.heldAfter) held = true
      return true
    },
    /** To be called when a query failed: if the server is down, a silent stream says nothing about proxies. */
    unanswered() {
      requestedSince = undefined
    },
  }
}
