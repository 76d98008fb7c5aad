import * as z from 'zod'
import { Count } from './time.ts'

/** The incidents in numbers, as the state of each host repeats them. */
export const AlertsSummary = z.object({
  /** incidents that are not resolved and that nobody has acknowledged */
  open: Count,
  /** another one after each change of incidents, messages, rules and channels */
  revision: Count,
})
export type AlertsSummary = z.infer<typeof AlertsSummary>

export const noAlertsSummary: AlertsSummary = { open: 0, revision: 0 }
