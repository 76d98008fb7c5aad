import * as z from 'zod'
import { Count, Time } from './time.ts'

/** What BanGUI observed on one UTC day. The rest of the day was not observed. */
export const StateDay = z.object({
  /** the beginning of the day */
  day: Time,
  upSeconds: Count,
  /** not running, though it should */
  downSeconds: Count,
  idleSeconds: Count,
  /** how often its state changed, or fail2ban was a new process */
  changes: Count,
})
export type StateDay = z.infer<typeof StateDay>

/** The last STATE_DAYS of fail2ban and of each jail, the oldest first; days without observation are left out. */
export const StateHistory = z.object({
  /** the key of the host, where several were asked about */
  host: z.string().optional(),
  /** null: fail2ban itself */
  jail: z.string().nullable(),
  days: z.array(StateDay),
})
export type StateHistory = z.infer<typeof StateHistory>
