/** Gives the moment of a local time such as `2026-01-31 23:59:59`, in epoch milliseconds; undefined for no such time. */
export interface ZoneClock {
  /**
   * An hour that is there twice counts as its first unless `notBefore` is past that; one that was skipped counts as if
   * the clock had not been changed yet.
   */
  toEpoch(text: string, notBefore?: number): number | undefined
}

const DAY = 86_400_000
/** Days kept: a log is read in order. */
const CACHED_DAYS = 64

/** A clock for a zone of the IANA database; undefined, or one that is not known here: the zone of this machine. */
export function createZoneClock(timeZone?: string): ZoneClock {
  const offsetAt = createOffsets(timeZone)
  const days = new Map<string, readonly [before: number, after: number]>()
  const offsetsOf = (day: string, utc: number) => {
    const known = days.get(day)
    if (known) return known
    const found = [offsetAt(utc - DAY), offsetAt(utc + 2 * DAY)] as const
    if (days.size >= CACHED_DAYS) days.clear()
    days.set(day, found)
    return found
  }
  return {
    toEpoch(text, notBefore = Number.NEGATIVE_INFINITY) {
      const utc = Date.parse(`${text.replace(' ', 'T')}Z`)
      if (Number.isNaN(utc)) return undefined
      const day = text.slice(0, 10)
      const [before, after] = offsetsOf(day, Math.floor(utc / DAY) * DAY)
      if (before === after) return utc - before
      // near a change: the moments that this local time can mean are those whose offset is the one they were made with
      const meant = [utc - before, utc - after]
        .filter((at) => at + offsetAt(at) === utc)
        .toSorted((a, b) => a - b)
      return meant.find((at) => at >= notBefore) ?? meant.at(-1) ?? utc - before
    },
  }
}

function createOffsets(timeZone: string | undefined): (at: number) => number {
  const format = createFormat(timeZone)
  if (!format) return (at) => -new Date(at).getTimezoneOffset() * 60_000
  return (at) => {
    const part = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]))
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part
    return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at / 1000) * 1000
  }
}

function createFormat(timeZone: string | undefined): Intl.DateTimeFormat | undefined {
  if (timeZone === undefined) return undefined
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone: timeZone === '' ? 'UTC' : timeZone.replace(/^:/, ''),
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
  } catch {
    // TZ can be a rule or a file of its own (`:/etc/localtime`), which Intl does not read
    return undefined
  }
}
