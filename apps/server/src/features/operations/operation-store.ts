import {
  beginOperation,
  countOperationsOfSpan,
  deleteOldOperations,
  deleteOperationItems,
  endOperation,
  findOperation,
  findOperationParams,
  insertOperationItems,
  interruptOperations,
  listOperationActors,
  listOperationItems,
  listOperations,
  listOperationsOfSpan,
  reopenOperation,
  updateOperation,
  type Db,
  type NewOperation,
  type OperationEnd,
  type OperationItemKind,
  type OperationLimits,
  type OperationPage,
  type OperationPageQuery,
  type OperationPlace,
  type OperationProgress,
  type OperationRecord,
  type OperationSpan,
  type Reopening,
} from '@bangui/db'
import type { Actor } from '@bangui/shared'

/** How many operations keep what an undo or a continuation needs, and how many items of all of them. */
const ITEM_LIMITS = { operations: 1_000, items: 200_000 }

/** The durable record of operations. */
export interface OperationStore {
  begin(operation: NewOperation): Promise<'begun' | 'known' | 'undone' | 'running'>
  update(id: string, progress: OperationProgress): Promise<void>
  end(id: string, end: OperationEnd): Promise<void>
  /** Lets an interrupted or cancelled operation go on. Returns false where it was neither, or is undone. */
  reopen(id: string, reopening: Reopening): Promise<boolean>
  /** Ends the operations that were running when BanGUI was cut off. Returns how many. */
  interrupt(endedAt: number): Promise<number>
  find(id: string): Promise<OperationRecord | undefined>
  /** Returns what an operation was asked to do, as plain data. */
  findParams(id: string): Promise<unknown>
  /** Returns who started each of these operations, by id. */
  listActors(ids: readonly string[]): Promise<ReadonlyMap<string, Actor>>
  list(query: OperationPageQuery): Promise<OperationPage>
  /** The newest ones that began before a place, each with its own. */
  listOfSpan(
    span: OperationSpan,
    page: { readonly before: OperationPlace | null; readonly limit: number },
  ): Promise<(OperationPlace & { readonly record: OperationRecord })[]>
  /** Null: more than `most`. */
  countOfSpan(span: OperationSpan, most: number): Promise<number | null>
  addItems(operation: string, kind: OperationItemKind, items: readonly unknown[]): Promise<void>
  /** Keeps these items of a kind alone. */
  replaceItems(operation: string, kind: OperationItemKind, items: readonly unknown[]): Promise<void>
  listItems(operation: string, kind: OperationItemKind): Promise<unknown[]>
  deleteItems(operation: string): Promise<void>
  deleteOld(limits: OperationLimits): Promise<number>
}

/** Creates the {@link OperationStore} in BanGUI's database. */
export const createOperationStore = (db: Db): OperationStore => ({
  begin: (operation) => beginOperation(db, operation),
  update: (id, progress) => updateOperation(db, id, progress),
  end: (id, end) => endOperation(db, id, end),
  reopen: (id, reopening) => reopenOperation(db, id, reopening),
  interrupt: (endedAt) => interruptOperations(db, endedAt),
  find: (id) => findOperation(db, id),
  findParams: (id) => findOperationParams(db, id),
  listActors: (ids) => listOperationActors(db, ids),
  list: (query) => listOperations(db, query),
  listOfSpan: (span, page) => listOperationsOfSpan(db, span, page),
  countOfSpan: (span, most) => countOperationsOfSpan(db, span, most),
  addItems: async (operation, kind, items) => {
    if (items.length > 0) await insertOperationItems(db, { operation, kind, items, limits: ITEM_LIMITS })
  },
  replaceItems: (operation, kind, items) =>
    insertOperationItems(db, { operation, kind, items, limits: ITEM_LIMITS, replaces: true }),
  listItems: (operation, kind) => listOperationItems(db, operation, kind),
  deleteItems: (operation) => deleteOperationItems(db, operation),
  deleteOld: (limits) => deleteOldOperations(db, limits),
})
