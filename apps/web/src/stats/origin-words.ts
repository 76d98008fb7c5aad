import { listOfOrigin, type Origin, showHidden } from '@bangui/shared'

// the model of the server would bring its whole library into the page
const pattern = /^(?:fail2ban|user|unknown|blocklist(?::[1-9][0-9]{0,8})?)$/

/** Returns the origin of a page's URL; undefined: everybody's bans. */
export const readOrigin = (text: unknown): Origin | undefined =>
  typeof text === 'string' && pattern.test(text) ? (text as Origin) : undefined

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
