import { type Ban, type BannedBy, showHidden } from '@bangui/shared'
import { plural } from '../lib/format.ts'

/** Returns who banned as text. */
export function describeBy(by: BannedBy): string {
  const name = by.name && showHidden(by.name)
  if (by.kind === 'user') return name ?? 'a user'
  if (by.kind === 'blocklist') return name === null ? 'a blocklist' : `blocklist ${name}`
  return by.kind === 'unknown' ? 'somebody unknown' : 'fail2ban'
}

/** fail2ban-client's banip, or that of another program: no failure caused the ban. */
const isByHand = (ban: Pick<Ban, 'by' | 'attempts'>): boolean =>
  (ban.by.kind === 'fail2ban' || ban.by.kind === 'unknown') && ban.attempts === 0

/** Returns who banned as text; a ban with fail2ban-client does not count as fail2ban's own. */
export const describeWho = (ban: Pick<Ban, 'by' | 'attempts'>): string =>
  isByHand(ban) ? 'fail2ban-client' : describeBy(ban.by)

/** Returns why an address is banned, in a few words; empty where nobody has said. */
export function describeReason(ban: Pick<Ban, 'by' | 'reason' | 'attempts' | 'extension'>): string {
  const note = ban.reason || ban.extension?.reason
  if (note) return showHidden(note)
  if (ban.by.kind !== 'fail2ban' || isByHand(ban) || ban.attempts === null) return ''
  return plural(ban.attempts, 'failure')
}

/** Returns why and by whom an address is banned. */
export function describeCause(ban: Pick<Ban, 'by' | 'reason' | 'attempts' | 'extension'>): string {
  const who = `by ${describeWho(ban)}`
  const why = describeReason(ban)
  return why === '' ? who : `${why} · ${who}`
}
