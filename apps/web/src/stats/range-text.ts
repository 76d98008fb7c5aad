import type { NamedRange, Range, Source } from '@bangui/shared'

const hour = 3_600_000
const day = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' })
const moment = {
  month: 'short',
  day: 'numeric',
  hour: 'numeric',
  minute: '2-digit',
} as const
const minute = new Intl.DateTimeFormat(undefined, moment)
const minuteOfYear = new Intl.DateTimeFormat(undefined, { ...moment, year: 'numeric' })

/** The query of a page that shows a span of time. */
export type RangeParams = {
  range?: string | undefined
  from?: string | undefined
  to?: string | undefined
  source?: string | undefined
}

/** The range that the address bar names; anything invalid is the last day. */
export function readRange(params: RangeParams): Range {
  const from = numberOf(params.from)
  const to = numberOf(params.to)
  if (from !== undefined && to !== undefined && from < to) return { from, to }
  return isNamedRange(params.range) ? params.range : '24h'
}

/** Whether a text names a range. */
export const isNamedRange = (text: string | undefined): text is NamedRange =>
  text !== undefined && Object.hasOwn(namedRangeWords, text)

const numberOf = (text: string | undefined) => (text && /^\d{1,16}$/.test(text) ? Number(text) : undefined)

/** A range as parameters; the last day needs none. */
export function writeRange(range: Range): Pick<RangeParams, 'range' | 'from' | 'to'> {
  if (typeof range === 'object')
    return { range: undefined, from: String(Math.floor(range.from)), to: String(Math.ceil(range.to)) }
  return { range: range === '24h' ? undefined : range, from: undefined, to: undefined }
}

/** A span without a name ends now at the latest: the last column of a chart goes on for a while. */
export const untilNow = (range: Range, now: number): Range =>
  typeof range === 'object' && range.to > now && range.from < now ? { from: range.from, to: now } : range

type Span = Extract<Range, object>

/** The span as long before (-1) or after (1) another; none reaches beyond now. Undefined: there is none. */
export function moveSpan({ from, to }: Span, by: -1 | 1, now: number): Span | undefined {
  const length = to - from
  const end = Math.min(to + by * length, Math.max(now, to))
  if (end - length < 0 || (by > 0 && end - to < LEAST_STEP)) return undefined
  return { from: end - length, to: end }
}

/** Less than this later is not worth a step. */
const LEAST_STEP = 1_000

/** Where the figures come from; the archive unless the address bar says `live`. */
export const readSource = (params: RangeParams): Source => (params.source === 'live' ? 'live' : 'archive')

/** A link to another page with the same range and source. */
export function withRange(href: string, range: Range, source: Source): string {
  const query = new URLSearchParams()
  for (const [key, value] of Object.entries(writeRange(range))) if (value) query.set(key, value)
  if (source === 'live') query.set('source', source)
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

/** A range by itself: "the last 7 days", "May 3, 8:00 – 9:00 AM". */
export function describeRange(range: Range, now = Date.now()): string {
  if (typeof range !== 'object') return namedRangeWords[range].long
  const { from, to } = range
  // the end is the first moment that no longer belongs to it
  if (to - from >= 3 * 24 * hour) return day.formatRange(from, to - 1)
  const isThisYear = yearOf(from) === yearOf(now) && yearOf(to) === yearOf(now)
  return (isThisYear ? minute : minuteOfYear).formatRange(from, to)
}

/** A range in a sentence, as in "bans in the last 7 days" or "bans on May 3, 8:00 – 9:00 AM". */
export function inRange(range: Range, now = Date.now()): string {
  const words = describeRange(range, now)
  if (range === 'all') return 'since recording began'
  if (typeof range !== 'object') return `in ${words}`
  const isOneDay = new Date(range.from).toDateString() === new Date(range.to - 1).toDateString()
  return `${isOneDay ? 'on' : 'from'} ${words}`
}

const yearOf = (time: number) => new Date(time).getFullYear()

/** What a figure is compared with, in words. */
export const describeBefore = (range: Range): string =>
  typeof range === 'object' ? 'the previous period' : namedRangeWords[range].before

const lengths: Readonly<Record<Exclude<NamedRange, 'all'>, number>> = {
  '24h': 24 * hour,
  '7d': 7 * 24 * hour,
  '30d': 30 * 24 * hour,
  '90d': 90 * 24 * hour,
  '365d': 365 * 24 * hour,
}

/** From when and until when a range asks for; a rolling one begins at a whole hour, as the server counts it, and has no end. */
export function spanOf(range: Range, now: number): { from?: number; to?: number } {
  if (typeof range === 'object') return range
  if (range === 'all') return {}
  const unit = lengths[range] >= 90 * 24 * hour ? 24 * hour : hour
  return { from: (Math.floor(now / unit) + 1) * unit - lengths[range] }
}
