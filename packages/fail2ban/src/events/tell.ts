import type { LogFact, LogTime } from './parse-log-line.ts'
import type { Told } from './settle-unbans.ts'
import type { ZoneClock } from './zone-clock.ts'

/** Turns what lines tell into events with moments, in the log's order. */
export interface Teller {
  /** `at` is the moment of the line where the log says it otherwise than in `time`. */
  tell(fact: LogFact, line: { readonly time: LogTime | null } | { readonly at: number }): Told
}

/** How far a line may lie before the one ahead of it without being of another hour: the clock was set, or threads raced. */
const DISORDER = 60_000

/** Creates a teller for a daemon in a zone; `clock` gives the moment of a line without any time. */
export function createTeller(zone: ZoneClock, clock: () => number): Teller {
  let last = Number.NEGATIVE_INFINITY
  const momentOf = (time: LogTime, notBefore: number) => {
    const at = zone.toEpoch(time.text, notBefore)
    return at === undefined ? undefined : at + time.milliseconds
  }
  return {
    tell(fact, line) {
      const at = 'at' in line ? line.at : ((line.time && momentOf(line.time, last - DISORDER)) ?? clock())
      last = at
      if (fact.type !== 'failure') return { ...fact, at }
      // of an hour that is there twice the one that is nearer before the line
      return { ...fact, at, failedAt: failureMoment(zone, fact.failedAt, at) }
    },
  }
}

function failureMoment(zone: ZoneClock, time: LogTime, at: number): number {
  const early = zone.toEpoch(time.text)
  if (early === undefined) return at
  const late = zone.toEpoch(time.text, early + 1) ?? early
  return late <= at ? late : early
}
