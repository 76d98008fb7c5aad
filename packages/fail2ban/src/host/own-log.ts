import { realpath } from 'node:fs/promises'
import { jailArgument } from '../commands.ts'
import { Fail2banCommandError, Fail2banUnavailableError } from '../errors.ts'
import { findLogSettings } from '../events/log-target.ts'
import { readTextsOnly } from '../replies.ts'
import { markLog, type LogPosition } from './log-tail.ts'
import type { LocalHostContext } from './local-host-context.ts'

/** The matches for fail2ban's entries in the journal: its unit, its name in syslog, its program. */
const ownEntries =
  /(?:^|\s)(?:_SYSTEMD_UNIT=fail2ban(?:\.service)?|SYSLOG_IDENTIFIER=fail2ban\S*|_COMM=fail2ban-\S+)(?:\s|$)/

/** Returns whether a match of the journal, fields separated by blanks, finds what fail2ban wrote. */
export const isOwnMatch = (match: string): boolean => ownEntries.test(match)

/**
 * Returns the running jails that read fail2ban's own log, whatever their name: a failure that such a jail finds repeats a ban
 * of another jail. Decided by the files and journal entries that the daemon reports for each jail.
 */
export async function jailsOfOwnLog(
  context: LocalHostContext,
  jails: readonly string[],
): Promise<Set<string>> {
  const { target } = await findLogSettings(context)
  const own = target.kind === 'file' ? await realPath(target.path) : undefined
  const found = await Promise.all(jails.map((jail) => readsOwnLog(context, jail, own)))
  return new Set(jails.filter((_jail, index) => found[index]))
}

async function readsOwnLog(
  context: LocalHostContext,
  jail: string,
  own: string | undefined,
): Promise<boolean> {
  const paths = await ask(context, jail, 'logpath')
  if (paths.length === 0) return (await ask(context, jail, 'journalmatch')).some(isOwnMatch)
  if (own === undefined) return false
  // mostly the very text; a log can be reached by links as well
  return paths.includes(own) || (await Promise.all(paths.map(realPath))).includes(own)
}

/** Texts that the daemon has of a jail: a journal match is a list of its own for each alternative. */
async function ask(
  { connection }: LocalHostContext,
  jail: string,
  what: 'logpath' | 'journalmatch',
): Promise<string[]> {
  try {
    const value = await connection.request(['get', jailArgument(jail), what])
    if (!Array.isArray(value)) return []
    return value.flatMap((part: unknown) =>
      Array.isArray(part) ? [readTextsOnly(part, what).join(' ')] : readTextsOnly([part], what),
    )
  } catch (error) {
    // the jail was just stopped, or its reply is of an unknown form: it counts as any other jail
    if (error instanceof Fail2banCommandError) return []
    if (error instanceof Fail2banUnavailableError && error.params.reason === 'protocol_error') return []
    throw error
  }
}

/** Returns where fail2ban's own log ends now; undefined: that is no file. Never rejects. */
export async function markOwnLog(context: LocalHostContext): Promise<LogPosition | undefined> {
  const { target } = await findLogSettings(context)
  return target.kind === 'file' ? markLog(target.path) : undefined
}

const realPath = (path: string): Promise<string> => realpath(path).catch(() => path)
