import { ChangeExpect, ChangeLoad, type ChangeRecord, type ChangeState } from '@bangui/shared'
import type { Selectable } from 'kysely'
import type { HostDb } from '../database.ts'
import type { Tables } from '../tables.ts'
import { inTransaction } from '../transaction.ts'
import { deleteOldChanges } from './change-retention.ts'

/**
 * Stores changes of a host, except those that are stored already, and deletes the changes that are no longer kept. Returns
 * the ids of the deleted ones: the host still has their files.
 */
export const insertChanges = (
  { db, hostId }: HostDb,
  changes: readonly ChangeRecord[],
  now: number,
): Promise<string[]> =>
  inTransaction(db, async (transaction) => {
    for (const { id, operationId, title, load, expect, state, createdAt } of changes)
      await transaction
        .insertInto('changes')
        .values({
          id,
          host_id: hostId,
          operation_id: operationId,
          title,
          load: JSON.stringify(load),
          expect: JSON.stringify(expect),
          state,
          created_at: createdAt,
        })
        .onConflict((conflict) => conflict.column('id').doNothing())
        .execute()
    const keep = changes.map(({ id }) => id)
    return deleteOldChanges({ db: transaction, hostId }, { now, keep })
  })

/** Stores the state of a change. Does nothing where no such change is stored. */
export async function setChangeState({ db, hostId }: HostDb, id: string, state: ChangeState): Promise<void> {
  await db.updateTable('changes').set({ state }).where('id', '=', id).where('host_id', '=', hostId).execute()
}

const changesOf = ({ db, hostId }: HostDb) =>
  db.selectFrom('changes').selectAll().where('host_id', '=', hostId)

/** Returns a change of a host. */
export async function findChange(hostDb: HostDb, id: string): Promise<ChangeRecord | undefined> {
  const row = await changesOf(hostDb).where('id', '=', id).executeTakeFirst()
  return row && fromRow(row)
}

/** Returns the change that an operation made and that is in force. */
export async function findAppliedChange(
  hostDb: HostDb,
  operationId: string,
): Promise<ChangeRecord | undefined> {
  const row = await changesOf(hostDb)
    .where('operation_id', '=', operationId)
    .where('state', '=', 'applied')
    .executeTakeFirst()
  return row && fromRow(row)
}

/** Returns the changes of a host that are in force and were made at the time of a change or later, that one among them. */
export async function listAppliedChangesSince(
  hostDb: HostDb,
  { createdAt }: Pick<ChangeRecord, 'createdAt'>,
): Promise<ChangeRecord[]> {
  const rows = await changesOf(hostDb)
    .where('created_at', '>=', createdAt)
    .where('state', '=', 'applied')
    .execute()
  return rows.map(fromRow)
}

const fromRow = (row: Selectable<Tables['changes']>): ChangeRecord => ({
  id: row.id,
  operationId: row.operation_id,
  title: row.title,
  load: ChangeLoad.parse(JSON.parse(row.load)),
  expect: ChangeExpect.parse(JSON.parse(row.expect)),
  state: row.state,
  createdAt: row.created_at,
})
