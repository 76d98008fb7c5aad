import { sql } from 'kysely'
import type { Execute } from './migration.ts'

/** When a ban really began that was put back after an unban: to fail2ban it began anew. */
export async function undoneUnbans(execute: Execute): Promise<void> {
  await execute(sql`alter table bans add column began_at integer`)
}
