import { sql } from 'kysely'
import type { Execute } from './migration.ts'

const statements = [
  sql`alter table changes add column output text`,
  sql`alter table changes add column outside integer not null default 0`,
  sql`alter table config_drafts add column begun_at integer`,
]

/** What fail2ban said when a change was loaded, changes that somebody made without BanGUI, and since when a draft has edits. */
export async function changeOutcomes(execute: Execute): Promise<void> {
  for (const statement of statements) await execute(statement)
}
