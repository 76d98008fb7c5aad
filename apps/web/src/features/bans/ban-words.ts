import type { Ban, BannedBy } from '@bangui/shared'

/** Who banned, in words. */
export function describeBy(by: BannedBy): string {
  if (by.kind === 'user') return by.name ?? 'a user'
  if (by.kind === 'blocklist') return by.name === null ? 'a blocklist' : `blocklist ${by.name}`
  return 'fail2ban'
}

/** Why an address is banned, in a few words. */
export function describeReason(ban: Pick<Ban, 'by' | 'reason' | 'attempts'>): string {
  if (ban.reason !== null && ban.reason !== '') return ban.reason
  if (ban.by.kind !== 'fail2ban') return `by ${describeBy(ban.by)}`
  if (ban.attempts === null) return ''
  // fail2ban-client's banip: no failure led to it
  if (ban.attempts === 0) return 'by hand'
  return ban.attempts === 1 ? '1 failure' : `${ban.attempts} failures`
}
