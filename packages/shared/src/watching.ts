import * as z from 'zod'
import { Count } from './time.ts'

/** Where events come from, and how that stands. */
export const EventSourceStatus = z.object({
  kind: z.enum(['file', 'journal', 'none']),
  /** `following`: up to date; `catching_up`: reading what was missed; else it does not work and `message` says why */
  state: z.enum(['following', 'catching_up', 'missing', 'unreadable', 'unsupported', 'daemon_offline']),
  /** the file, or null */
  path: z.string().nullable(),
  /** a sentence that a person can act on; null when all is well */
  message: z.string().nullable(),
})
export type EventSourceStatus = z.infer<typeof EventSourceStatus>

/** How fail2ban's own database stands. */
export const DaemonDatabaseStatus = z.object({
  state: z.enum(['ok', 'off', 'missing', 'locked', 'malformed', 'unreadable', 'unknown']),
  path: z.string().nullable(),
  message: z.string().nullable(),
})
export type DaemonDatabaseStatus = z.infer<typeof DaemonDatabaseStatus>

/** How the watching itself gets on. */
export const Watching = z.object({
  events: EventSourceStatus,
  database: DaemonDatabaseStatus,
  /** the import of fail2ban's own history; null when none is under way */
  importing: z.object({ done: Count, total: Count.nullable() }).nullable(),
  /** how often bans in force were put right without an event for each, such as their ends */
  corrections: Count,
})
export type Watching = z.infer<typeof Watching>

export const unknownWatching: Watching = {
  events: { kind: 'none', state: 'daemon_offline', path: null, message: null },
  database: { state: 'unknown', path: null, message: null },
  importing: null,
  corrections: 0,
}
