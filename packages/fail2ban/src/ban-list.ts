import { setImmediate as nextTurn } from 'node:timers/promises'
import { nameOfBan } from './ban-name.ts'
import type { JailBan } from './host.ts'
import { localTime } from './local-time.ts'
import { cleanReplyText } from './wire/clean-reply-text.ts'

/** Lines that are read before others get their turn: about 5 ms. */
const SLICE = 2000
const HOUR = 3_600_000

const pattern =
  /^(.*?) \t(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d) \+ (-?\d{1,12}) = (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)$/s

/**
 * Reads a line of `get <jail> banip --with-time`: `<id> \t2026-11-20 19:02:53 + 600 = 2026-11-20 19:12:53`. Undefined
 * for anything else. Times are the daemon's local ones, without a zone.
 */
export function parseBanLine(line: string): JailBan | undefined {
  const [, id = '', year, month, day, hour, minute, second, length, end] = pattern.exec(line) ?? []
  if (end === undefined) return undefined
  const first = new Date(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
  ).getTime()
  if (!Number.isFinite(first)) return undefined
  const duration = Number(length)
  const bannedAt = inRepeatedHour(first, duration, end)
  const until = duration < 0 ? null : bannedAt + duration * 1000
  return { address: nameOfBan(id), bannedAt, duration: Math.max(duration, -1), until }
}

/** In the hour that a clock change repeats, a local time means two moments: the end tells which. */
function inRepeatedHour(first: number, duration: number, end: string): number {
  const second = first + HOUR
  if (duration < 0 || localTime(new Date(second)) !== localTime(new Date(first))) return first
  const endsAt = (start: number) => localTime(new Date(start + duration * 1000))
  return endsAt(first) !== end && endsAt(second) === end ? second : first
}

const printable = /^[!-~](?:[ -~]*[!-~])?$/

/** One line of text from strangers made fit to keep: bounded, no control characters, no line breaks. */
export const cleanLine = (text: string, maxLength: number): string =>
  text.length <= maxLength && printable.test(text)
    ? text
    : cleanReplyText(text, maxLength).replaceAll('\n', ' ')

/** Works through a long list in slices, so that nobody waits for all of it. */
export async function mapInSlices<TItem, TResult>(
  items: readonly TItem[],
  read: (item: TItem) => TResult | undefined,
): Promise<TResult[]> {
  const results: TResult[] = []
  for (let at = 0; at < items.length; at += SLICE) {
    if (at > 0) await nextTurn()
    for (const item of items.slice(at, at + SLICE)) {
      const result = read(item)
      if (result !== undefined) results.push(result)
    }
  }
  return results
}
