import { listOfOrigin, Origin, showHidden } from '@bangui/shared'

/** Returns the origin of a page's URL; undefined: everybody's bans. */
export const readOrigin = (text: unknown): Origin | undefined => Origin.safeParse(text).data

const words = {
  fail2ban: 'fail2ban',
  user: 'Users',
  unknown: 'Somebody unknown',
  blocklist: 'All blocklists',
} as const

/** Returns an origin as text; `name`: that of the blocklist, where it is known. */
export function describeOrigin(origin: Origin, name?: string | null): string {
  const list = listOfOrigin(origin)
  if (list !== undefined) return name ? showHidden(name) : `Blocklist ${list}`
  return words[origin as keyof typeof words]
}
