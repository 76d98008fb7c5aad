import { Delivery } from '@bangui/shared'
import type { Db } from '../database.ts'
import { inTransaction } from '../transaction.ts'
import { addHistory } from './alert-changes.ts'
import { inBatches } from './in-batches.ts'
import { parseJson } from './parse-json.ts'

/** A message that waits, as the queue needs it. */
export interface WaitingDelivery {
  readonly id: number
  readonly deliveryId: string
  readonly critical: boolean
  readonly kind: string
  readonly title: string
  /** the public id of its incident; null: it is about none */
  readonly incident: string | null
  readonly attempts: number
  readonly createdAt: number
  readonly nextAt: number
  /** plain data */
  readonly message: unknown
  /** plain data: what was sent at the first attempt, which is sent again; null: there was none */
  readonly outgoing: unknown
}

/** Messages of a channel that are read at once; further ones come with a later look. */
export const MAX_WAITING_DELIVERIES = 2000

/** Returns the messages of a channel that wait, the oldest first. */
export async function listWaitingDeliveries(db: Db, channelId: number): Promise<WaitingDelivery[]> {
  const rows = await db
    .selectFrom('alert_deliveries as d')
    .leftJoin('alert_incidents as i', 'i.seq', 'd.incident')
    .selectAll('d')
    .select('i.id as incident_id')
    .where('d.channel_id', '=', channelId)
    .where('d.state', '=', 'waiting')
    .orderBy('d.id')
    .limit(MAX_WAITING_DELIVERIES)
    .execute()
  return rows.map((row) => ({
    id: row.id,
    deliveryId: row.delivery_id,
    critical: row.critical === 1,
    kind: row.kind,
    title: row.title,
    incident: row.incident_id,
    attempts: row.attempts,
    createdAt: row.created_at,
    nextAt: row.next_at ?? row.created_at,
    message: parseJson(row.message),
    outgoing: row.outgoing === null ? null : parseJson(row.outgoing),
  }))
}

/** Returns the channels with messages that wait. */
export async function listBusyChannels(db: Db): Promise<number[]> {
  const rows = await db
    .selectFrom('alert_deliveries')
    .select('channel_id')
    .distinct()
    .where('state', '=', 'waiting')
    .execute()
  return rows.map(({ channel_id }) => channel_id)
}

/** Returns when a channel sent messages since a time, the oldest first. */
export async function listSentTimes(db: Db, channelId: number, since: number): Promise<number[]> {
  const rows = await db
    .selectFrom('alert_deliveries')
    .select('sent_at')
    .where('channel_id', '=', channelId)
    .where('sent_at', '>', since)
    .where('merged_into', 'is', null)
    .where('kind', '!=', 'test')
    .orderBy('sent_at')
    .limit(MAX_WAITING_DELIVERIES)
    .execute()
  return rows.map(({ sent_at }) => sent_at ?? 0)
}

/** Notes that a message is about to be sent, with those that go out in it. */
export const beginDelivery = (
  db: Db,
  {
    id,
    merged,
    outgoing,
  }: { readonly id: number; readonly merged: readonly number[]; readonly outgoing: unknown },
): Promise<void> =>
  inTransaction(db, async (transaction) => {
    await transaction
      .updateTable('alert_deliveries')
      .set((eb) => ({
        state: 'sending',
        outgoing: JSON.stringify(outgoing),
        attempts: eb('attempts', '+', 1),
      }))
      .where('id', '=', id)
      .execute()
    for (const ids of inBatches(merged))
      await transaction
        .updateTable('alert_deliveries')
        .set({ state: 'merged', merged_into: id })
        .where('id', 'in', ids)
        .execute()
  })

export interface DeliveryOutcome {
  readonly id: number
  readonly channelName: string
  readonly answer: string
  readonly now: number
  /** when it is tried again; null: not again */
  readonly nextAt: number | null
  readonly ok: boolean
}

/** Stores what became of a message and of those that went out with it; their incidents are notified, or failed to be. */
export const endDelivery = (db: Db, outcome: DeliveryOutcome): Promise<void> =>
  inTransaction(db, async (transaction) => {
    const { id, ok, answer, now, nextAt, channelName } = outcome
    const isOver = ok || nextAt === null
    const state = ok ? 'sent' : nextAt === null ? 'failed' : 'waiting'
    await transaction
      .updateTable('alert_deliveries')
      .set({ state, answer, next_at: isOver ? null : nextAt, ...(ok && { sent_at: now }) })
      .where('id', '=', id)
      .execute()
    if (!isOver) return
    await transaction
      .updateTable('alert_deliveries')
      .set({ state, answer, next_at: null, ...(ok && { sent_at: now }) })
      .where('merged_into', '=', id)
      .execute()
    const told = await transaction
      .selectFrom('alert_deliveries as d')
      .innerJoin('alert_incidents as i', 'i.seq', 'd.incident')
      .select(['i.id', 'i.state', 'i.notified_at', 'd.kind'])
      .where(({ eb, or }) => or([eb('d.id', '=', id), eb('d.merged_into', '=', id)]))
      .execute()
    for (const incident of told) {
      if (!ok) {
        const detail = `${channelName}: ${answer}`
        await addHistory(transaction, { incident: incident.id, at: now, kind: 'failed', detail })
        continue
      }
      const kind = incident.kind === 'reminder' ? 'reminded' : 'notified'
      await addHistory(transaction, { incident: incident.id, at: now, kind, detail: channelName })
      await transaction
        .updateTable('alert_incidents')
        .set({
          notified_at: incident.notified_at ?? now,
          state: incident.state === 'open' ? 'notified' : incident.state,
        })
        .where('id', '=', incident.id)
        .execute()
    }
  })

