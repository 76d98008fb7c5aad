import { sql } from 'kysely'
import type { Execute } from './migration.ts'

const statements = [
  sql`alter table operations add column actor_id integer`,
  sql`alter table operations add column asked_by text`,
]

/** The ids of users, since a name can be given anew, and for whom BanGUI itself did something. */
export async function operationPeople(execute: Execute): Promise<void> {
  for (const statement of statements) await execute(statement)
}
