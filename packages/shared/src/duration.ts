/** Seconds in a unit of fail2ban's duration text (fail2ban/server/mytime.py: a month is 30.4375 days, a year 365.25). */
const units: Record<string, number> = {
  s: 1,
  sec: 1,
  second: 1,
  seconds: 1,
  m: 60,
  min: 60,
  minute: 60,
  minutes: 60,
  h: 3600,
  hour: 3600,
  hours: 3600,
  d: 86_400,
  day: 86_400,
  days: 86_400,
  w: 604_800,
  week: 604_800,
  weeks: 604_800,
  mo: 2_629_800,
  month: 2_629_800,
  months: 2_629_800,
  y: 31_557_600,
  year: 31_557_600,
  years: 31_557_600,
}

/** The longest duration that BanGUI accepts, in seconds: a hundred years. */
export const MAX_DURATION_SECONDS = 3_155_760_000

/** The duration of a ban that never ends. */
export const PERMANENT = -1

/**
 * Parses a duration as fail2ban writes it: `-1` (permanent), whole seconds, or parts such as `1d 12h` and `1mo`.
 * Returns whole seconds, or undefined for anything else: fail2ban evaluates duration text as Python, so no other text
 * may ever reach it.
 */
export function parseDuration(text: string | number): number | undefined {
  const trimmed = String(text).trim()
  if (trimmed === '-1') return PERMANENT
  // Python accepts no number with a leading zero
  if (/^(0|[1-9]\d{0,9})$/.test(trimmed)) return bounded(Number(trimmed))
  if (trimmed.length > 100 || !/^((?:0|[1-9]\d{0,9}) *[a-z]+ *)+$/.test(trimmed)) return undefined
  let seconds = 0
  for (const [, amount, unit] of trimmed.matchAll(/(\d+) *([a-z]+)/g)) {
    const size = units[unit ?? '']
    if (size === undefined) return undefined
    seconds += Number(amount) * size
  }
  return bounded(seconds)
}

const bounded = (seconds: number) => (seconds <= MAX_DURATION_SECONDS ? seconds : undefined)

/** Returns whole seconds in fail2ban's units, largest first (`1d 12h`); `-1` stays `-1`. {@link parseDuration} parses it. */
export function formatDuration(seconds: number): string {
  if (seconds === PERMANENT) return '-1'
  const parts: string[] = []
  let rest = seconds
  for (const unit of ['w', 'd', 'h', 'm', 's']) {
    const size = units[unit] ?? 1
    const amount = Math.floor(rest / size)
    rest -= amount * size
    if (amount > 0) parts.push(`${amount}${unit}`)
  }
  return parts.join(' ') || '0s'
}
