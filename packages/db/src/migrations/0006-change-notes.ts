import { sql } from 'kysely'
import type { Execute } from './migration.ts'

const statements = [
  sql`alter table changes add column note text`,
  sql`alter table changes add column files text not null default '[]'`,
]

/** What the author of a change noted about it, and the paths of its files. */
export async function changeNotes(execute: Execute): Promise<void> {
  for (const statement of statements) await execute(statement)
}
