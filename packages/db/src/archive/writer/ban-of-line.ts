import type { BanRow } from './statements.ts'
import type { Store } from './store.ts'

/** Seconds that a line and the end that it tells of may lie apart, in milliseconds: one of both is rounded. */
const TOLERANCE = 2_000

/**
 * fail2ban's `timeofban` is the time of the last failure, rounded to whole seconds (database.py), and so may lie half a
 * second after the line; the line's own time, rounded too, never lies before it.
 */
export const inSeconds = (at: number): number => Math.round(at / 1000) * 1000

/**
 * The ban that a line may be about: the newest of its pair before it. Where the clock was set back it can lie after the
 * line: one whose own line was read before, and that is in force.
 */
export function banOfLine(
  { statements, newestBan }: Store,
  { key, jailId, at }: { readonly key: Uint8Array; readonly jailId: number; readonly at: number },
): BanRow | undefined {
  const before = statements.banAtOrBefore.get(key, jailId, inSeconds(at))
  if (before?.active || isEndedAt(before, at)) return before
  if (!before && at >= newestBan.at) return undefined
  const inForce = statements.activeOfPair.get(jailId, key)
  return inForce && wasLogged(inForce) ? inForce : before
}

/** The log is read in its order: what was read before a line happened before it, whatever the clock said. */
export const wasLogged = (ban: Pick<BanRow, 'logged_at'>): boolean => ban.logged_at !== null

const isEndedAt = (ban: BanRow | undefined, at: number) =>
  ban !== undefined && ban.active === 0 && ban.until !== null && Math.abs(ban.until - at) <= TOLERANCE
