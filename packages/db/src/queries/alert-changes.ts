import type { AlertRuleKind, AlertSeverity, DeliveryKind, IncidentStep } from '@bangui/shared'
import type { Db } from '../database.ts'
import { inTransaction } from '../transaction.ts'
import { parseJson } from './parse-json.ts'

/** An incident as it is opened. */
export interface NewIncident {
  readonly id: string
  readonly ruleId: number
  readonly rule: AlertRuleKind
  readonly ruleName: string
  readonly severity: AlertSeverity
  /** null: it is about BanGUI itself */
  readonly hostId: number | null
  readonly hostName: string
  readonly subject: string
  readonly title: string
  readonly text: string
  readonly count: number
  readonly openedAt: number
}

/** What changes of an incident; what is left out stays. */
export interface IncidentChange {
  readonly id: string
  readonly text?: string
  readonly count?: number
  readonly announcedAt?: number
  readonly remindedAt?: number
  readonly resolvedAt?: number
}

/** A message to be queued. */
export interface NewDelivery {
  readonly deliveryId: string
  readonly channelId: number
  /** the public id of the incident; null: it is about none */
  readonly incident: string | null
  readonly kind: DeliveryKind
  readonly critical: boolean
  readonly title: string
  /** plain data */
  readonly message: unknown
  readonly createdAt: number
}

export interface NewHistoryEntry {
  readonly incident: string
  readonly at: number
  readonly kind: IncidentStep
  readonly by?: string
  readonly detail?: string
}

/** Everything that one look of the rules changes. */
export interface AlertChanges {
  /** the newest event that the rules have seen; null leaves it */
  readonly seq: number | null
  /** what a rule has seen of a subject; null: nothing worth keeping */
  readonly subjects: readonly { readonly ruleId: number; readonly subject: string; readonly state: unknown }[]
  readonly opened: readonly NewIncident[]
  readonly changed: readonly IncidentChange[]
  readonly history: readonly NewHistoryEntry[]
  readonly deliveries: readonly NewDelivery[]
  /** digests that were made: what they cover ends then */
  readonly digests: readonly { readonly channelId: number; readonly until: number }[]
}

/** Nothing changes. */
export const noAlertChanges: AlertChanges = {
  seq: null,
  subjects: [],
  opened: [],
  changed: [],
  history: [],
  deliveries: [],
  digests: [],
}

/** Stores what a look of the rules changes, all or nothing: after a crash, nothing is forgotten and nothing repeated. */
export const saveAlertChanges = (db: Db, changes: AlertChanges): Promise<void> =>
  inTransaction(db, async (transaction) => {
    if (changes.seq !== null) await setProgress(transaction, 'seq', changes.seq)
    for (const one of changes.subjects) await saveSubject(transaction, one)
    for (const one of changes.opened) await openIncident(transaction, one)
    for (const one of changes.changed) await changeIncident(transaction, one)
    for (const one of changes.history) await addHistory(transaction, one)
    for (const one of changes.deliveries) await addDelivery(transaction, one)
    for (const { channelId, until } of changes.digests)
      await transaction
        .updateTable('alert_channels')
        .set({ digest_until: until })
        .where('id', '=', channelId)
        .execute()
  })

async function saveSubject(db: Db, { ruleId, subject, state }: AlertChanges['subjects'][number]) {
  if (state === null) {
    await db
      .deleteFrom('alert_subjects')
      .where('rule_id', '=', ruleId)
      .where('subject', '=', subject)
      .execute()
    return
  }
  const text = JSON.stringify(state)
  await db
    .insertInto('alert_subjects')
    .values({ rule_id: ruleId, subject, state: text })
    .onConflict((conflict) => conflict.columns(['rule_id', 'subject']).doUpdateSet({ state: text }))
    .execute()
}

async function openIncident(db: Db, incident: NewIncident): Promise<void> {
  const { id, ruleId, rule, ruleName, severity, hostId, hostName, subject, title, text, count, openedAt } =
    incident
  await db
    .insertInto('alert_incidents')
    .values({
      id,
      rule_id: ruleId,
      rule,
      rule_name: ruleName,
      severity,
      host_id: hostId,
      host_name: hostName,
      subject,
      state: 'open',
      title,
      content: text,
      count,
      opened_at: openedAt,
    })
    .execute()
}

async function changeIncident(db: Db, change: IncidentChange): Promise<void> {
  const { id, text, count, announcedAt, remindedAt, resolvedAt } = change
  await db
    .updateTable('alert_incidents')
    .set({
      ...(text !== undefined && { content: text }),
      ...(count !== undefined && { count }),
      ...(announcedAt !== undefined && { announced_at: announcedAt }),
      ...(remindedAt !== undefined && { reminded_at: remindedAt }),
      ...(resolvedAt !== undefined && { resolved_at: resolvedAt, state: 'resolved' as const }),
    })
    .where('id', '=', id)
    .execute()
}

