import { HOUR_MS, type NamedRange, type Range, type Source } from '@bangui/shared'

const day = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' })
const moment = {
  month: 'short',
  day: 'numeric',
  hour: 'numeric',
  minute: '2-digit',
} as const
const minute = new Intl.DateTimeFormat(undefined, moment)
const minuteOfYear = new Intl.DateTimeFormat(undefined, { ...moment, year: 'numeric' })

/** The query of a page that shows a range. */
export type RangeParams = {
  range?: string | undefined
  from?: string | undefined
  to?: string | undefined
  source?: string | undefined
  origin?: string | undefined
}

/** Returns the range of the page's URL; the last 24 hours if it is invalid. */
export function readRange(params: RangeParams): Range {
  const from = numberOf(params.from)
  const to = numberOf(params.to)
  if (from !== undefined && to !== undefined && from < to) return { from, to }
  return isNamedRange(params.range) ? params.range : '24h'
}

/** Returns whether a text is the name of a range. */
export const isNamedRange = (text: string | undefined): text is NamedRange =>
  text !== undefined && Object.hasOwn(namedRangeWords, text)

const numberOf = (text: string | undefined) => (text && /^\d{1,16}$/.test(text) ? Number(text) : undefined)

/** Returns a range as URL parameters; the last 24 hours need none. */
export function writeRange(range: Range): Pick<RangeParams, 'range' | 'from' | 'to'> {
  if (typeof range === 'object')
    return { range: undefined, from: String(Math.floor(range.from)), to: String(Math.ceil(range.to)) }
  return { range: range === '24h' ? undefined : range, from: undefined, to: undefined }
}

/** Returns the range, cut at now if it has no name: the last column of a chart can end later. */
export const untilNow = (range: Range, now: number): Range =>
  typeof range === 'object' && range.to > now && range.from < now ? { from: range.from, to: now } : range

type Span = Extract<Range, object>

/** Returns the range of the same length before (-1) or after (1) another, up to now; undefined if there is none. */
export function moveSpan({ from, to }: Span, by: -1 | 1, now: number): Span | undefined {
  const length = to - from
  const end = Math.min(to + by * length, Math.max(now, to))
  if (end - length < 0 || (by > 0 && end - to < MIN_STEP_MS)) return undefined
  return { from: end - length, to: end }
}

/** A shorter step is not offered. */
const MIN_STEP_MS = 1_000

/** Returns the source of the numbers: the archive, unless the URL says `live`. */
export const readSource = (params: RangeParams): Source => (params.source === 'live' ? 'live' : 'archive')

/** Returns a link to another page with the same range, source and origin. */
export function withRange(
  href: string,
  range: Range,
  { source, origin }: { readonly source: Source; readonly origin?: string | undefined },
): string {
  const query = new URLSearchParams()
  for (const [key, value] of Object.entries(writeRange(range))) if (value) query.set(key, value)
  if (source === 'live') query.set('source', source)
  if (origin) query.set('origin', origin)
  const text = query.toString()
  if (text === '') return href
  return `${href}${href.includes('?') ? '&' : '?'}${text}`
}

export const namedRangeWords: Readonly<Record<NamedRange, { short: string; long: string; before: string }>> =
  {
    '24h': { short: '24 h', long: 'the last 24 hours', before: 'the previous 24 hours' },
    '7d': { short: '7 d', long: 'the last 7 days', before: 'the previous 7 days' },
    '30d': { short: '30 d', long: 'the last 30 days', before: 'the previous 30 days' },
    '90d': { short: '90 d', long: 'the last 90 days', before: 'the previous 90 days' },
    '365d': { short: '1 y', long: 'the last 365 days', before: 'the previous year' },
    all: { short: 'All', long: 'all time', before: '' },
  }

/** Returns a range as text: "the last 7 days", "May 3, 8:00 – 9:00 AM". */
export function describeRange(range: Range, now = Date.now()): string {
  if (typeof range !== 'object') return namedRangeWords[range].long
  const { from, to } = range
  // the end is exclusive
  if (to - from >= 3 * 24 * HOUR_MS) return day.formatRange(from, to - 1)
  const isThisYear = yearOf(from) === yearOf(now) && yearOf(to) === yearOf(now)
  return (isThisYear ? minute : minuteOfYear).formatRange(from, to)
}

/** Returns a range within a sentence, as in "bans in the last 7 days" or "bans on May 3, 8:00 – 9:00 AM". */
export function inRange(range: Range, now = Date.now()): string {
  const words = describeRange(range, now)
  if (range === 'all') return 'since recording began'
  if (typeof range !== 'object') return `in ${words}`
  const isOneDay = new Date(range.from).toDateString() === new Date(range.to - 1).toDateString()
  return `${isOneDay ? 'on' : 'from'} ${words}`
}

const yearOf = (time: number) => new Date(time).getFullYear()

/** Returns the previous period in words. */
export const describeBefore = (range: Range): string =>
  typeof range === 'object' ? 'the previous period' : namedRangeWords[range].before

const lengths: Readonly<Record<Exclude<NamedRange, 'all'>, number>> = {
  '24h': 24 * HOUR_MS,
  '7d': 7 * 24 * HOUR_MS,
  '30d': 30 * 24 * HOUR_MS,
  '90d': 90 * 24 * HOUR_MS,
  '365d': 365 * 24 * HOUR_MS,
}

/** Returns the bounds of a range; a rolling one begins at a whole hour, as the server counts it, and has no end. */
export function spanOf(range: Range, now: number): { from?: number; to?: number } {
  if (typeof range === 'object') return range
  if (range === 'all') return {}
  const unit = lengths[range] >= 90 * 24 * HOUR_MS ? 24 * HOUR_MS : HOUR_MS
  return { from: (Math.floor(now / unit) + 1) * unit - lengths[range] }
}
