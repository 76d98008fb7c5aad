import * as z from 'zod'
import { BannedBy } from './banned-by.ts'
import { HealthSeverity } from './health-checks/health-check.ts'
import { EndReason } from './history.ts'
import { Count, Time } from './time.ts'

/** `host`: the key of the host, in messages and lists */
const at = { at: Time, host: z.string().optional() }
const about = { ...at, jail: z.string(), address: z.string(), country: z.string().nullish() }

const list = { list: z.int(), name: z.string(), jail: z.string() }

/** An event. Its texts come from logs: they are never trusted and never shown as HTML. */
export const Event = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ban.added'), ...about, until: Time.nullish(), by: BannedBy.nullish() }),
  z.object({
    type: z.literal('ban.removed'),
    ...about,
    reason: EndReason.nullish(),
    by: z.string().nullish(),
  }),
  z.object({ type: z.literal('ban.extended'), ...about, until: Time.nullish(), times: Count }),
  /** `failedAt`: the time of the log line that the jail reads; `at` is the time in fail2ban's log */
  z.object({
    type: z.literal('failure.found'),
    ...about,
    failedAt: Time.nullish(),
    /** the jail reads fail2ban's own log: this repeats a ban of another jail and is not a failure */
    echo: z.boolean().optional(),
  }),
  z.object({ type: z.literal('failure.ignored'), ...about, by: z.string() }),
  z.object({
    type: z.literal('action.failed'),
    ...at,
    jail: z.string(),
    action: z.string(),
    verb: z.string(),
    address: z.string().nullish(),
  }),
  z.object({
    type: z.literal('jail.changed'),
    ...at,
    jail: z.string(),
    change: z.enum(['started', 'stopped', 'reloaded']).nullish(),
    /** the user who stopped it with BanGUI; null: unknown */
    by: z.string().nullish(),
  }),
  z.object({
    type: z.literal('daemon.changed'),
    ...at,
    online: z.boolean(),
    version: z.string().nullish(),
    /** its process, which distinguishes one run of the daemon from the next */
    pid: z.int().nullish(),
  }),
  /** a finding of the protection's checks, `finding` its id */
  z.object({
    type: z.literal('health.changed'),
    ...at,
    jail: z.string().nullish(),
    finding: z.string(),
    check: z.string(),
    severity: HealthSeverity,
    title: z.string(),
    /** `changed`: its severity; `unaccepted`: somebody took the acceptance back, or it is over */
    change: z.enum(['began', 'changed', 'ended', 'accepted', 'unaccepted']),
    /** somebody has accepted it: it does not count */
    accepted: z.boolean(),
    /** the user who accepted it or took that back */
    by: z.string().nullish(),
  }),
  /** somebody has changed the configuration without BanGUI: `change` is the id in the history */
  z.object({ type: z.literal('config.changed'), ...at, change: z.string(), title: z.string(), files: Count }),
  /** a blocklist: `list` its id. An import that changed nothing is no event */
  z.object({
    type: z.literal('blocklist.imported'),
    ...at,
    ...list,
    banned: Count,
    unbanned: Count,
  }),
  z.object({ type: z.literal('blocklist.failed'), ...at, ...list, message: z.string() }),
  /** it waits until somebody confirms it */
  z.object({ type: z.literal('blocklist.held'), ...at, ...list, entries: Count, formerEntries: Count }),
  /** it is not imported: it was switched off or removed, or somebody dropped the version that was held back */
  z.object({
    type: z.literal('blocklist.changed'),
    ...at,
    ...list,
    change: z.enum(['disabled', 'removed', 'dropped']),
  }),
  z.object({ type: z.literal('reset'), ...at }),
])
export type Event = z.infer<typeof Event>
export type EventType = Event['type']

/** An event with its number in the sequence. */
export interface StoredEvent {
  readonly seq: number
  readonly event: Event
}
