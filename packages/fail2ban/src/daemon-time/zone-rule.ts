import { DAY_MS } from '@bangui/shared'
import { fixedZone, type Zone } from './zone.ts'

const SECOND_MS = 1000

const name = String.raw`(?:[A-Za-z]{3,}|<[-+A-Za-z0-9]{3,}>)`
const time = String.raw`([-+]?\d{1,3}(?::\d{1,2}){0,2})`
const day = String.raw`(J?\d{1,3}|M\d{1,2}\.\d\.\d)`
const rule = `${day}(?:/${time})?`
const pattern = new RegExp(`^${name}${time}(?:(${name})${time}?(?:,${rule},${rule})?)?$`)

/** The changes of a rule that names none: those of the United States, as the C library has it. */
const usual = ['M3.2.0', 'M11.1.0'] as const
const USUAL_TIME = '2'

/**
 * Parses a zone that is a rule of POSIX (the variable TZ, and the last line of a zone file), such as
 * `EST5EDT,M3.2.0,M11.1.0` or `<+0545>-5:45`. Returns undefined for anything else. Source: tzset(3), RFC 9636.
 */
export function parseZoneRule(text: string): Zone | undefined {
  const found = pattern.exec(text)
  if (!found) return undefined
  const [, west = '', summerName, summerWest, start = usual[0], startTime, end = usual[1], endTime] = found
  const standard = -readTime(west)
  if (summerName === undefined) return fixedZone(standard)
  const summer = summerWest === undefined ? standard + 3600 * SECOND_MS : -readTime(summerWest)
  const begins = { day: start, time: readTime(startTime ?? USUAL_TIME), offset: standard }
  const ends = { day: end, time: readTime(endTime ?? USUAL_TIME), offset: summer }
  return (at) => {
    const year = new Date(at + standard).getUTCFullYear()
    const from = momentOf(begins, year)
    const to = momentOf(ends, year)
    const isSummer = from < to ? from <= at && at < to : from <= at || at < to
    return isSummer ? summer : standard
  }
}

/** Reads `h[:m[:s]]` with an optional sign, in milliseconds. */
function readTime(text: string): number {
  const [hours = 0, minutes = 0, seconds = 0] = text.replace(/^[-+]/, '').split(':').map(Number)
  return (text.startsWith('-') ? -1 : 1) * (hours * 3600 + minutes * 60 + seconds) * SECOND_MS
}

interface Change {
  readonly day: string
  /** after midnight, milliseconds */
  readonly time: number
  /** that clocks have until then */
  readonly offset: number
}

const momentOf = (change: Change, year: number): number =>
  dayOf(change.day, year) + change.time - change.offset

/** The midnight of a rule's day: `M3.2.0` is the second Sunday of March, `J60` always the 1st of March. */
function dayOf(text: string, year: number): number {
  const first = Date.UTC(year, 0, 1)
  if (text.startsWith('J')) {
    const number = Number(text.slice(1))
    const isLeap = Date.UTC(year, 2, 1) - first === 60 * DAY_MS
    return first + (number - (isLeap && number >= 60 ? 0 : 1)) * DAY_MS
  }
  if (!text.startsWith('M')) return first + Number(text) * DAY_MS
  const [month = 1, week = 1, weekday = 0] = text.slice(1).split('.').map(Number)
  const start = Date.UTC(year, month - 1, 1)
  const ahead = (weekday - new Date(start).getUTCDay() + 7) % 7
  const found = start + (ahead + (week - 1) * 7) * DAY_MS
  // week 5 is the last one
  return found < Date.UTC(year, month, 1) ? found : found - 7 * DAY_MS
}
