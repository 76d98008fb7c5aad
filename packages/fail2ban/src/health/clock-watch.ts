/** Notices that the clock of the machine was set: it then differs from the time that has passed. */
export interface ClockWatch {
  /** Returns by how many milliseconds the clock has jumped since the last call; null: this is the first one. */
  jump(now: number): number | null
}

/** Creates the watch. `monotonic` is a clock that is never set. */
export function createClockWatch(monotonic: () => number): ClockWatch {
  let before: { readonly wall: number; readonly steady: number } | undefined
  return {
    jump(now) {
      const last = before
      before = { wall: now, steady: monotonic() }
      return last ? Math.round(now - last.wall - (before.steady - last.steady)) : null
    },
  }
}
