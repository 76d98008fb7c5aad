import { DAY_SECONDS, HOUR_SECONDS, MINUTE_SECONDS } from '@bangui/shared'
const whole = new Intl.NumberFormat(undefined, { maximumFractionDigits: 0 })
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto', style: 'short' })
const exact = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'long' })

const spans = [
  ['year', 365 * DAY_SECONDS],
  ['month', 30 * DAY_SECONDS],
  ['week', 7 * DAY_SECONDS],
  ['day', DAY_SECONDS],
  ['hour', HOUR_SECONDS],
  ['minute', MINUTE_SECONDS],
] as const

/** Formats a whole number with the separators of the reader's language. */
export const formatNumber = (value: number): string => whole.format(value)

/** Returns "1 jail" or "9 jails"; `many` is only needed if the plural is irregular. */
export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${formatNumber(count)} ${count === 1 ? one : many}`

/** Returns a list as text: "sshd, nginx and web". */
export const formatList = (words: readonly string[]): string =>
  new Intl.ListFormat(undefined, { type: 'conjunction' }).format(words)

/** Formats a moment to the second, with its zone, for a tooltip. */
export const formatExact = (time: number): string => exact.format(time)

/** Returns "5 min. ago" or "in 2 hr."; below a minute, in steps of ten seconds. */
export function formatRelative(time: number, now: number): string {
  const seconds = Math.round((time - now) / 1000)
  const distance = Math.abs(seconds)
  const span = spans.find(([, length]) => distance >= length)
  if (span) return relative.format(Math.trunc(seconds / span[1]), span[0])
  if (distance < 10) return 'just now'
  return relative.format(Math.trunc(seconds / 10) * 10, 'second')
}

const units = [
  ['d', DAY_SECONDS],
  ['h', HOUR_SECONDS],
  ['min', MINUTE_SECONDS],
  ['s', 1],
] as const

const words = { d: 'day', h: 'hour', min: 'minute', s: 'second' } as const

/** Formats seconds in their two largest units, "1 h 30 min"; -1 is permanent. */
export function formatDuration(seconds: number): string {
  if (seconds < 0) return 'permanent'
  const parts = split(seconds).map(([count, unit]) => `${formatNumber(count)} ${unit}`)
  return parts.join(' ') || '0 s'
}

/** Formats the same with full words, "1 hour 30 minutes". */
export const formatSpan = (seconds: number): string =>
  split(seconds)
    .map(([count, unit]) => plural(count, words[unit]))
    .join(' ') || '0 seconds'

/** Returns the two largest units of a duration, without units that are zero. */
function split(seconds: number): (readonly [number, keyof typeof words])[] {
  const first = units.findIndex(([, length]) => seconds >= length)
  let rest = Math.round(seconds)
  return units.slice(Math.max(first, 0), first + 2).flatMap(([unit, length]) => {
    const count = Math.floor(rest / length)
    rest -= count * length
    return count > 0 ? [[count, unit] as const] : []
  })
}

const sizes = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'] as const
const size = new Intl.NumberFormat(undefined, { maximumSignificantDigits: 3 })

/** Formats a number of bytes in the largest unit of which there is one, "1.5 MiB". */
export function formatBytes(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(sizes.length - 1, Math.floor(Math.log2(bytes) / 10))
  return `${size.format(bytes / 1024 ** power)} ${bytes === 1 ? 'byte' : sizes[power]}`
}
