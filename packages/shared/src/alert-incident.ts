import * as z from 'zod'
import { AlertRuleKind } from './alert-rule-kind.ts'
import { AlertSeverity } from './alert-severity.ts'
import { Count, Time } from './time.ts'

/** `notified`: at least one channel has accepted a message about it. */
export const IncidentState = z.enum(['open', 'notified', 'acknowledged', 'resolved'])
export type IncidentState = z.infer<typeof IncidentState>

/** One time that a rule fired, from its opening until it is resolved. Its texts are never trusted. */
export const Incident = z.object({
  id: z.string(),
  rule: AlertRuleKind,
  /** null: the rule was removed */
  ruleId: z.int().nullable(),
  ruleName: z.string(),
  severity: AlertSeverity,
  /** the key of the host; null: it is about BanGUI itself */
  host: z.string().nullable(),
  hostName: z.string(),
  state: IncidentState,
  title: z.string(),
  text: z.string(),
  /** how many events it stands for */
  count: Count,
  openedAt: Time,
  notifiedAt: Time.nullable(),
  acknowledgedAt: Time.nullable(),
  acknowledgedBy: z.string().nullable(),
  resolvedAt: Time.nullable(),
  /** nothing is sent about it until then */
  mutedUntil: Time.nullable(),
  mutedBy: z.string().nullable(),
})
export type Incident = z.infer<typeof Incident>

export const IncidentStep = z.enum([
  'opened',
  'notified',
  'reminded',
  'acknowledged',
  'muted',
  'unmuted',
  'resolved',
  'failed',
])
export type IncidentStep = z.infer<typeof IncidentStep>

/** A line of the history of an incident. */
export interface IncidentEntry {
  readonly at: number
  readonly kind: IncidentStep
  /** the user; null: BanGUI */
  readonly by: string | null
  /** the channel, or why something failed */
  readonly detail: string | null
}

export interface IncidentDetail extends Incident {
  readonly history: readonly IncidentEntry[]
}

const page = {
  cursor: z.string().max(40).optional(),
  limit: z.int().min(1).max(500).default(50),
}

export const ListIncidentsInput = z
  .object({ /** `open`: every one that is not resolved */ state: IncidentState.optional(), ...page })
  .prefault({})
export type ListIncidentsInput = z.infer<typeof ListIncidentsInput>

export const IncidentIdInput = z.object({ id: z.string().min(1).max(64) })

export const DeliveryKind = z.enum(['opened', 'reminder', 'resolved', 'digest', 'test'])
export type DeliveryKind = z.infer<typeof DeliveryKind>

/** `merged`: it went out as a part of another message. */
export const DeliveryState = z.enum(['waiting', 'sending', 'merged', 'sent', 'failed'])
export type DeliveryState = z.infer<typeof DeliveryState>

/** A message to one channel, and what became of it. */
export const Delivery = z.object({
  id: z.int(),
  channel: z.int(),
  channelName: z.string(),
  kind: DeliveryKind,
  title: z.string(),
  /** what was sent under the title; empty: it is not stored */
  text: z.string(),
  /** null: it is about none, such as a digest */
  incident: z.string().nullable(),
  state: DeliveryState,
  /** how many other messages went out with it */
  merged: Count,
  attempts: Count,
  createdAt: Time,
  /** when it is tried next; null: not again */
  nextAt: Time.nullable(),
  sentAt: Time.nullable(),
  /** what the channel answered last */
  answer: z.string().nullable(),
  /** BanGUI ended while it was sent: it may have arrived twice */
  doubtful: z.boolean(),
})
export type Delivery = z.infer<typeof Delivery>

export const ListDeliveriesInput = z
  .object({ channel: z.int().optional(), incident: z.string().max(64).optional(), ...page })
  .prefault({})
export type ListDeliveriesInput = z.infer<typeof ListDeliveriesInput>
