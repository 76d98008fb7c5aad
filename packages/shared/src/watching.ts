import * as z from 'zod'
import { Count } from './time.ts'

/** The state of the event source: fail2ban's log. */
export const EventSourceStatus = z.object({
  kind: z.enum(['file', 'journal', 'none']),
  /** `following`: up to date; `catching_up`: reading older lines; else it does not work and `message` says why */
  state: z.enum(['following', 'catching_up', 'missing', 'unreadable', 'unsupported', 'daemon_offline']),
  /** the file, or null */
  path: z.string().nullable(),
  /** a sentence that a person can act on; null: no problem */
  message: z.string().nullable(),
})
export type EventSourceStatus = z.infer<typeof EventSourceStatus>

/** The state of fail2ban's own database. */
export const DaemonDatabaseStatus = z.object({
  state: z.enum(['ok', 'off', 'missing', 'locked', 'malformed', 'unreadable', 'unknown']),
  path: z.string().nullable(),
  message: z.string().nullable(),
})
export type DaemonDatabaseStatus = z.infer<typeof DaemonDatabaseStatus>

/** The state of BanGUI's event sources. */
export const Watching = z.object({
  events: EventSourceStatus,
  database: DaemonDatabaseStatus,
  /** the import of fail2ban's own history; null: none is running */
  importing: z.object({ done: Count, total: Count.nullable() }).nullable(),
  /** how often active bans were corrected without an event for each, such as their ends */
  corrections: Count,
})
export type Watching = z.infer<typeof Watching>

export const unknownWatching: Watching = {
  events: { kind: 'none', state: 'daemon_offline', path: null, message: null },
  database: { state: 'unknown', path: null, message: null },
  importing: null,
  corrections: 0,
}
