import type { Db } from '../database.ts'
import { inBatches } from './in-batches.ts'

/** How long fail2ban (jail `''`), or a jail, was up on the UTC day that begins at `day`. */
export interface StateDayRow {
  readonly jail: string
  readonly day: number
  readonly upSeconds: number
  readonly downSeconds: number
  readonly idleSeconds: number
  readonly changes: number
}

/** Adds what was observed of a host since the last time. */
export async function addStateDays(db: Db, hostId: number, rows: readonly StateDayRow[]): Promise<void> {
  for (const batch of inBatches(rows))
    await db
      .insertInto('state_days')
      .values(
        batch.map((row) => ({
          host_id: hostId,
          jail: row.jail,
          day: row.day,
          up_seconds: row.upSeconds,
          down_seconds: row.downSeconds,
          idle_seconds: row.idleSeconds,
          changes: row.changes,
        })),
      )
      .onConflict((conflict) =>
        conflict.columns(['host_id', 'day', 'jail']).doUpdateSet((eb) => ({
          up_seconds: eb('state_days.up_seconds', '+', eb.ref('excluded.up_seconds')),
          down_seconds: eb('state_days.down_seconds', '+', eb.ref('excluded.down_seconds')),
          idle_seconds: eb('state_days.idle_seconds', '+', eb.ref('excluded.idle_seconds')),
          changes: eb('state_days.changes', '+', eb.ref('excluded.changes')),
        })),
      )
      .execute()
}

/** Returns the days of a host from a time on, the oldest first. */
export async function listStateDays(db: Db, hostId: number, from: number): Promise<StateDayRow[]> {
  const rows = await db
    .selectFrom('state_days')
    .selectAll()
    .where('host_id', '=', hostId)
    .where('day', '>=', from)
    .orderBy('day')
    .execute()
  return rows.map((row) => ({
    jail: row.jail,
    day: row.day,
    upSeconds: row.up_seconds,
    downSeconds: row.down_seconds,
    idleSeconds: row.idle_seconds,
    changes: row.changes,
  }))
}

/** Deletes the days of all hosts before a time. */
export async function deleteOldStateDays(db: Db, before: number): Promise<void> {
  await db.deleteFrom('state_days').where('day', '<', before).execute()
}
