import { pacedChunks } from '@bangui/async'
import { nameOfBan } from './ban-name.ts'
import type { DaemonClock, Span } from './daemon-time/daemon-clock.ts'
import { parseLocal } from './daemon-time/zone.ts'
import type { JailBan } from './models/ban-models.ts'
import { cleanReplyText } from './wire/clean-reply-text.ts'

/** Lines that are read before other work runs: about 5 ms. */
const LINES_PER_CHUNK = 2000
/** Times are in whole seconds. */
const ROUNDING_MS = 2000

const pattern =
  /^(.*?) \t(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) \+ (-?\d{1,12}) = (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)$/s

/** A ban as `--with-time` lists it, with local times of the daemon. */
export interface ListedBan {
  readonly address: string
  /** as `parseLocal` has it */
  readonly start: number
  /** seconds, -1 is permanent */
  readonly duration: number
  readonly endText: string
}

/**
 * Reads a line of `get <jail> banip --with-time`: `<id> \t2026-11-20 19:02:53 + 600 = 2026-11-20 19:12:53`. Undefined
 * for anything else.
 */
export function parseBanLine(line: string): ListedBan | undefined {
  const [, id = '', startText = '', length, endText = ''] = pattern.exec(line) ?? []
  const start = parseLocal(startText)
  if (start === undefined) return undefined
  return { address: nameOfBan(id), start, duration: Math.max(Number(length), -1), endText }
}

/** When a ban was listed (epoch milliseconds), and when it began, as far as that is known. */
export interface Listing {
  readonly now: number
  readonly began?: Span | undefined
}

/** Returns a listed ban with its moments (epoch milliseconds), by the daemon's clock. */
export function dateBan(ban: ListedBan, clock: DaemonClock, { now, began }: Listing): JailBan {
  const { address, start, duration } = ban
  const past = { from: Number.NEGATIVE_INFINITY, to: now + ROUNDING_MS }
  const bannedAt = began
    ? clock.toEpoch(start, { written: began })
    : (startOf(ban, clock, past) ?? clock.toEpoch(start, { written: past }))
  return { address, bannedAt, duration, until: duration < 0 ? null : bannedAt + duration * 1000 }
}

/** In the hour that a clock change repeats, a local time means two moments: the end of the ban shows which. */
function startOf(
  { start, duration, endText }: ListedBan,
  clock: DaemonClock,
  past: Span,
): number | undefined {
  const moments = clock.momentsOf(start)
  const end = moments.length === 1 || duration < 0 ? undefined : parseLocal(endText)
  if (end === undefined) return undefined
  const ends = clock.momentsOf(end)
  return moments.findLast((at) => at <= past.to && ends.includes(at + duration * 1000))
}

const printable = /^[!-~](?:[ -~]*[!-~])?$/

/** One line of text from strangers made fit to keep: bounded, no control characters, no line breaks. */
export const cleanLine = (text: string, maxLength: number): string =>
  text.length <= maxLength && printable.test(text)
    ? text
    : cleanReplyText(text, maxLength).replaceAll(/[\n\t]/g, ' ')

/** Returns what `read` returns for each item, without the undefined ones. Other work runs between chunks of a long list. */
export async function mapInChunks<TItem, TResult>(
  items: readonly TItem[],
  read: (item: TItem) => TResult | undefined,
): Promise<TResult[]> {
  const results: TResult[] = []
  for await (const part of pacedChunks(items, LINES_PER_CHUNK))
    for (const item of part) {
      const result = read(item)
      if (result !== undefined) results.push(result)
    }
  return results
}
