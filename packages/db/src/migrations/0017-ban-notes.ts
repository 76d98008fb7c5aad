import { sql } from 'kysely'
import type { Execute } from './migration.ts'

/** Lets the notes of bans in force be searched without reading the bans that have none. */
export async function banNotes(execute: Execute): Promise<void> {
  await execute(
    sql`create index bans_noted on bans (jail_id, address, reason) where active = 1 and reason is not null`,
  )
}
