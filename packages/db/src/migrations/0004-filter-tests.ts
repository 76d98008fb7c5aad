import { sql } from 'kysely'
import type { Execute } from './migration.ts'

const statements = [
  sql`create table filter_tests (
    id integer primary key autoincrement,
    host_id integer not null references hosts (id),
    filter text not null,
    mode text,
    line text not null,
    address text,
    created_at integer not null
  ) strict`,
  sql`create index filter_tests_filter on filter_tests (host_id, filter, id)`,
]

/** The sample lines that a filter must match, or must not match. */
export async function filterTests(execute: Execute): Promise<void> {
  for (const statement of statements) await execute(statement)
}