/** Stores a line of the history of an incident. */
export async function addHistory(db: Db, { incident, at, kind, by, detail }: NewHistoryEntry): Promise<void> {
  const seq = await findSeq(db, incident)
  if (seq === undefined) return
  await db
    .insertInto('alert_history')
    .values({ incident: seq, at, kind, by_name: by ?? null, detail: detail ?? null })
    .execute()
}

async function addDelivery(db: Db, delivery: NewDelivery): Promise<void> {
  const { deliveryId, channelId, incident, kind, critical, title, message, createdAt } = delivery
  await db
    .insertInto('alert_deliveries')
    .values({
      delivery_id: deliveryId,
      channel_id: channelId,
      incident: incident === null ? null : ((await findSeq(db, incident)) ?? null),
      kind,
      critical: critical ? 1 : 0,
      title,
      message: JSON.stringify(message),
      state: 'waiting',
      created_at: createdAt,
      next_at: createdAt,
    })
    .execute()
}

async function findSeq(db: Db, incident: string): Promise<number | undefined> {
  const row = await db
    .selectFrom('alert_incidents')
    .select('seq')
    .where('id', '=', incident)
    .executeTakeFirst()
  return row?.seq
}

/** Stores how far the rules have come. */
export async function setProgress(db: Db, name: 'seq' | 'seeded', value: number): Promise<void> {
  await db
    .insertInto('alert_progress')
    .values({ name, value })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
    .execute()
}

/** Returns how far the rules have come; undefined: they have seen nothing. */
export async function findProgress(db: Db, name: 'seq' | 'seeded'): Promise<number | undefined> {
  const row = await db
    .selectFrom('alert_progress')
    .select('value')
    .where('name', '=', name)
    .executeTakeFirst()
  return row?.value
}

/** Returns what the rules have seen of each subject: plain data, undefined where it cannot be read. */
export async function listAlertSubjects(
  db: Db,
): Promise<{ readonly ruleId: number; readonly subject: string; readonly state: unknown }[]> {
  const rows = await db.selectFrom('alert_subjects').selectAll().execute()
  return rows.map(({ rule_id, subject, state }) => ({ ruleId: rule_id, subject, state: parseJson(state) }))
}

export interface IncidentVerb {
  readonly id: string
  readonly by: string
  readonly now: number
}

/** Acknowledges an incident that is not resolved and not acknowledged. Returns whether it did. */
export const acknowledgeIncident = (db: Db, { id, by, now }: IncidentVerb): Promise<boolean> =>
  inTransaction(db, async (transaction) => {
    const { numUpdatedRows } = await transaction
      .updateTable('alert_incidents')
      .set({ state: 'acknowledged', acknowledged_at: now, acknowledged_by: by })
      .where('id', '=', id)
      .where('state', 'in', ['open', 'notified'])
      .executeTakeFirst()
    if (numUpdatedRows === 0n) return false
    await addHistory(transaction, { incident: id, at: now, kind: 'acknowledged', by })
    return true
  })

/** Mutes an incident that is not resolved until a time, or no longer (null). Returns whether it did. */
export const muteIncident = (
  db: Db,
  { id, by, now, until }: IncidentVerb & { readonly until: number | null },
): Promise<boolean> =>
  inTransaction(db, async (transaction) => {
    const { numUpdatedRows } = await transaction
      .updateTable('alert_incidents')
      .set({ muted_until: until, muted_by: until === null ? null : by })
      .where('id', '=', id)
      .where('resolved_at', 'is', null)
      .executeTakeFirst()
    if (numUpdatedRows === 0n) return false
    await addHistory(transaction, { incident: id, at: now, kind: until === null ? 'unmuted' : 'muted', by })
    return true
  })

export interface AlertLimits {
  /** incidents that were resolved, and messages that were done with, before this time are deleted */
  readonly before: number
  /** how many of each stay */
  readonly most: number
}

/** Deletes old incidents that are resolved, and old messages that do not wait. */
export const deleteOldAlerts = (db: Db, { before, most }: AlertLimits): Promise<void> =>
  inTransaction(db, async (transaction) => {
    const newestIncidents = transaction
      .selectFrom('alert_incidents')
      .select('seq')
      .orderBy('seq', 'desc')
      .limit(most)
    await transaction
      .deleteFrom('alert_incidents')
      .where('resolved_at', 'is not', null)
      .where(({ eb, or }) => or([eb('resolved_at', '<', before), eb('seq', 'not in', newestIncidents)]))
      .execute()
    const newestDeliveries = transaction
      .selectFrom('alert_deliveries')
      .select('id')
      .orderBy('id', 'desc')
      .limit(most)
    await transaction
      .deleteFrom('alert_deliveries')
      .where('state', 'in', ['sent', 'failed'])
      .where(({ eb, or }) => or([eb('created_at', '<', before), eb('id', 'not in', newestDeliveries)]))
      .execute()
  })
