import * as z from 'zod'
import { Count, Time } from './time.ts'

/** Why the daemon counts as offline. */
export const OfflineReason = z.enum([
  'socket_missing',
  'refused',
  'permission_denied',
  'timeout',
  'protocol_error',
])
export type OfflineReason = z.infer<typeof OfflineReason>

/** What BanGUI has asked the daemon to do; while it runs, a daemon that does not answer is no alarm. */
export const Activity = z.enum(['loading', 'starting', 'stopping', 'banning'])
export type Activity = z.infer<typeof Activity>

/** The daemon's state as of the last probe. */
export const ServerStatus = z.object({
  online: z.boolean(),
  responding: z.boolean(),
  activity: Activity.nullable(),
  version: z.string().nullable(),
  activeJails: Count,
  currentlyBanned: Count,
  totalBanned: Count,
  currentlyFailed: Count,
  totalFailed: Count,
  reason: OfflineReason.nullable(),
  message: z.string().nullable(),
  checkedAt: Time.nullable(),
})
export type ServerStatus = z.infer<typeof ServerStatus>

/** The state before the first probe. */
export const unknownStatus: ServerStatus = {
  online: false,
  responding: false,
  activity: null,
  version: null,
  activeJails: 0,
  currentlyBanned: 0,
  totalBanned: 0,
  currentlyFailed: 0,
  totalFailed: 0,
  reason: null,
  message: null,
  checkedAt: null,
}
