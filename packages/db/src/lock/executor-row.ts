import { sql } from 'kysely'
import type { Db } from '../database.ts'
import { applicationId } from '../schema-version.ts'
import { inTransaction } from '../transaction.ts'

/** Who runs the jobs of this database. Times are epoch milliseconds. */
export interface Executor {
  readonly pid: number
  readonly hostname: string
  readonly createdAt: number
  readonly heartbeatAt: number
}

export interface ExecutorClaim {
  readonly pid: number
  readonly hostname: string
  readonly now: number
  readonly ownerToken: string
}

/** Who holds the executor lock by the database's own record; undefined when nobody does. */
export async function readExecutor(db: Db): Promise<Executor | undefined> {
  if (!(await hasTable(db))) return undefined
  const row = await db.selectFrom('scheduler_lock').selectAll().where('id', '=', 1).executeTakeFirst()
  return (
    row && { pid: row.pid, hostname: row.hostname, createdAt: row.created_at, heartbeatAt: row.heartbeat_at }
  )
}

/** Writes the row of the executor, replacing the previous one. */
export const writeExecutor = (db: Db, { pid, hostname, now, ownerToken }: ExecutorClaim): Promise<void> =>
  inTransaction(db, async (transaction) => {
    await sql`create table if not exists scheduler_lock (
      id integer primary key check (id = 1),
      pid integer not null,
      hostname text not null,
      created_at integer not null,
      heartbeat_at integer not null,
      owner_token text not null
    ) strict`.execute(transaction)
    await sql.raw(`pragma application_id = ${applicationId}`).execute(transaction)
    const row = { pid, hostname, created_at: now, heartbeat_at: now, owner_token: ownerToken }
    await transaction
      .insertInto('scheduler_lock')
      .values({ id: 1, ...row })
      .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
      .execute()
  })

/** Notes that the executor lives. False: the row is no longer its own. */
export async function touchExecutor(db: Db, ownerToken: string, now: number): Promise<boolean> {
  const result = await db
    .updateTable('scheduler_lock')
    .set({ heartbeat_at: now })
    .where('id', '=', 1)
    .where('owner_token', '=', ownerToken)
    .executeTakeFirst()
  return result.numUpdatedRows > 0n
}

/** Takes the executor's row away, if it is still its own. */
export async function deleteExecutor(db: Db, ownerToken: string): Promise<void> {
  await db.deleteFrom('scheduler_lock').where('id', '=', 1).where('owner_token', '=', ownerToken).execute()
}

async function hasTable(db: Db): Promise<boolean> {
  const found =
    await sql`select 1 from sqlite_schema where type = 'table' and name = 'scheduler_lock'`.execute(db)
  return found.rows.length > 0
}
