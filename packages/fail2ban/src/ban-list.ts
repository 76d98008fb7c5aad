import { setImmediate as nextTurn } from 'node:timers/promises'
import { nameOfBan } from './ban-name.ts'
import type { ZoneClock } from './events/zone-clock.ts'
import type { JailBan } from './host.ts'
import { cleanReplyText } from './wire/clean-reply-text.ts'

/** Lines that are read before others get their turn: about 5 ms. */
const SLICE = 2000

const pattern =
  /^(.*?) \t(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) \+ (-?\d{1,12}) = (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)$/s

/**
 * Reads a line of `get <jail> banip --with-time`: `<id> \t2026-11-20 19:02:53 + 600 = 2026-11-20 19:12:53`. Undefined
 * for anything else. Times are those of the daemon's zone.
 */
export function parseBanLine(line: string, zone: ZoneClock): JailBan | undefined {
  const [, id = '', start = '', length, end = ''] = pattern.exec(line) ?? []
  const duration = Number(length)
  const bannedAt = startOf(zone, start, { duration, end })
  if (bannedAt === undefined) return undefined
  const until = duration < 0 ? null : bannedAt + duration * 1000
  return { address: nameOfBan(id), bannedAt, duration: Math.max(duration, -1), until }
}

/** In the hour that a clock change repeats, a local time means two moments: the end tells which. */
function startOf(
  zone: ZoneClock,
  text: string,
  { duration, end }: { readonly duration: number; readonly end: string },
): number | undefined {
  const first = zone.toEpoch(text)
  if (first === undefined || duration < 0) return first
  const second = zone.toEpoch(text, first + 1) ?? first
  if (second === first) return first
  const endsAt = (at: number) => zone.toEpoch(end, at) === at
  return !endsAt(first + duration * 1000) && endsAt(second + duration * 1000) ? second : first
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
