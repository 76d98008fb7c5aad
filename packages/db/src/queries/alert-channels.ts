import { AlertChannelSettings } from '@bangui/shared'
import type { Selectable } from 'kysely'
import type { Db } from '../database.ts'
import type { Tables } from '../tables.ts'
import { parseJson } from './parse-json.ts'

/** A channel as it is stored. */
export interface AlertChannelRecord extends AlertChannelSettings {
  readonly id: number
  /** its secrets as JSON, encrypted; null: it has none */
  readonly sealed: string | null
  /** the names of the secrets that are set */
  readonly secrets: readonly string[]
  /** the end of what its last digest covered */
  readonly digestUntil: number | null
}

export interface AlertChannelToSave {
  readonly settings: AlertChannelSettings
  readonly sealed: string | null
  readonly secrets: readonly string[]
  readonly now: number
}

/** Returns every channel, the oldest first; one that this version cannot read is left out. */
export async function listAlertChannels(db: Db): Promise<AlertChannelRecord[]> {
  const rows = await db.selectFrom('alert_channels').selectAll().orderBy('id').execute()
  return rows.flatMap((row) => channelOf(row) ?? [])
}

/** Returns a channel. */
export async function findAlertChannel(db: Db, id: number): Promise<AlertChannelRecord | undefined> {
  const row = await db.selectFrom('alert_channels').selectAll().where('id', '=', id).executeTakeFirst()
  return row && channelOf(row)
}

const valuesOf = ({ settings, sealed, secrets, now }: AlertChannelToSave) => ({
  settings: JSON.stringify(settings),
  sealed,
  secret_names: JSON.stringify(secrets),
  updated_at: now,
})

/** Adds a channel and returns its id. Its first digest begins now. */
export async function insertAlertChannel(db: Db, channel: AlertChannelToSave): Promise<number> {
  const { id } = await db
    .insertInto('alert_channels')
    .values({ ...valuesOf(channel), digest_until: channel.now, created_at: channel.now })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

/** Replaces a channel. `restartDigest`: its next digest begins now. */
export async function updateAlertChannel(
  db: Db,
  id: number,
  channel: AlertChannelToSave & { readonly restartDigest: boolean },
): Promise<void> {
  await db
    .updateTable('alert_channels')
    .set({ ...valuesOf(channel), ...(channel.restartDigest && { digest_until: channel.now }) })
    .where('id', '=', id)
    .execute()
}

/** Deletes a channel with its messages. */
export async function deleteAlertChannel(db: Db, id: number): Promise<void> {
  await db.deleteFrom('alert_channels').where('id', '=', id).execute()
}

function channelOf(row: Selectable<Tables['alert_channels']>): AlertChannelRecord | undefined {
  const settings = AlertChannelSettings.safeParse(parseJson(row.settings)).data
  const secrets = textsOf(parseJson(row.secret_names))
  return settings && { ...settings, id: row.id, sealed: row.sealed, secrets, digestUntil: row.digest_until }
}

const textsOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((each) => typeof each === 'string') : []
