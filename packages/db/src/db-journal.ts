import type { ChangeJournal } from '@bangui/shared'
import type { HostDb } from './database.ts'
import { getChange, listInterruptedChanges, saveChange, setChangeState } from './queries/changes.ts'

/** Returns the journal of one host in the database. */
export const createDbJournal = (hostDb: HostDb, clock: () => number = Date.now): ChangeJournal => ({
  save: (change) => saveChange(hostDb, change, clock()),
  get: (id) => getChange(hostDb.db, id),
  setState: (id, state) => setChangeState(hostDb.db, id, state),
  listInterrupted: () => listInterruptedChanges(hostDb),
})
