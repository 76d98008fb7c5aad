import { UndoableBan } from '@bangui/shared'
import type { HostDb } from '../database.ts'
import { inTransaction } from '../transaction.ts'

export interface UndoableLimits {
  readonly operations: number
  readonly bans: number
}

/** Keeps more of the bans that an operation ends; above the limits, the oldest other operations are deleted. */
export async function insertUndoableBans(
  { db, hostId }: HostDb,
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
      .values({ host_id: hostId, operation, count: kept.length, bans: JSON.stringify(kept) })
      .execute()
    const host = { db: transaction, hostId }
    for (const surplus of await listSurplus(host, operation, limits)) await deleteUndoableBans(host, surplus)
  })
}

async function listSurplus(
  { db, hostId }: HostDb,
  newest: string,
  limits: UndoableLimits,
): Promise<string[]> {
  const all = await db
    .selectFrom('undoable_unbans')
    .select(({ fn }) => ['operation', fn.sum<number>('count').as('count')])
    .where('host_id', '=', hostId)
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
export async function listUndoableBans({ db, hostId }: HostDb, operation: string): Promise<UndoableBan[]> {
  const rows = await db
    .selectFrom('undoable_unbans')
    .select('bans')
    .where('host_id', '=', hostId)
    .where('operation', '=', operation)
    .orderBy('id')
    .execute()
  return rows.flatMap(({ bans }) => UndoableBan.array().parse(JSON.parse(bans)))
}

/** Forgets what an operation ended. */
export async function deleteUndoableBans({ db, hostId }: HostDb, operation: string): Promise<void> {
  await db
    .deleteFrom('undoable_unbans')
    .where('host_id', '=', hostId)
    .where('operation', '=', operation)
    .execute()
}
