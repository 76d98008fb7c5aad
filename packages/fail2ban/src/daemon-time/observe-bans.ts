import type { ListedBan } from '../ban-list.ts'
import type { BanPair } from '../database/database-queries.ts'
import type { LogLine } from '../events/parse-log-line.ts'
import { isWithin, type DaemonClock, type Span } from './daemon-clock.ts'
import { parseLocal } from './zone.ts'

/** A line of the log that waits until the zone of its run is known. */
export interface HeldLine {
  readonly line: LogLine
  /** as `parseLocal` has it; undefined: the line has no time */
  readonly local: number | undefined
  readonly clock: DaemonClock
  written: Span
}

/** Returns when bans of jails and addresses began, by fail2ban's database, in epoch milliseconds. */
export type FindBanTimes = (pairs: readonly BanPair[]) => Promise<readonly (readonly number[])[]>

/** Bans that are looked for at once. */
const MAX_BANS = 50
const MAX_CHANGED = 2_000
/** The database rounds to seconds; the log and the list of bans cut. */
const ROUNDING_MS = 2_000
/** How long after the failure that caused a ban its line may come: the log that a jail reads is looked at now and then. */
const LINE_DELAY_MS = 60_000

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
 * Compares the times of bans in the log with those in fail2ban's database, which do not depend on a zone: that shows
 * the zone of a daemon instance, and in which of two hours of the same name a ban began.
 */
export async function observeBans(items: readonly HeldLine[], findBanTimes: FindBanTimes): Promise<void> {
  const bans = findBans(items).slice(0, MAX_BANS)
  if (bans.length === 0) return
  const times = await findBanTimes(bans.map(({ pair }) => pair))
  const matches = bans.map((ban, index) => (times[index] ?? []).map((at) => matchOf(ban, at)))
  for (const clock of new Set(bans.map(({ item }) => item.clock)))
    observe(clock, matches.filter((_, index) => bans[index]?.item.clock === clock).flat())
  for (const [index, { item, local }] of bans.entries()) {
    item.written =
      bestSpan(
        item.clock,
        local,
        (matches[index] ?? []).map(({ line }) => line),
      ) ?? item.written
  }
}

/** Returns the span, of several, that a local time belongs to: the one that agrees with the clock, else the only possible one. */
function bestSpan(clock: DaemonClock, local: number, spans: readonly Span[]): Span | undefined {
  const moments = clock.momentsOf(local)
  const possible = spans.filter((span) => clock.offsetWithin(local, span) !== undefined)
  return (
    spans.find((span) => moments.some(isWithin(span))) ?? (possible.length === 1 ? possible[0] : undefined)
  )
}

/** The listed bans of a jail, and the time of the listing. */
interface List {
  readonly jail: string
  readonly listed: readonly ListedBan[]
  readonly now: number
}

/**
 * Compares the times of the bans that the daemon lists with those in its database, and with now. Returns when the
 * compared bans began.
 */
export async function observeListed(
  clock: DaemonClock,
  { jail, listed, now }: List,
  findBanTimes: FindBanTimes,
): Promise<ReadonlyMap<ListedBan, Span>> {
  const bans = chooseBans(clock, listed)
  if (bans.length === 0) return new Map()
  const times = await findBanTimes(bans.map(({ address }) => ({ jail, address })))
  const spans = bans.map((_, index) =>
    (times[index] ?? []).map((at) => ({ from: at - ROUNDING_MS, to: at + ROUNDING_MS })),
  )
  observe(
    clock,
    bans.flatMap(({ start }, index) =>
      (spans[index] ?? []).map((span) => ({ local: start, span, line: span })),
    ),
  )
  const newest = listed.reduce((latest, { start }) => Math.max(latest, start), Number.NEGATIVE_INFINITY)
  clock.observe(newest, { from: Number.NEGATIVE_INFINITY, to: now + ROUNDING_MS })
  const began = bans.map((ban, index) => [ban, bestSpan(clock, ban.start, spans[index] ?? [])] as const)
  return new Map(began.flatMap(([ban, span]) => (span ? [[ban, span] as const] : [])))
}

/** Returns a sample of bans; where clock changes are not known, bans across such a change come first. */
function chooseBans(clock: DaemonClock, listed: readonly ListedBan[]): readonly ListedBan[] {
  const changed = clock.isOwn() ? [] : listed.filter(isOverChange).slice(0, MAX_CHANGED)
  return [...new Set([...changed, ...listed.slice(0, MAX_BANS)])]
}

/** Its end comes so many seconds after its beginning on the clock, unless that is changed. */
function isOverChange({ start, duration, endText }: ListedBan): boolean {
  const end = parseLocal(endText)
  return duration < 0 || (end !== undefined && Math.abs(end - start - duration * 1000) > ROUNDING_MS)
}

function findBans(items: readonly HeldLine[]): Banned[] {
  const failures = new Map<string, number | undefined>()
  const found: Banned[] = []
  for (const item of items) {
    const { clock, local, line } = item
    const { fact } = line
    if (fact.type === 'failure') failures.set(keyOf(fact), parseLocal(fact.failedAt.text))
    if (fact.type !== 'ban' || fact.restored || local === undefined) continue
    if (clock.isObserved() && clock.isOwn() && clock.momentsOf(local).length === 1) continue
    const { jail, address } = fact
    found.push({ item, local, pair: { jail, address }, failedAt: failures.get(keyOf(fact)) })
  }
  return found
}

const keyOf = ({ jail, address }: BanPair) => `${jail} ${address}`

function matchOf({ local, failedAt }: Banned, at: number): Match {
  const line = { from: at - ROUNDING_MS, to: at + LINE_DELAY_MS }
  if (failedAt === undefined) return { local, span: line, line }
  return { local: failedAt, span: { from: at - ROUNDING_MS, to: at + ROUNDING_MS }, line }
}

/** An address can have been banned many times: the offset counts that most bans agree on. */
function observe(clock: DaemonClock, matches: readonly Match[]): void {
  const agreeing = new Map<number, Match[]>()
  for (const match of matches) {
    const offset = clock.offsetWithin(match.local, match.span)
    if (offset !== undefined) agreeing.set(offset, [...(agreeing.get(offset) ?? []), match])
  }
  const own = matches.filter(({ local, span }) => clock.momentsOf(local).some(isWithin(span)))
  const [best = []] = [...agreeing.values()].toSorted((one, other) => other.length - one.length)
  // by chance one ban of many can seem to be another
  const isBetter = best.length > own.length && (best.length > 1 || !clock.isObserved())
  for (const { local, span } of isBetter ? best : own) clock.observe(local, span)
}
