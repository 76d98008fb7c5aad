import { initial } from './0001-initial.ts'
import { archive } from './0002-archive.ts'
import { ownLogJails } from './0003-own-log-jails.ts'
import { undoneUnbans } from './0004-undone-unbans.ts'
import { banEnds } from './0005-ban-ends.ts'
import { keptUndos } from './0006-kept-undos.ts'
import type { Migration } from './migration.ts'

/** Every migration in order; the first brings the schema to version 1. Append only. */
export const migrations: readonly Migration[] = [
  { name: 'initial', up: initial },
  { name: 'archive', up: archive },
  { name: 'own log jails', up: ownLogJails },
  { name: 'undone unbans', up: undoneUnbans },
  { name: 'ban ends', up: banEnds },
  { name: 'kept undos', up: keptUndos },
]
