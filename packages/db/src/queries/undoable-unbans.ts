import { UndoableBan } from '@bangui/shared'
import type { Db } from '../database.ts'
import { inTransaction } from '../transaction.ts'

export interface UndoableLimits {
  readonly operations: number
  readonly bans: number
}

/** Keeps more of the bans that an operation ends; above the limits, the oldest other operations are deleted. */
export async function insertUndoableBans(
  db: Db,
  operation: string,
  { bans, limits }: { readonly bans: readonly UndoableBan[]; readonly limits: UndoableLimits },
): Promise<void> {
  const kept = bans.map(({ id, jail, address, until, by, reason }) => ({
    id,
    jail,
    address,
    until,
    by,
    reason,
  }))
  await inTransaction(db, async (transaction) => {
    await transaction
      .insertInto('undoable_unbans')
      .values({ operation, count: kept.length, bans: JSON.stringify(kept) })
      .execute()
    for (const surplus of await listSurplus(transaction, operation, limits))
      await deleteUndoableBans(transaction, surplus)
  })
}

async function listSurplus(db: Db, newest: string, limits: UndoableLimits): Promise<string[]> {
  const all = await db
    .selectFrom('undoable_unbans')
    .select(({ fn }) => ['operation', fn.sum<number>('count').as('count')])
    .groupBy('operation')
    .orderBy(({ fn }) => fn.max('id'), 'desc')
    .execute()
  let count = 0
  return all.flatMap(({ operation, count: more }, index) => {
    count += more
    const isSurplus = index >= limits.operations || count > limits.bans
    return isSurplus && operation !== newest ? [operation] : []
  })
}

/** Returns the bans that an operation ended; empty: none are kept of it. */
export async function listUndoableBans(db: Db, operation: string): Promise<UndoableBan[]> {
  const rows = await db
    .selectFrom('undoable_unbans')
    .select('bans')
    .where('operation', '=', operation)
    .orderBy('id')
    .execute()
  return rows.flatMap(({ bans }) => UndoableBan.array().parse(JSON.parse(bans)))
}

/** Forgets what an operation ended. */
export async function deleteUndoableBans(db: Db, operation: string): Promise<void> {
  await db.deleteFrom('undoable_unbans').where('operation', '=', operation).execute()
}
