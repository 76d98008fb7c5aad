import { DAY_MS } from '@bangui/shared'

/** The offset from UTC, in milliseconds east, that clocks of a time zone have at a moment (epoch milliseconds). */
export type Zone = (at: number) => number

/** Returns a zone whose offset (milliseconds east of UTC) never changes. */
export const fixedZone =
  (offset: number): Zone =>
  () =>
    offset

export const utc: Zone = fixedZone(0)

/**
 * Parses a local time such as `2026-01-31 23:59:59`; returns it as the epoch milliseconds that it would be in UTC, or
 * undefined for text that is no time.
 */
export function parseLocal(text: string): number | undefined {
  const local = Date.parse(`${text.replace(' ', 'T')}Z`)
  return Number.isNaN(local) ? undefined : local
}

/** Returns the moments (epoch milliseconds, oldest first) at which a zone's clocks show a local time of {@link parseLocal}. */
export type ReadClock = (local: number) => readonly number[]

/**
 * Returns the reader of a zone's clocks. A time in an hour that a clock change repeats has two moments. A time in an hour
 * that a clock change skips has one: as if the clock had not been changed yet.
 */
export function createReadClock(zone: Zone): ReadClock {
  // a log is in order: mostly the day is that of the line before
  let day = Number.NaN
  let offsets: readonly number[] = []
  return (local) => {
    const start = Math.floor(local / DAY_MS) * DAY_MS
    if (start !== day) {
      offsets = [...new Set([-1, 0, 1, 2].map((days) => zone(start + days * DAY_MS)))]
      day = start
    }
    const [first = 0] = offsets
    if (offsets.length === 1) return [local - first]
    const moments = offsets.map((offset) => local - offset).filter((at) => at + zone(at) === local)
    return moments.length === 0 ? [local - first] : moments.toSorted((one, other) => one - other)
  }
}
