import type BetterSqlite3 from 'better-sqlite3'
import { addressStatements } from './address-statements.ts'
import { banChanges, banQueries } from './ban-statements.ts'
import { eventStatements } from './event-statements.ts'
import { jailStatements } from './jail-statements.ts'
import { pendingStatements } from './pending-statements.ts'
import { rollUpStatements } from './roll-up-statements.ts'
import { timerStatements } from './timer-statements.ts'

export type Statements = ReturnType<typeof prepareStatements>

/** Every statement that runs once per ban or event, prepared once. */
export const prepareStatements = (sqlite: BetterSqlite3.Database) => ({
  ...jailStatements(sqlite),
  ...banQueries(sqlite),
  ...banChanges(sqlite),
  ...addressStatements(sqlite),
  ...eventStatements(sqlite),
  ...pendingStatements(sqlite),
  ...rollUpStatements(sqlite),
  ...timerStatements(sqlite),
})
