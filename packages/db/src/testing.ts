import { addressKey } from '@bangui/shared'
import type { Database, HostDb } from './database.ts'
import { openDatabase } from './open-database.ts'
import { inBatches } from './queries/in-batches.ts'
import type { Timer } from './queries/timers.ts'
import { inTransaction } from './transaction.ts'

/** A database in memory with every migration, for tests; `await using` closes it. */
export async function openTestDatabase(): Promise<Database & AsyncDisposable> {
  const database = await openDatabase({ path: ':memory:' })
  await database.migrate()
  return { ...database, [Symbol.asyncDispose]: () => database.close() }
}

/** Stores timers, for tests: the archive sets those of bans. */
export const insertTimers = ({ db, hostId }: HostDb, timers: readonly Timer[]): Promise<void> =>
  inTransaction(db, async (transaction) => {
    for (const batch of inBatches(timers))
      await transaction
        .insertInto('timers')
        .values(
          batch.map(({ jail, address, operation, setAt, endsAt, state }) => ({
            host_id: hostId,
            jail,
            address: addressKey(address),
            operation,
            set_at: setAt,
            ends_at: endsAt,
            state,
          })),
        )
        .onConflict((conflict) =>
          conflict.columns(['host_id', 'jail', 'address', 'operation']).doUpdateSet((eb) => ({
            ends_at: eb.ref('excluded.ends_at'),
            state: eb.ref('excluded.state'),
          })),
        )
        .execute()
  })
