import { sql } from 'kysely'
import type { Execute } from './migration.ts'

/** Which jails read fail2ban's own log: their failures are bans of others. */
export async function ownLogJails(execute: Execute): Promise<void> {
  await execute(sql`alter table archive_jails add column reads_own_log integer not null default 0
    check (reads_own_log in (0, 1))`)
}
