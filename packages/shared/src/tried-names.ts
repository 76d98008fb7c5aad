import type { TriedName } from './activity.ts'

/** A name is cut to this many characters. */
const MAX_NAME_LENGTH = 64
/** More names of a ban are not returned. */
const MAX_NAMES = 20

/** A name without blanks; the longest repeats and no others, because lines come from attackers. */
const NAME = String.raw`([^\s"'<>\[\](),;:]{1,256})`

/** Where a log line has the name, the most telling first: of OpenSSH and PAM, of mail servers, of web and FTP servers. */
const patterns: readonly RegExp[] = [
  new RegExp(
    String.raw`\b(?:password|publickey|keyboard-interactive\S*|none|method|login|attempt) for (?:invalid user |illegal user )?${NAME} from\b`,
    'i',
  ),
  new RegExp(String.raw`\b(?:invalid|illegal|authenticating) user ${NAME}\b`, 'i'),
  new RegExp(String.raw`\bexceeded for (?:invalid user )?${NAME} from\b`, 'i'),
  new RegExp(String.raw`\bUser ${NAME} from \S+ not allowed\b`),
  new RegExp(String.raw`\b(?:sasl_username|user(?:name)?|login|ruser|acct)=["'<]?${NAME}`, 'i'),
  new RegExp(String.raw`\buser "([^"]{1,256})"`, 'i'),
  new RegExp(
    String.raw`\buser ['<]?${NAME}['>]?(?: not found|: authentication failure|: password mismatch| failed)`,
    'i',
  ),
  new RegExp(String.raw`\bUSER ${NAME}:`),
  new RegExp(String.raw`\[${NAME}\] FAIL LOGIN\b`),
]

/** Returns the names that log lines of failed sign-ins contain, the most frequent first. Any line may come from an attacker. */
export function triedNames(lines: readonly string[]): TriedName[] {
  const counts = new Map<string, number>()
  for (const line of lines) {
    const name = nameIn(line)
    if (name !== undefined) counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  return [...counts]
    .map(([name, count]) => ({ name, lines: count }))
    .toSorted((one, other) => other.lines - one.lines)
    .slice(0, MAX_NAMES)
}

function nameIn(line: string): string | undefined {
  for (const pattern of patterns) {
    const name = pattern.exec(line)?.[1]
    if (name !== undefined) return name.slice(0, MAX_NAME_LENGTH)
  }
  return undefined
}
