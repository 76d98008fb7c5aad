import * as z from 'zod'
import { Cursor, Limit } from './ban.ts'
import { Event, type EventType } from './event.ts'
import { HistoryFilter, HistoryRow } from './history.ts'
import { Operation } from './operation.ts'
import { Count, Time } from './time.ts'

/**
 * The kinds of entries of the activity. `system`: jails, fail2ban and the checks of the protection; `change`: what people,
 * schedules and BanGUI itself did, and what others did to the configuration.
 */
export const ActivityKind = z.enum(['ban', 'unban', 'failure', 'ignored', 'system', 'change'])
export type ActivityKind = z.infer<typeof ActivityKind>

export const activityKinds: readonly ActivityKind[] = ActivityKind.options

const kinds = {
  // the history of bans has these, for longer than events are kept
  'ban.added': null,
  'ban.removed': 'unban',
  'ban.extended': 'unban',
  'failure.found': 'failure',
  'failure.ignored': 'ignored',
  'action.failed': 'system',
  'jail.changed': 'system',
  'daemon.changed': 'system',
  'health.changed': 'system',
  'config.changed': 'change',
  'blocklist.failed': 'change',
  'blocklist.held': 'change',
  'blocklist.changed': 'change',
  // an operation records the import
  'blocklist.imported': null,
  reset: null,
} satisfies Record<EventType, ActivityKind | null>

/** Returns the kind of an event in the activity; a ban is of kind `ban`. Null: the activity has another entry for it, or none. */
export const activityKindOf = (type: EventType): ActivityKind | null =>
  type === 'ban.added' ? 'ban' : kinds[type]

/** Returns the types of events that the activity lists as events. */
export const activityTypesOf = (wanted: readonly ActivityKind[]): EventType[] =>
  (Object.keys(kinds) as EventType[]).filter((type) => {
    const kind = kinds[type]
    return kind !== null && wanted.includes(kind)
  })

export const ActivityFilter = HistoryFilter.omit({ source: true }).extend({
  /** @default every kind */
  kinds: z.array(ActivityKind).max(6).optional(),
})
export type ActivityFilter = z.infer<typeof ActivityFilter>

export const ListActivityInput = ActivityFilter.extend({ cursor: Cursor.nullish(), limit: Limit }).prefault(
  {},
)
export type ListActivityInput = z.infer<typeof ListActivityInput>

export const CountActivityInput = ActivityFilter.omit({ kinds: true }).prefault({})
export type CountActivityInput = z.infer<typeof CountActivityInput>

/** A name that somebody tried to sign in with, and in how many of the log lines that are kept of the ban. Its text comes from logs. */
export const TriedName = z.object({ name: z.string(), lines: Count })
export type TriedName = z.infer<typeof TriedName>

/** An entry of the activity; `id` is its own as long as it exists. */
export const ActivityRow = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ban'), id: z.string(), at: Time, ban: HistoryRow, tried: z.array(TriedName) }),
  z.object({ type: z.literal('event'), id: z.string(), at: Time, event: Event }),
  z.object({ type: z.literal('operation'), id: z.string(), at: Time, operation: Operation }),
])
export type ActivityRow = z.infer<typeof ActivityRow>

export const ActivityPage = z.object({ rows: z.array(ActivityRow), nextCursor: z.string().nullable() })
export type ActivityPage = z.infer<typeof ActivityPage>

/** How many entries of each kind there are. */
export const ActivityCounts = z.object({
  /** null: too many to count one by one */
  counts: z.record(ActivityKind, Count.nullable()),
  /** since when there are events: unbans, failures and whatever else is no ban and no operation; null: there are none yet */
  eventsSince: Time.nullable(),
})
export type ActivityCounts = z.infer<typeof ActivityCounts>
