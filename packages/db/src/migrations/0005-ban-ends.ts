import { sql } from 'kysely'
import type { Execute } from './migration.ts'

const statements = [
  sql`alter table bans add column own_until integer`,
  sql`alter table bans add column suspended text`,
  sql`create index bans_suspended on bans (suspended, until) where suspended is not null`,
  // until now only the timer of a ban told that its end is BanGUI's
  sql`update bans set own_until = until
    where active = 1 and by_kind <> 'fail2ban' and until is not null and exists (
      select 1 from timed_unbans join archive_jails on archive_jails.name = timed_unbans.jail
      where archive_jails.id = bans.jail_id and timed_unbans.due_at = bans.until)`,
]

/** The ends of bans: those that BanGUI brings, and those that came with a stop and may not be for good. */
export async function banEnds(execute: Execute): Promise<void> {
  for (const statement of statements) await execute(statement)
}
