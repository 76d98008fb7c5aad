import { DAY_MS, HOUR_MS, MINUTE_MS } from '@bangui/shared'
import { ticks } from 'd3-array'

/** Returns the lines of a count axis, whole numbers from 0, and where it ends. */
export function countScale(greatest: number, wanted = 4): { top: number; ticks: readonly number[] } {
  const marks = ticks(0, Math.max(greatest, 1), wanted).filter(Number.isInteger)
  const step = (marks[1] ?? 1) - (marks[0] ?? 0)
  const last = marks.at(-1) ?? 1
  if (last >= greatest && last > 0) return { top: last, ticks: marks }
  return { top: last + step, ticks: [...marks, last + step] }
}

const steps = [
  MINUTE_MS,
  5 * MINUTE_MS,
  15 * MINUTE_MS,
  30 * MINUTE_MS,
  HOUR_MS,
  3 * HOUR_MS,
  6 * HOUR_MS,
  12 * HOUR_MS,
  DAY_MS,
  2 * DAY_MS,
  7 * DAY_MS,
  14 * DAY_MS,
]

/** Returns at most `most` moments for a time axis, at whole steps of the reader's own clock. */
export function timeTicks(from: number, to: number, most: number): readonly number[] {
  const step = steps.find((each) => (to - from) / each <= most)
  if (step === undefined) return monthTicks(from, to, most)
  const offset = new Date(from).getTimezoneOffset() * MINUTE_MS
  const first = Math.ceil((from - offset) / step) * step + offset
  const count = Math.max(0, Math.floor((to - first) / step) + 1)
  return Array.from({ length: count }, (_, index) => first + index * step).filter((time) => time < to)
}

function monthTicks(from: number, to: number, most: number): readonly number[] {
  const start = new Date(from)
  const months = Math.ceil((to - from) / (30 * DAY_MS))
  const stride = [1, 2, 3, 6, 12, 24, 60].find((each) => months / each <= most) ?? 120
  const found: number[] = []
  for (let index = 1; found.length <= most; index += 1) {
    const time = new Date(start.getFullYear(), start.getMonth() + index, 1)
    if (time.getTime() >= to) break
    if (time.getMonth() % Math.min(stride, 12) === 0) found.push(time.getTime())
  }
  return found
}

const formats = {
  time: new Intl.DateTimeFormat(undefined, { hour: 'numeric', minute: '2-digit' }),
  day: new Intl.DateTimeFormat(undefined, { month: 'short', day: 'numeric' }),
  month: new Intl.DateTimeFormat(undefined, { month: 'short', year: 'numeric' }),
  moment: new Intl.DateTimeFormat(undefined, {
    weekday: 'short',
    month: 'short',
    day: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
  }),
  // daily buckets are days of the server's archive
  date: new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeZone: 'UTC' }),
}

/** Returns the label of a moment on an axis that spans `span` milliseconds; midnight is a date. */
export function formatTick(time: number, span: number): string {
  if (span > 300 * DAY_MS) return formats.month.format(time)
  const at = new Date(time)
  const isMidnight = at.getHours() === 0 && at.getMinutes() === 0
  return (span > 4 * DAY_MS || isMidnight ? formats.day : formats.time).format(time)
}

/** Returns a bucket as text: its beginning and end, as dates if it is a day or longer. */
export function formatBucket(time: number, bucketSeconds: number): string {
  const length = bucketSeconds * 1000
  return length >= DAY_MS
    ? formats.date.formatRange(time, time + length - 1)
    : formats.moment.formatRange(time, time + length)
}
