import * as z from 'zod'

/** The name of a time zone, as in `Europe/Berlin`. */
export const TimeZone = z
  .string()
  .min(1)
  .max(64)
  .refine(isTimeZone, 'This is not the name of a time zone, such as Europe/Berlin.')

/** Returns whether there is a time zone with a name. */
export function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) instanceof Intl.DateTimeFormat
  } catch {
    return false // unknown here
  }
}
