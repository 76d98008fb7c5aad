import * as z from 'zod'

/** The name of a rule or a channel. */
export const AlertName = z
  .string()
  .trim()
  .min(1, 'Enter a name.')
  .max(100, 'A name has at most 100 characters.')
  .regex(/^[^\p{C}]+$/u, 'A name has no control characters.')
