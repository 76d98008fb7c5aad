import type { ChangeState, SavedChange } from './change.ts'
import type { Db } from './database.ts'
import { getChange, listInterruptedChanges, saveChange, setChangeState } from './queries/changes.ts'

/** Keeps what stood before each change of a host's configuration; what it returned from would survive a power cut. */
export interface DbJournal {
  save(change: SavedChange): Promise<void>
  get(id: string): Promise<SavedChange | undefined>
  setState(id: string, state: ChangeState): Promise<void>
  listInterrupted(): Promise<SavedChange[]>
}

/** The journal of one host (`node`) in the database. */
export const createDbJournal = (
  db: Db,
  { node = 'local', clock = Date.now }: { readonly node?: string; readonly clock?: () => number } = {},
): DbJournal => ({
  save: (change) => saveChange(db, change, { node, now: clock() }),
  get: (id) => getChange(db, id),
  setState: (id, state) => setChangeState(db, id, state),
  listInterrupted: () => listInterruptedChanges(db, node),
})
