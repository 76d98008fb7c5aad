import type { RawBuilder } from 'kysely'

/** Runs one statement of a migration and returns its rows. */
export type Execute = <TRow>(statement: RawBuilder<TRow>) => Promise<TRow[]>

/** One step of the schema. It never uses today's tables or queries: it is frozen as it was written. */
export interface Migration {
  readonly name: string
  up(execute: Execute): Promise<void>
}
