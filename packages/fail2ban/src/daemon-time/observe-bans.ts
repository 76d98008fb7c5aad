import type { ListedBan } from '../ban-list.ts'
import type { BanPair } from '../database/messages.ts'
import type { LogLine } from '../events/parse-log-line.ts'
import type { DaemonClock, Span } from './daemon-clock.ts'
import { parseLocal } from './zone.ts'

/** A line of the log that waits until the zone of its run is known. */
export interface HeldLine {
  readonly line: LogLine
  /** as `parseLocal` has it; undefined: the line has no time */
  readonly local: number | undefined
  readonly clock: DaemonClock
  written: Span
}

/** Gives when fail2ban's database has bans of pairs to begin, in epoch milliseconds: for each pair its own. */
export type FindBanTimes = (pairs: readonly BanPair[]) => Promise<readonly (readonly number[])[]>

/** Bans that are looked for at once. */
const MAX_BANS = 50
/** The database rounds to seconds; the log and the list of bans cut. */
const ROUNDING = 2_000
/** How long after the failure that caused a ban its line may come: the log that a jail reads is looked at now and then. */
const DELAY = 60_000

interface Banned {
  readonly item: HeldLine
  readonly local: number
  readonly pair: BanPair
  /** the local time of the last failure that the log has of it */
  readonly failedAt: number | undefined
}

/** That a local time was within a span, if a ban of the log and one of the database are the same. */
interface Match {
  readonly local: number
  readonly span: Span
  /** when the line was written */
  readonly line: Span
}

/**
 * Compares the times of bans in the log with those that fail2ban's database has, which are of no zone: that shows the
 * zone of a run, and which of two hours of the same name a ban began in.
 */
export async function observeBans(items: readonly HeldLine[], findBanTimes: FindBanTimes): Promise<void> {
  const bans = findBans(items).slice(0, MAX_BANS)
  if (bans.length === 0) return
  const times = await findBanTimes(bans.map(({ pair }) => pair))
  const matches = bans.map((ban, index) => (times[index] ?? []).map((at) => matchOf(ban, at)))
  for (const clock of new Set(bans.map(({ item }) => item.clock))) {
    if (!clock.isObserved())
      observe(clock, matches.filter((_, index) => bans[index]?.item.clock === clock).flat())
  }
  for (const [index, { item, local }] of bans.entries()) {
    const moments = item.clock.momentsOf(local)
    const found = matches[index]?.find(({ line: { from, to } }) =>
      moments.some((at) => at >= from && at <= to),
    )
    if (found) item.written = found.line
  }
}

/** What a jail's bans were listed as, and when. */
interface List {
  readonly jail: string
  readonly listed: readonly ListedBan[]
  readonly now: number
}

/** Compares the times of the bans that the daemon lists with those that its database has, and with now. */
export async function observeListed(
  clock: DaemonClock,
  { jail, listed, now }: List,
  findBanTimes: FindBanTimes,
): Promise<void> {
  const bans = listed.slice(0, MAX_BANS)
  if (bans.length === 0) return
  const times = await findBanTimes(bans.map(({ address }) => ({ jail, address })))
  observe(
    clock,
    bans.flatMap(({ start }, index) =>
      (times[index] ?? []).map((at) => {
        const span = { from: at - ROUNDING, to: at + ROUNDING }
        return { local: start, span, line: span }
      }),
    ),
  )
  const newest = listed.reduce((latest, { start }) => Math.max(latest, start), Number.NEGATIVE_INFINITY)
  clock.observe(newest, { from: Number.NEGATIVE_INFINITY, to: now + ROUNDING })
}

function findBans(items: readonly HeldLine[]): Banned[] {
  const failures = new Map<string, number | undefined>()
  const found: Banned[] = []
  for (const item of items) {
    const { clock, local, line } = item
    const { fact } = line
    if (fact.type === 'failure') failures.set(keyOf(fact), parseLocal(fact.failedAt.text))
    if (fact.type !== 'ban' || fact.restored || local === undefined) continue
    if (clock.isObserved() && clock.momentsOf(local).length === 1) continue
    const { jail, address } = fact
    found.push({ item, local, pair: { jail, address }, failedAt: failures.get(keyOf(fact)) })
  }
  return found
}

const keyOf = ({ jail, address }: BanPair) => `${jail} ${address}`

function matchOf({ local, failedAt }: Banned, at: number): Match {
  const line = { from: at - ROUNDING, to: at + DELAY }
  if (failedAt === undefined) return { local, span: line, line }
  return { local: failedAt, span: { from: at - ROUNDING, to: at + ROUNDING }, line }
}

/** An address can have been banned many times: the offset counts that most bans agree on. */
function observe(clock: DaemonClock, matches: readonly Match[]): void {
  const agreeing = new Map<number, Match[]>()
  for (const match of matches) {
    const offset = clock.offsetWithin(match.local, match.span)
    if (offset !== undefined) agreeing.set(offset, [...(agreeing.get(offset) ?? []), match])
  }
  const [best] = [...agreeing.values()].toSorted((one, other) => other.length - one.length)
  for (const { local, span } of best ?? []) clock.observe(local, span)
}
