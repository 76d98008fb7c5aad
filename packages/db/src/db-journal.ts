import type { ChangeJournal } from '@bangui/shared'
import type { Db } from './database.ts'
import { getChange, listInterruptedChanges, saveChange, setChangeState } from './queries/changes.ts'

/** The journal of one host (`node`) in the database. */
export const createDbJournal = (
  db: Db,
  { node = 'local', clock = Date.now }: { readonly node?: string; readonly clock?: () => number } = {},
): ChangeJournal => ({
  save: (change) => saveChange(db, change, { node, now: clock() }),
  get: (id) => getChange(db, id),
  setState: (id, state) => setChangeState(db, id, state),
  listInterrupted: () => listInterruptedChanges(db, node),
})
