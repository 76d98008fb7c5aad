import { sql } from 'kysely'
import type { Execute } from './migration.ts'

const statements = [
  sql`alter table intents add column restores integer`,
  sql`create table undoable_unbans (
    id integer primary key,
    operation text not null,
    count integer not null,
    bans text not null
  ) strict`,
  sql`create index undoable_unbans_operation on undoable_unbans (operation)`,
]

/** What an undo needs: the bans that an unban ended, and which of them a new ban puts back. */
export async function keptUndos(execute: Execute): Promise<void> {
  for (const statement of statements) await execute(statement)
}
