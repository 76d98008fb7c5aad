/*
 * The only comparisons of BanGUI's clock, by which something was sent, with the times of fail2ban's log. They assume that both are
 * the clock of one machine: for an agent, the time of sending has to be that of the agent's own clock.
 */

/** What a pending row says about the lines that can answer it. */
export interface Answerable {
  /** when it was sent, epoch milliseconds */
  readonly at: number
  /** the daemon had answered by then, so that its line is not later; null: it has not answered */
  readonly writtenBy: number | null
  /** when its operation ended, answered or not; null: it runs */
  readonly closedAt: number | null
}

export interface LoggedAt {
  readonly at: number
  /** rows that were sent before were about another ban @default any time */
  readonly since?: number
}

/** How long after the end of an operation the daemon can still log what it was sent. */
export const LATE_LINE_MS = 10_000

/** A time in the log can be cut to the whole second. */
const LOG_RESOLUTION_MS = 1_000

/** A clock that was read later can be a millisecond behind. */
const CLOCK_RESOLUTION_MS = 1

/** Returns how far before an event its time in the log can be: fail2ban writes milliseconds, other formats do not. */
const resolutionOf = (at: number): number => (at % 1_000 === 0 ? LOG_RESOLUTION_MS : CLOCK_RESOLUTION_MS)

/**
 * Returns the pending row, of those of a pair and kind, that a log line answers: the oldest that was sent before the line, and
 * that the daemon had not answered before it.
 */
export function matchLine<TRow extends Answerable>(
  rows: readonly TRow[],
  { at, since = Number.NEGATIVE_INFINITY }: LoggedAt,
): TRow | undefined {
  return rows
    .filter((row) => row.at >= since && isAnsweredAt(row, at))
    .reduce<TRow | undefined>((oldest, row) => (oldest && oldest.at <= row.at ? oldest : row), undefined)
}

/** Returns whether a line of this time can answer a row. */
export const isAnsweredAt = (row: Answerable, at: number): boolean =>
  row.at <= at + resolutionOf(at) && at <= lastLineOf(row)

function lastLineOf({ writtenBy, closedAt }: Answerable): number {
  if (writtenBy !== null) return writtenBy + LOG_RESOLUTION_MS
  return closedAt === null ? Number.POSITIVE_INFINITY : closedAt + LATE_LINE_MS
}

type Sent = Pick<Answerable, 'at'>

/** Returns whether something was sent after a ban began in the log. */
export const isSentAfter = ({ at }: Sent, begun: number): boolean => at > begun

/** Returns whether a ban that began then can be the one that was sent, whichever way fail2ban rounded its beginning. */
export const canBegin = ({ at }: Sent, begun: number): boolean => begun >= at - LOG_RESOLUTION_MS

/** Returns from when on something can have been sent about a ban, by its line, or by its own time, which is cut. */
export const sentSince = ({ at, loggedAt }: Sent & { readonly loggedAt: number | null }): number =>
  loggedAt ?? at - LOG_RESOLUTION_MS
