import * as z from 'zod'

/** fail2ban itself has no limit. */
const MAX_LENGTH = 255

/** Characters that end a command or a connection on the wire. */
const wireMarks = ['<F2B_END_COMMAND>', '<F2B_CLOSE_COMMAND>']

/** Names that `get` and `set` take for a setting of fail2ban itself, never for a jail (`transmitter.py`, `__commandSet`). */
const daemonSettings = new Set([
  'loglevel',
  'logtarget',
  'syslogsocket',
  'allowipv6',
  'thread',
  'dbfile',
  'dbmaxmatches',
  'dbpurgeage',
])

/** Returns whether a name is that of a setting of fail2ban itself: a jail of that name cannot be reached. */
export const isDaemonSetting = (name: string): boolean => daemonSettings.has(name)

/** The name that means every jail. */
const ALL_JAILS = '--all'

/**
 * Returns whether BanGUI acts on a jail of this name. fail2ban accepts nearly every name (`my jail`, `jäil`, `a/b`), and so
 * does BanGUI, because a name is one text of a command and never a path. Excluded are control characters, what has a
 * meaning on the wire, and the names of fail2ban's own settings.
 */
export const isJailName = (text: string): boolean =>
  text.length > 0 &&
  text.length <= MAX_LENGTH &&
  !/\p{Cc}/u.test(text) &&
  text.isWellFormed() &&
  !wireMarks.some((mark) => text.includes(mark)) &&
  text !== ALL_JAILS &&
  !isDaemonSetting(text)

export const JailName = z
  .string()
  .max(MAX_LENGTH, `The jail name must not be longer than ${MAX_LENGTH} characters.`)
  .refine(
    isJailName,
    'A jail name needs at least one character, must not contain control characters, and must not be the name of a fail2ban setting.',
  )
export type JailName = z.infer<typeof JailName>
