import type { Span } from '../daemon-time/daemon-clock.ts'

/** How long a line may take to the file, from the moment that it has: a machine can be busy. */
const WRITE_DELAY_MS = 10_000
/** Between two readings of a clock, and where it has whole seconds only. */
const ROUNDING_MS = 2_000

/** Knows when the lines that are read were written: after the end of the log was last reached. */
export interface LineWrittenAt {
  /** To be called before a reading. Returns a function to call if that reading reached the end. */
  begin(): () => void
  /** Returns when the lines that were just read were written. */
  span(): Span
}

/** Creates {@link LineWrittenAt}; the end was not reached yet. */
export function createLineWrittenAt(clock: () => number): LineWrittenAt {
  const look = () => ({ wall: clock(), elapsed: performance.now() })
  let end: ReturnType<typeof look> | undefined
  return {
    begin() {
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
