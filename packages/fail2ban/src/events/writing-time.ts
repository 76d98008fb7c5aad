import type { Span } from '../daemon-time/daemon-clock.ts'

/** How long a line may take from the moment that it has to the file: a machine can be busy. */
const WRITE_DELAY_MS = 10_000
/** Between two readings of a clock, and where it has whole seconds only. */
const ROUNDING_MS = 2_000

/** When what is read of a log was written: after the end of the log was last met. */
export interface WritingTime {
  /** Called before a reading; what it gives is called when that reading met the end. */
  mark(): () => void
  /** When what was just read was written. */
  span(): Span
}

/** Creates it; the end was not met yet. */
export function createWritingTime(clock: () => number): WritingTime {
  const look = () => ({ wall: clock(), elapsed: performance.now() })
  let end: ReturnType<typeof look> | undefined
  return {
    mark() {
      const before = look()
      return () => {
        end = before
      }
    },
    span() {
      const now = look()
      if (!end) return { from: Number.NEGATIVE_INFINITY, to: now.wall + ROUNDING_MS }
      // a clock that was set meanwhile may have been read before that or after it
      const elapsed = now.elapsed - end.elapsed
      return {
        from: Math.min(end.wall, now.wall - elapsed) - WRITE_DELAY_MS,
        to: Math.max(now.wall, end.wall + elapsed) + ROUNDING_MS,
      }
    },
  }
}