/** Lets the messages be sent again that BanGUI was sending when it ended: nobody knows whether they arrived. Returns how many. */
export async function recoverDeliveries(db: Db): Promise<number> {
  const { numUpdatedRows } = await db
    .updateTable('alert_deliveries')
    .set({ state: 'waiting', doubtful: 1 })
    .where('state', '=', 'sending')
    .executeTakeFirst()
  return Number(numUpdatedRows)
}

/** Stores a test message that was sent. */
export async function insertTestDelivery(
  db: Db,
  test: {
    readonly deliveryId: string
    readonly channelId: number
    readonly title: string
    readonly ok: boolean
    readonly answer: string
    readonly now: number
  },
): Promise<void> {
  await db
    .insertInto('alert_deliveries')
    .values({
      delivery_id: test.deliveryId,
      channel_id: test.channelId,
      incident: null,
      kind: 'test',
      critical: 0,
      title: test.title,
      message: '{}',
      state: test.ok ? 'sent' : 'failed',
      attempts: 1,
      created_at: test.now,
      sent_at: test.ok ? test.now : null,
      answer: test.answer,
    })
    .execute()
}

export interface DeliveryQuery {
  readonly channel: number | null
  /** the public id of an incident */
  readonly incident: string | null
  readonly before: number | null
  readonly limit: number
}

const StoredDelivery = Delivery.omit({ text: true })

export interface ListedDelivery extends Omit<Delivery, 'text'> {
  /** plain data: what was sent, else what is to be sent */
  readonly message: unknown
}

/** Returns messages, the newest first; those that went out in another one only where an incident is asked about. */
export async function listDeliveries(
  db: Db,
  { channel, incident, before, limit }: DeliveryQuery,
): Promise<ListedDelivery[]> {
  const rows = await db
    .selectFrom('alert_deliveries as d')
    .innerJoin('alert_channels as c', 'c.id', 'd.channel_id')
    .leftJoin('alert_incidents as i', 'i.seq', 'd.incident')
    .selectAll('d')
    .select(['c.settings', 'i.id as incident_id'])
    .select(({ selectFrom }) =>
      selectFrom('alert_deliveries as m')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .whereRef('m.merged_into', '=', 'd.id')
        .as('merged'),
    )
    .$if(channel !== null, (query) => query.where('d.channel_id', '=', channel ?? 0))
    .$if(incident !== null, (query) => query.where('i.id', '=', incident ?? ''))
    .$if(incident === null, (query) => query.where('d.merged_into', 'is', null))
    .$if(before !== null, (query) => query.where('d.id', '<', before ?? 0))
    .orderBy('d.id', 'desc')
    .limit(limit)
    .execute()
  return rows.flatMap((row) => {
    const { data } = StoredDelivery.safeParse({
      id: row.id,
      channel: row.channel_id,
      channelName: (parseJson(row.settings) as { readonly name?: unknown } | undefined)?.name,
      kind: row.kind,
      title: row.title,
      incident: row.incident_id,
      state: row.state,
      merged: Number(row.merged),
      attempts: row.attempts,
      createdAt: row.created_at,
      nextAt: row.state === 'waiting' ? row.next_at : null,
      sentAt: row.sent_at,
      answer: row.answer,
      doubtful: row.doubtful === 1,
    })
    return data ? { ...data, message: parseJson(row.outgoing ?? row.message) } : []
  })
}

/** What became of the last message of a channel, and how many wait. */
export interface ChannelActivity {
  readonly waiting: number
  readonly last: { readonly at: number; readonly ok: boolean; readonly answer: string | null } | null
}

/** Returns what a channel does. */
export async function findChannelActivity(db: Db, channelId: number): Promise<ChannelActivity> {
  const { waiting } = await db
    .selectFrom('alert_deliveries')
    .select(({ fn }) => fn.countAll<number>().as('waiting'))
    .where('channel_id', '=', channelId)
    .where('state', 'in', ['waiting', 'sending'])
    .executeTakeFirstOrThrow()
  const last = await db
    .selectFrom('alert_deliveries')
    .select(['created_at', 'sent_at', 'state', 'answer'])
    .where('channel_id', '=', channelId)
    .where('attempts', '>', 0)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return {
    waiting,
    last: last
      ? { at: last.sent_at ?? last.created_at, ok: last.state === 'sent', answer: last.answer }
      : null,
  }
}
