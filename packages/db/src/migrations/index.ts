import type { RawBuilder } from 'kysely'
import { initial } from './0001-initial.ts'
import { archive } from './0002-archive.ts'
import { ownLogJails } from './0003-own-log-jails.ts'
import { undoneUnbans } from './0004-undone-unbans.ts'
import { banEnds } from './0005-ban-ends.ts'
import { keptUndos } from './0006-kept-undos.ts'

/** Runs one statement of a migration and gives its rows. */
export type Execute = <TRow>(statement: RawBuilder<TRow>) => Promise<TRow[]>

/** One step of the schema. It never uses today's tables or queries: it is frozen as it was written. */
export interface Migration {
  readonly name: string
  up(execute: Execute): Promise<void>
}

/** Every migration in order; the first brings the schema to version 1. Append only. */
export const migrations: readonly Migration[] = [
  { name: 'initial', up: initial },
  { name: 'archive', up: archive },
  { name: 'own log jails', up: ownLogJails },
  { name: 'undone unbans', up: undoneUnbans },
  { name: 'ban ends', up: banEnds },
  { name: 'kept undos', up: keptUndos },
]
