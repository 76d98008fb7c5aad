import type { HostDb } from '../database.ts'
import { inTransaction } from '../transaction.ts'
import { inBatches } from './in-batches.ts'

/** A ban that BanGUI ends itself, before the jail's own bantime. */
export interface TimedUnban {
  readonly jail: string
  readonly address: string
  readonly dueAt: number
  /** when the ban was asked for: one that began later is another */
  readonly createdAt: number
}

/** Remembers when to end these bans; a pair that waits already takes the new time. */
export async function insertTimedUnbans(
  { db, hostId }: HostDb,
  unbans: readonly TimedUnban[],
): Promise<void> {
  if (unbans.length === 0) return
  await inTransaction(db, async (transaction) => {
    for (const batch of inBatches(unbans))
      await transaction
        .insertInto('timed_unbans')
        .values(batch.map((unban) => toRow(hostId, unban)))
        .onConflict((conflict) =>
          conflict.columns(['host_id', 'jail', 'address']).doUpdateSet((eb) => ({
            due_at: eb.ref('excluded.due_at'),
            created_at: eb.ref('excluded.created_at'),
          })),
        )
        .execute()
  })
}

/** What is due at `now`, the longest overdue first. */
export const listDueUnbans = ({ db, hostId }: HostDb, now: number, limit: number): Promise<TimedUnban[]> =>
  db
    .selectFrom('timed_unbans')
    .select(['jail', 'address', 'due_at as dueAt', 'created_at as createdAt'])
    .where('host_id', '=', hostId)
    .where('due_at', '<=', now)
    .orderBy('due_at')
    .orderBy('jail')
    .orderBy('address')
    .limit(limit)
    .execute()

/** Those that wait for these addresses in a jail. */
export async function findTimedUnbans(
  { db, hostId }: HostDb,
  jail: string,
  addresses: readonly string[],
): Promise<TimedUnban[]> {
  const found: TimedUnban[] = []
  for (const batch of inBatches(addresses))
    found.push(
      ...(await db
        .selectFrom('timed_unbans')
        .select(['jail', 'address', 'due_at as dueAt', 'created_at as createdAt'])
        .where('host_id', '=', hostId)
        .where('jail', '=', jail)
        .where('address', 'in', batch)
        .execute()),
    )
  return found
}

/** When the next one is due; undefined: none waits. */
export async function nextDueUnban({ db, hostId }: HostDb): Promise<number | undefined> {
  const row = await db
    .selectFrom('timed_unbans')
    .select('due_at')
    .where('host_id', '=', hostId)
    .orderBy('due_at')
    .limit(1)
    .executeTakeFirst()
  return row?.due_at
}

/** Forgets these pairs: done, or no longer to be done. With `dueAt`, only one that still has that time. */
export async function deleteTimedUnbans(
  { db, hostId }: HostDb,
  unbans: readonly { readonly jail: string; readonly address: string; readonly dueAt?: number }[],
): Promise<void> {
  if (unbans.length === 0) return
  await inTransaction(db, async (transaction) => {
    for (const { jail, address, dueAt } of unbans) {
      const pair = transaction
        .deleteFrom('timed_unbans')
        .where('host_id', '=', hostId)
        .where('jail', '=', jail)
        .where('address', '=', address)
      await (dueAt === undefined ? pair : pair.where('due_at', '=', dueAt)).execute()
    }
  })
}

const toRow = (hostId: number, { jail, address, dueAt, createdAt }: TimedUnban) => ({
  host_id: hostId,
  jail,
  address,
  due_at: dueAt,
  created_at: createdAt,
})
