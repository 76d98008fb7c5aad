import type { AlertRuleKind, AlertSeverity, DeliveryKind, DeliveryState, IncidentState } from '@bangui/shared'
import type { Generated } from 'kysely'

/** The tables of alerts. Times are epoch milliseconds, booleans 0 or 1, JSON is text. */
export interface AlertTables {
  alert_channels: AlertChannelTable
  alert_rules: AlertRuleTable
  /** what a rule has seen of each thing that it is about: JSON */
  alert_subjects: { rule_id: number; subject: string; state: string }
  alert_incidents: AlertIncidentTable
  alert_history: AlertHistoryTable
  alert_deliveries: AlertDeliveryTable
  /** `seq`: the newest event that the rules have seen; `seeded`: the first rules were made */
  alert_progress: { name: 'seq' | 'seeded'; value: number }
}

/** A way to send alerts. */
interface AlertChannelTable {
  id: Generated<number>
  /** JSON, without secrets */
  settings: string
  /** JSON, encrypted; null: it has no secrets */
  sealed: string | null
  /** JSON: which secrets are set */
  secret_names: string
  /** the end of what the last digest covered */
  digest_until: number | null
  created_at: number
  updated_at: number
}

interface AlertRuleTable {
  id: Generated<number>
  /** JSON */
  settings: string
  muted_until: number | null
  muted_by: string | null
  created_at: number
  updated_at: number
}

/** One time that a rule fired for one subject. */
interface AlertIncidentTable {
  seq: Generated<number>
  /** random, public */
  id: string
  /** null: the rule was removed */
  rule_id: number | null
  rule: AlertRuleKind
  rule_name: string
  severity: AlertSeverity
  /** null: it is about BanGUI itself */
  host_id: number | null
  host_name: string
  subject: string
  state: IncidentState
  title: string
  content: string
  count: number
  opened_at: number
  /** when its first message was queued */
  announced_at: number | null
  /** when the first channel accepted a message */
  notified_at: number | null
  reminded_at: number | null
  acknowledged_at: number | null
  acknowledged_by: string | null
  resolved_at: number | null
  muted_until: number | null
  muted_by: string | null
}

interface AlertHistoryTable {
  id: Generated<number>
  incident: number
  at: number
  kind: string
  by_name: string | null
  detail: string | null
}

/** A message to a channel. */
interface AlertDeliveryTable {
  id: Generated<number>
  /** random: the receiver can tell by it that it has this message already */
  delivery_id: string
  channel_id: number
  incident: number | null
  kind: DeliveryKind
  critical: 0 | 1
  title: string
  /** JSON */
  message: string
  /** JSON: what is sent, from the first attempt on; it may stand for several messages */
  outgoing: string | null
  /** the delivery that this one goes out with */
  merged_into: number | null
  state: DeliveryState
  attempts: Generated<number>
  /** 1: BanGUI ended while it was sent */
  doubtful: Generated<0 | 1>
  created_at: number
  next_at: number | null
  sent_at: number | null
  answer: string | null
}
