import * as z from 'zod'

const pattern = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$/

/** Section names of jail.conf that are no jails. */
const reserved = new Set(['DEFAULT', 'INCLUDES', 'KNOWN', 'Definition', 'Init'])

/** Whether a text can be the name of a jail that BanGUI acts on: no path, no option, no control character. */
export const isJailName = (text: string): boolean =>
  pattern.test(text) && !reserved.has(text) && !text.includes('..')

export const JailName = z
  .string()
  .max(64, 'A jail name has at most 64 characters.')
  .refine(
    isJailName,
    'A jail name has letters, digits, "_", "-" and "." only, and begins with a letter, a digit or "_".',
  )
export type JailName = z.infer<typeof JailName>
