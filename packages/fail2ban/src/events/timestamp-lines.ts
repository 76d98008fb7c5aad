import type { DaemonClock, Observation, Span } from '../daemon-time/daemon-clock.ts'
import type { DaemonClocks, LoggedRun } from '../daemon-time/daemon-clocks.ts'
import { observeBans, type FindBanTimes, type HeldLine } from '../daemon-time/observe-bans.ts'
import { parseLocal } from '../daemon-time/zone.ts'
import type { LogFact, LogLine, LogTime } from './parse-log-line.ts'
import type { LogRecord } from './unban-decider.ts'

/** The known state of the daemon's clock, as JSON; a part of the position that a reader resumes from. */
export interface TimestamperState {
  /** of the run that was read last */
  readonly pid: number
  /** of the newest line, epoch milliseconds */
  readonly lastAt: number
  readonly seen: Observation | null
}

/** When the last line of a log was written. */
export interface LastLine {
  readonly time: LogTime
  readonly pid: number
  readonly written: Span
}

/** Adds moments to the records of log lines, in the log's order: lines have the daemon's local time. */
export interface Timestamper {
  /** Returns the record of an entry that has its moment, as those of the journal do. */
  stamp(fact: LogFact, entry: { readonly at: number; readonly pid: number }): LogRecord
  /**
   * Adds lines of a file, and returns the records whose moment is known: lines of a run whose zone is not known yet are
   * held until something shows it.
   */
  add(lines: readonly LogLine[], written: Span): Promise<readonly LogRecord[]>
  /** Returns the records that are held, at the end of the log. `findLast` is called where nothing else shows the zone. */
  finish(findLast: () => Promise<LastLine | undefined>): Promise<readonly LogRecord[]>
  isHolding(): boolean
  state(): TimestamperState | null
  /** Returns for how many lines the zone was not known. */
  doubtfulCount(): number
}

export interface TimestamperOptions {
  readonly clocks: DaemonClocks
  /** milliseconds since the epoch */
  readonly clock: () => number
  readonly state?: TimestamperState | null | undefined
  /** @default none is known */
  readonly findBanTimes?: FindBanTimes | undefined
}

/** How far a line may lie before the one ahead of it without being of another hour: threads log out of order. */
const DISORDER_MS = 2_000
/** How long after a failure fail2ban mostly finds it. */
const FOUND_WITHIN_MS = 10_000
/** Lines that are held at most. */
const MAX_HELD_LINES = 20_000

/** Creates a timestamper, or one that goes on from a state. */
export function createTimestamper({
  clocks,
  clock: now,
  state,
  findBanTimes,
}: TimestamperOptions): Timestamper {
  let run = state ? resumeRun(clocks, state) : undefined
  let lastAt = state?.lastAt ?? Number.NEGATIVE_INFINITY
  let held: HeldLine[] = []
  let sought = 0
  let doubtful = 0
  // false: another log was put in the place of this one, since its lines were not written just now
  let isFresh = true

  const runOf = (pid: number, fact: LogFact): LoggedRun => {
    const starts = fact.type === 'daemon' && fact.online
    if (!run || run.pid !== pid || starts) run = { pid, clock: clocks.createForRun(pid, run?.clock) }
    return run
  }

  const hold = (line: LogLine, span: Span) => {
    const { clock } = runOf(line.pid, line.fact)
    const local = line.time === null ? undefined : parseLocal(line.time.text)
    const spanNow = () => (isFresh ? span : { from: Number.NEGATIVE_INFINITY, to: span.to })
    if (local !== undefined && !clock.observe(local, spanNow()) && Number.isFinite(span.from)) isFresh = false
    held.push({ line, local, clock, written: spanNow() })
  }

  const seek = async () => {
    if (findBanTimes) await observeBans(held.slice(sought), findBanTimes)
    sought = held.length
  }

  const release = (): LogRecord[] => {
    const records = held.map(stampHeld)
    held = []
    sought = 0
    return records
  }

  const stampHeld = ({ line: { time, pid, fact }, local, clock, written }: HeldLine): LogRecord => {
    let at = now()
    if (local !== undefined && time) {
      at = clock.toEpoch(local, { written, notBefore: lastAt - DISORDER_MS }) + time.milliseconds
      lastAt = at
      if (clock.isDoubtful(local, written)) doubtful++
    }
    return recordOf(fact, { at, pid, clock })
  }

  return {
    stamp(fact, { at, pid }) {
      lastAt = at
      const { clock } = runOf(pid, fact)
      const failedAt = fact.type === 'failure' ? parseLocal(fact.failedAt.text) : undefined
      // not where the process shows its zone: the log that the jail reads can be in another one
      if (failedAt !== undefined && !clock.isOwn())
        clock.observe(failedAt, { from: at - FOUND_WITHIN_MS, to: at + DISORDER_MS })
      // the journal has the number of the machine, fail2ban's own files that of its container
      return recordOf(fact, { at, pid: 0, clock })
    },
    async add(lines, written) {
      for (const line of lines) hold(line, written)
      const isJustWritten = isFresh && Number.isFinite(written.from)
      if (!isJustWritten) await seek()
      if (!isJustWritten && run?.clock.isObserved() === false && held.length < MAX_HELD_LINES) return []
      return release()
    },
    async finish(findLast) {
      isFresh = true
      if (run && held.length > 0 && !run.clock.isKnown()) observeLast(run, await findLast())
      if (run) clocks.setNewest(run)
      return release()
    },
    isHolding: () => held.length > 0,
    state: () =>
      run && Number.isFinite(lastAt)
        ? { pid: run.pid, lastAt, seen: run.clock.lastObservation() ?? null }
        : null,
    doubtfulCount: () => doubtful,
  }
}

function resumeRun(clocks: DaemonClocks, { pid, seen }: TimestamperState): LoggedRun {
  const clock = clocks.createForRun(pid)
  if (seen) clock.observe(seen.at + seen.offset, { from: seen.at, to: seen.at })
  return { pid, clock }
}

function observeLast({ pid, clock }: LoggedRun, last: LastLine | undefined): void {
  const local = last?.pid === pid ? parseLocal(last.time.text) : undefined
  if (last && local !== undefined) clock.observe(local, last.written)
}

interface Moment {
  readonly at: number
  readonly pid: number
  readonly clock: DaemonClock
}

function recordOf(fact: LogFact, { at, pid, clock }: Moment): LogRecord {
  switch (fact.type) {
    case 'daemon':
      return { ...fact, at, pid: pid > 0 ? pid : null }
    case 'failure':
      return { ...fact, at, failedAt: momentNear(clock, fact.failedAt, at) ?? at }
    case 'extend': {
      const { endsAt, ...extension } = fact
      return {
        ...extension,
        at,
        until: endsAt && (momentNear(clock, endsAt, at + fact.duration * 1000) ?? null),
      }
    }
    default:
      return { ...fact, at }
  }
}

/** Returns the moment of a local time: in an hour that a clock change repeats, the one nearer to `at`. */
function momentNear(clock: DaemonClock, time: LogTime, at: number): number | undefined {
  const local = parseLocal(time.text)
  const distance = (moment: number) => Math.abs(moment - at)
  const moments = local === undefined ? [] : clock.momentsOf(local)
  return moments.toSorted((one, other) => distance(one) - distance(other))[0]
}
