import type { HostEvent } from '@bangui/shared'

/** How long the line of a stop is waited for at most, in milliseconds: it is written before the socket closes. */
const PATIENCE_MS = 300
/** A log can have whole seconds, in milliseconds. */
const WHOLE_SECOND_MS = 1_000

/** Tells a daemon that was stopped from one that crashed: one that is stopped says so in its log first. */
export interface StopNotice {
  /** Takes in what the log told. */
  noticed(events: readonly HostEvent[]): void
  /** Returns whether the daemon began to stop at `since` (epoch milliseconds) or later, as far as its log says so. */
  hasStopped(since: number): Promise<boolean>
}

/** Knows of no stop yet. */
export function createStopNotice(): StopNotice {
  let stoppedAt = Number.NEGATIVE_INFINITY
  const waiting = new Set<() => void>()
  const isKnown = (since: number) => stoppedAt >= since - WHOLE_SECOND_MS

  return {
    noticed(events) {
      for (const event of events) if (event.type === 'shutdown') stoppedAt = Math.max(stoppedAt, event.at)
      for (const look of waiting) look()
    },
    async hasStopped(since) {
      if (isKnown(since)) return true
      const { promise, resolve } = Promise.withResolvers<void>()
      const look = () => {
        if (isKnown(since)) resolve()
      }
      waiting.add(look)
      const timer = setTimeout(resolve, PATIENCE_MS)
      await promise
      clearTimeout(timer)
      waiting.delete(look)
      return isKnown(since)
    },
  }
}
