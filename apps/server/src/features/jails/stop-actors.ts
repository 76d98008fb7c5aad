/** The users who had BanGUI stop a jail or the daemon: fail2ban's log has the time of a stop, but not its author. */
export interface StopActors {
  /** Does what may stop a jail, or (null) every one, and remembers for whom. */
  during<TResult>(
    stop: { readonly jail: string | null; readonly by: string },
    work: () => Promise<TResult>,
  ): Promise<TResult>
  /** Returns who stopped a jail that stopped at a time (epoch milliseconds); null: not known. */
  actorOf(jail: string, at: number): string | null
}

interface Stop {
  readonly jail: string | null
  readonly by: string
  readonly from: number
  to: number
}

/** How many are remembered. */
const MAX_STOPS = 100
/** How far the time of a line may lie outside of the call that caused it, in milliseconds: a log can have whole seconds. */
const TOLERANCE_MS = 1_000

/** Creates {@link StopActors}, in memory. */
export function createStopActors(clock: () => number): StopActors {
  let stops: Stop[] = []
  return {
    async during({ jail, by }, work) {
      const stop: Stop = { jail, by, from: clock(), to: Number.POSITIVE_INFINITY }
      stops = [...stops.slice(1 - MAX_STOPS), stop]
      try {
        return await work()
      } finally {
        stop.to = clock()
      }
    },
    actorOf(jail, at) {
      const isOf = (stop: Stop) =>
        (stop.jail === null || stop.jail === jail) &&
        at >= stop.from - TOLERANCE_MS &&
        at <= stop.to + TOLERANCE_MS
      return stops.findLast(isOf)?.by ?? null
    },
  }
}
