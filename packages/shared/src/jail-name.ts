import * as z from 'zod'

/** fail2ban itself has no limit; a longer name would be no name of a file with its filter. */
const MAX_LENGTH = 255

const pattern = /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/

/** Section names of jail.conf that are no jails. */
const reserved = new Set(['DEFAULT', 'INCLUDES', 'KNOWN', 'Definition', 'Init'])

/** Whether a text can be the name of a jail that BanGUI acts on: no path, no option, no control character. */
export const isJailName = (text: string): boolean =>
  text.length <= MAX_LENGTH && pattern.test(text) && !reserved.has(text) && !text.includes('..')

export const JailName = z
  .string()
  .max(MAX_LENGTH, `A jail name has at most ${MAX_LENGTH} characters.`)
  .refine(
    isJailName,
    'A jail name has letters, digits, "_", "-" and "." only, and begins with a letter, a digit or "_".',
  )
export type JailName = z.infer<typeof JailName>
