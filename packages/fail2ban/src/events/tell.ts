import type { DaemonZones } from './daemon-zone.ts'
import type { LogFact, LogTime } from './parse-log-line.ts'
import type { Told } from './settle-unbans.ts'
import type { ZoneClock } from './zone-clock.ts'

/** Where the moment of a line comes from: its own local time, and the process that wrote it; or what read it knows. */
export type LineMoment = { readonly time: LogTime | null; readonly pid: number } | { readonly at: number }

/** Turns what lines tell into events with moments, in the log's order. */
export interface Teller {
  tell(fact: LogFact, line: LineMoment): Told
}

/** How far a line may lie before the one ahead of it without being of another hour: threads log out of order. */
const DISORDER = 2_000

/** Creates a teller; `clock` gives the moment of a line without any time. */
export function createTeller(zones: DaemonZones, clock: () => number): Teller {
  let last = Number.NEGATIVE_INFINITY
  const momentOf = (line: LineMoment) => {
    if ('at' in line) return line.at
    if (line.time === null) return clock()
    const at = zones(line.pid).toEpoch(line.time.text, last - DISORDER)
    return at === undefined ? clock() : at + line.time.milliseconds
  }
  return {
    tell(fact, line) {
      const at = momentOf(line)
      last = at
      const pid = 'pid' in line ? line.pid : 0
      if (fact.type === 'daemon') return { ...fact, at, pid: pid > 0 ? pid : null }
      if (fact.type === 'extend') {
        const { endsAt, ...extension } = fact
        return { ...extension, at, until: endsAt && (zones(pid).toEpoch(endsAt.text, at) ?? null) }
      }
      if (fact.type !== 'failure') return { ...fact, at }
      return { ...fact, at, failedAt: failureMoment(zones(pid), fact.failedAt, at) }
    },
  }
}

/** Of an hour that is there twice, the one that is nearer before the line. */
function failureMoment(zone: ZoneClock, time: LogTime, at: number): number {
  const early = zone.toEpoch(time.text)
  if (early === undefined) return at
  const late = zone.toEpoch(time.text, early + 1) ?? early
  return late <= at ? late : early
}
