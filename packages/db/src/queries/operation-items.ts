import type { Db } from '../database.ts'
import { inTransaction } from '../transaction.ts'

/**
 * `requested`: what an operation was asked to do, for its continuation; `banned` and `unbanned`: what it did, for its
 * undo.
 */
export type OperationItemKind = 'requested' | 'banned' | 'unbanned'

export interface ItemLimits {
  /** operations that have items */
  readonly operations: number
  /** items of all of them */
  readonly items: number
}

export interface NewItems {
  readonly operation: string
  readonly kind: OperationItemKind
  /** plain data */
  readonly items: readonly unknown[]
  readonly limits: ItemLimits
  /** the earlier items of the kind are deleted @default false */
  readonly replaces?: boolean
}

/** Stores more items of an operation; above the limits, those of the oldest operations that have ended are deleted. */
export async function insertOperationItems(
  db: Db,
  { operation, kind, items, limits, replaces = false }: NewItems,
): Promise<void> {
  await inTransaction(db, async (transaction) => {
    if (replaces) await deleteOperationItems(transaction, operation, kind)
    await transaction
      .insertInto('operation_items')
      .values({ operation, kind, count: items.length, items: JSON.stringify(items) })
      .execute()
    for (const surplus of await listSurplus(transaction, operation, limits))
      await deleteOperationItems(transaction, surplus)
  })
}

async function listSurplus(db: Db, newest: string, limits: ItemLimits): Promise<string[]> {
  const all = await db
    .selectFrom('operation_items')
    .innerJoin('operations', 'operations.id', 'operation_items.operation')
    .select(({ fn }) => ['operation', 'state', fn.sum<number>('count').as('count')])
    .groupBy(['operation', 'state'])
    .orderBy(({ fn }) => fn.max('operation_items.id'), 'desc')
    .execute()
  let count = 0
  return all.flatMap(({ operation, state, count: more }, index) => {
    count += more
    const isSurplus = index >= limits.operations || count > limits.items
    // what a running operation adds later would be kept without its beginning
    return isSurplus && operation !== newest && state !== 'running' ? [operation] : []
  })
}

/** Returns the items of an operation, as plain data, in the order in which they were stored. */
export async function listOperationItems(
  db: Db,
  operation: string,
  kind: OperationItemKind,
): Promise<unknown[]> {
  const rows = await db
    .selectFrom('operation_items')
    .select('items')
    .where('operation', '=', operation)
    .where('kind', '=', kind)
    .orderBy('id')
    .execute()
  return rows.flatMap(({ items }): unknown[] => JSON.parse(items) as unknown[])
}

/** Deletes what is kept of an operation besides its record, of one kind or all. */
export async function deleteOperationItems(
  db: Db,
  operation: string,
  kind?: OperationItemKind,
): Promise<void> {
  const all = db.deleteFrom('operation_items').where('operation', '=', operation)
  await (kind === undefined ? all : all.where('kind', '=', kind)).execute()
}
