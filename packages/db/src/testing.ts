import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { addressKey } from '@bangui/shared'
import { sql } from 'kysely'
import type { Database, HostDb } from './database.ts'
import { openDatabase } from './open-database.ts'
import { inBatches } from './queries/in-batches.ts'
import type { Timer } from './queries/timers.ts'
import { inTransaction } from './transaction.ts'

let migrated: Promise<Buffer> | undefined

/** Returns the bytes of a database with every migration and no row of a user, made once by each process, for tests. */
export const migratedContent = (): Promise<Buffer> => (migrated ??= createMigrated())

async function createMigrated(): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'bangui-db-'))
  const database = await openDatabase({ path: ':memory:' })
  try {
    await database.migrate()
    const path = join(folder, 'migrated.db')
    await sql`vacuum into ${path}`.execute(database.db)
    return await readFile(path)
  } finally {
    await database.close()
    await rm(folder, { recursive: true })
  }
}

/** A database in memory with every migration, for tests; `await using` closes it. */
export async function openTestDatabase(): Promise<Database & AsyncDisposable> {
  const database = await openDatabase({ path: ':memory:', content: await migratedContent() })
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
