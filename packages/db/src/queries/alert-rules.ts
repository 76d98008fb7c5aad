import { AlertRule, type AlertRuleSettings } from '@bangui/shared'
import type { Selectable } from 'kysely'
import type { Db } from '../database.ts'
import type { Tables } from '../tables.ts'
import { parseJson } from './parse-json.ts'

/** Returns every rule, the oldest first; one that this version cannot read is left out. */
export async function listAlertRules(db: Db): Promise<AlertRule[]> {
  const rows = await db.selectFrom('alert_rules').selectAll().orderBy('id').execute()
  return rows.flatMap((row) => ruleOf(row) ?? [])
}

/** Returns a rule. */
export async function findAlertRule(db: Db, id: number): Promise<AlertRule | undefined> {
  const row = await db.selectFrom('alert_rules').selectAll().where('id', '=', id).executeTakeFirst()
  return row && ruleOf(row)
}

/** Adds a rule and returns its id. */
export async function insertAlertRule(db: Db, settings: AlertRuleSettings, now: number): Promise<number> {
  const { id } = await db
    .insertInto('alert_rules')
    .values({ settings: JSON.stringify(settings), created_at: now, updated_at: now })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

/** Replaces the settings of a rule. */
export async function updateAlertRule(
  db: Db,
  { id, settings, now }: { readonly id: number; readonly settings: AlertRuleSettings; readonly now: number },
): Promise<void> {
  await db
    .updateTable('alert_rules')
    .set({ settings: JSON.stringify(settings), updated_at: now })
    .where('id', '=', id)
    .execute()
}

/** Deletes a rule with what it has seen; its incidents stay. */
export async function deleteAlertRule(db: Db, id: number): Promise<void> {
  await db.deleteFrom('alert_rules').where('id', '=', id).execute()
  await db.updateTable('alert_incidents').set({ rule_id: null }).where('rule_id', '=', id).execute()
}

/** Mutes a rule until a time, or no longer (null). */
export async function muteAlertRule(
  db: Db,
  { id, until, by }: { readonly id: number; readonly until: number | null; readonly by: string },
): Promise<void> {
  await db
    .updateTable('alert_rules')
    .set({ muted_until: until, muted_by: until === null ? null : by })
    .where('id', '=', id)
    .execute()
}

const ruleOf = (row: Selectable<Tables['alert_rules']>): AlertRule | undefined =>
  AlertRule.safeParse({
    ...(parseJson(row.settings) as object | undefined),
    id: row.id,
    mutedUntil: row.muted_until,
    mutedBy: row.muted_by,
  }).data
