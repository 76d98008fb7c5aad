import { notifier } from '@bangui/async'
import type { HostEvent } from '@bangui/shared'

/** How long the log line of a stop is waited for: it is written before the socket closes. */
const STOP_LINE_TIMEOUT_MS = 300
/** A log can have whole seconds, in milliseconds. */
const WHOLE_SECOND_MS = 1_000

/** Distinguishes a stop of the daemon from a crash: a daemon that stops logs it first. */
export interface StopNotice {
  /** Takes in the events of the log. */
  noticed(events: readonly HostEvent[]): void
  /** Returns whether the log says that the daemon began to stop at `since` (epoch milliseconds) or later. */
  hasStopped(since: number): Promise<boolean>
}

/** Creates a {@link StopNotice} that knows of no stop. */
export function createStopNotice(): StopNotice {
  let stoppedAt = Number.NEGATIVE_INFINITY
  const changed = notifier()
  const isKnown = (since: number) => stoppedAt >= since - WHOLE_SECOND_MS

  return {
    noticed(events) {
      for (const event of events) if (event.type === 'shutdown') stoppedAt = Math.max(stoppedAt, event.at)
      changed.notify()
    },
    async hasStopped(since) {
      const end = performance.now() + STOP_LINE_TIMEOUT_MS
      while (!isKnown(since) && performance.now() < end)
        await changed.wait({ milliseconds: end - performance.now() })
      return isKnown(since)
    },
  }
}
