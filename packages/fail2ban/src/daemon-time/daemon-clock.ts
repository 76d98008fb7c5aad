import { createReadClock, fixedZone, type ReadClock, type Zone } from './zone.ts'

/** The moments between which something was written, in epoch milliseconds. */
export interface Span {
  readonly from: number
  readonly to: number
}

/** A zone that a daemon may be in. */
export interface ZoneHint {
  readonly zone: Zone
  /** the daemon's own process has this zone, which outweighs what is merely usual */
  readonly isOwn: boolean
}

/** The observed offset of a clock at a moment (epoch milliseconds), in milliseconds east of UTC. */
export interface Observation {
  readonly at: number
  readonly offset: number
}

export interface ReadOptions {
  /** when it was written, as far as that is known */
  readonly written?: Span | undefined
  /** what was written before it, in epoch milliseconds */
  readonly notBefore?: number | undefined
}

/**
 * The clock of one run of the daemon. Its zone is that which was observed; until something was, that of the best hint.
 * Local times are those of `parseLocal`.
 */
export interface DaemonClock {
  /**
   * Records that a local time was written within a span, and returns whether that is possible. A span of less than
   * fifteen minutes shows the offset: anything that contradicts it is dropped, whether a hint or an earlier
   * observation.
   */
  observe(local: number, written: Span): boolean
  /** Returns the offset that a local time shows which was written within so short a span, where it is a usual one. */
  offsetWithin(local: number, written: Span): number | undefined
  /** Returns the moments that a local time can mean, oldest first; never none. */
  momentsOf(local: number): readonly number[]
  /**
   * Returns the moment of a local time. If there are several, the one within the span, or the first that is not too
   * early. A span of less than fifteen minutes takes precedence over the zone.
   */
  toEpoch(local: number, options?: ReadOptions): number
  isObserved(): boolean
  /** Returns whether it is the zone that the daemon's own process has, whose changes are known. */
  isOwn(): boolean
  /** Returns whether it was observed, or is the zone that the daemon's own process has. */
  isKnown(): boolean
  lastObservation(): Observation | undefined
  /** Returns whether the zone is not known, and the hints disagree about a local time, or none of them can be. */
  isDoubtful(local: number, written: Span): boolean
  zone(): Zone
}

/** Offsets of zones are multiples of it. */
const STEP_MS = 15 * 60_000
/** Zones lie from 12 hours west of UTC to 14 hours east. */
const MAX_OFFSET_MS = 15 * 3_600_000

interface Candidate extends ZoneHint {
  readonly read: ReadClock
}

/** Returns a function that returns whether a moment is within the span. */
export const isWithin =
  ({ from, to }: Span) =>
  (at: number): boolean =>
    at >= from && at <= to

/** Creates a clock. `findHints` returns the zones to try, the likeliest first; it is called again where they were wrong. */
export function createDaemonClock(findHints: () => readonly ZoneHint[]): DaemonClock {
  const candidatesOf = () =>
    findHints().map((hint): Candidate => ({ ...hint, read: createReadClock(hint.zone) }))
  let candidates = candidatesOf()
  let current = candidates[0] ?? candidateOf(0)
  let isObserved = false
  let last: Observation | undefined

  const isKnown = () => isObserved || current.isOwn

  const take = (candidate: Candidate, local: number, written: Span): boolean => {
    const at = candidate.read(local).find(isWithin(written))
    if (at === undefined) return false
    current = candidate
    if (isNarrow(written)) {
      isObserved = true
      last = { at, offset: local - at }
    }
    return true
  }

  const observe = (local: number, written: Span): boolean => {
    if (take(current, local, written)) return true
    // that it was not written in the future shows little: a clock may have been set back
    if (!isNarrow(written) && isKnown()) return false
    candidates = candidatesOf()
    if (candidates.some((candidate) => take(candidate, local, written))) return true
    const offset = offsetWithin(local, written)
    return offset !== undefined && take(candidateOf(offset), local, written)
  }

  return {
    observe,
    offsetWithin,
    momentsOf: (local) => current.read(local),
    toEpoch(local, { written, notBefore = Number.NEGATIVE_INFINITY } = {}) {
      const moments = current.read(local)
      const within = written ? moments.filter(isWithin(written)) : moments
      const possible = within.length > 0 ? within : moments
      const offset = within.length === 0 && written ? offsetWithin(local, written) : undefined
      if (offset !== undefined) return local - offset
      const found = possible.find((at) => at >= notBefore) ?? possible.at(-1) ?? local
      return isKnown() || !written ? found : Math.min(found, written.to)
    },
    isObserved: () => isObserved,
    isOwn: () => current.isOwn,
    lastObservation: () => last,
    isKnown,
    isDoubtful(local, { to }) {
      if (isKnown()) return false
      const [first = Number.POSITIVE_INFINITY, ...others] = new Set(
        candidates.map(({ read }) => read(local)[0]),
      )
      return others.length > 0 || first > to
    },
    zone: () => current.zone,
  }
}

const candidateOf = (offset: number): Candidate => {
  const zone = fixedZone(offset)
  return { zone, isOwn: false, read: createReadClock(zone) }
}

const isNarrow = ({ from, to }: Span): boolean => to - from < STEP_MS

function offsetWithin(local: number, { from, to }: Span): number | undefined {
  if (!isNarrow({ from, to })) return undefined
  const offset = Math.floor((local - from) / STEP_MS) * STEP_MS
  return offset >= local - to && Math.abs(offset) <= MAX_OFFSET_MS ? offset : undefined
}
