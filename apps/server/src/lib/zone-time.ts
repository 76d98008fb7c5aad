import { DAY_MS, HOUR_MS, MINUTE_MS } from '@bangui/shared'

interface LocalTime {
  readonly year: number
  /** 1 to 12 */
  readonly month: number
  readonly day: number
  readonly minutes: number
}

const formats = new Map<string, Intl.DateTimeFormat>()

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone)
  if (known) return known
  const format = new Intl.DateTimeFormat('en-u-ca-gregory', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  formats.set(zone, format)
  return format
}

function partsOf(at: number, zone: string): Record<string, number> {
  const parts = formatOf(zone).formatToParts(at)
  return Object.fromEntries(parts.map(({ type, value }) => [type, Number(value)]))
}

/** Returns the local date and the minutes since midnight of a moment in a time zone. */
export function localTimeOf(at: number, zone: string): LocalTime {
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0 } = partsOf(at, zone)
  return { year, month, day, minutes: hour * 60 + minute }
}

/** Returns how far a zone is ahead of UTC at a moment, in milliseconds. */
function offsetAt(at: number, zone: string): number {
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = partsOf(at, zone)
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at / 1000) * 1000
}

/**
 * Returns the moment of a local time of a day: the first where the clocks are set back and it comes twice, the moment of the
 * change where they are set forward over it.
 */
function momentOf(dayUtc: number, minutes: number, zone: string): number {
  const wanted = dayUtc + minutes * MINUTE_MS
  const before = offsetAt(wanted - DAY_MS, zone)
  const after = offsetAt(wanted + DAY_MS, zone)
  const moments = [wanted - before, wanted - after].filter((at) => at + offsetAt(at, zone) === wanted)
  if (moments.length > 0) return Math.min(...moments)
  return changeBetween(wanted - Math.max(before, after), wanted - Math.min(before, after), zone)
}

/** Returns the moment in a span at which the offset of a zone changes. */
function changeBetween(from: number, to: number, zone: string): number {
  let [low, high] = [from, to]
  const first = offsetAt(low, zone)
  while (high - low > 1000) {
    const middle = Math.floor((low + high) / 2000) * 1000
    if (offsetAt(middle, zone) === first) low = middle
    else high = middle
  }
  return high
}

/** Returns the minutes of a time such as `07:30`. */
export const minutesOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5))

/** Returns the next moment after `at` at which it is this time of the day in a zone: once on every local day. */
export function nextTimeOfDay(at: number, time: string, zone: string): number {
  const { year, month, day } = localTimeOf(at, zone)
  const today = Date.UTC(year, month - 1, day)
  for (const dayUtc of [today - DAY_MS, today, today + DAY_MS, today + 2 * DAY_MS]) {
    const moment = momentOf(dayUtc, minutesOf(time), zone)
    if (moment > at) return moment
  }
  throw new Error('no local day is longer than two days')
}

/** Returns the next full hour of a zone after `at`; an hour that comes twice when clocks are set back counts twice. */
export function nextFullHour(at: number, zone: string): number {
  const next = at + HOUR_MS - ((((at + offsetAt(at, zone)) % HOUR_MS) + HOUR_MS) % HOUR_MS)
  // where an offset changes by half an hour in between
  const late = (next + offsetAt(next, zone)) % HOUR_MS
  return late === 0 ? next : nextAfterChange(at, next, zone)
}

function nextAfterChange(at: number, next: number, zone: string): number {
  const ahead = (next + offsetAt(next, zone)) % HOUR_MS
  const earlier = next - ahead
  return earlier > at ? earlier : next + HOUR_MS - ahead
}
