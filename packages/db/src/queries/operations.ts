import type { Actor, OperationKind, OperationState } from '@bangui/shared'
import type { Db } from '../database.ts'
import { inTransaction } from '../transaction.ts'
import { deleteOperationItems } from './operation-items.ts'

/** An operation as it begins. */
export interface NewOperation {
  readonly id: string
  readonly hostId: number
  readonly kind: OperationKind
  readonly actor: Actor
  readonly title: string
  /** plain data: what it was asked to do */
  readonly params: unknown
  readonly total: number | null
  /** the id of the operation that this one undoes */
  readonly undoes: string | null
  readonly startedAt: number
  /** the names of the users for whom BanGUI itself does it @default nobody's */
  readonly askedBy?: readonly string[] | undefined
}

/** What changes while an operation runs. */
export interface OperationProgress {
  readonly title: string
  readonly done: number
  readonly total: number | null
}

export interface OperationEnd extends OperationProgress {
  readonly state: OperationState
  readonly endedAt: number
  readonly message: string | null
}

/** The states of an undo after which there is no second one. */
export const UNDONE_STATES = ['running', 'done', 'partly'] as const

/**
 * Stores an operation that begins. Returns `known` where its id is taken, `undone` where another operation has undone, or is
 * undoing, the same one, and `running` where that one goes on; nothing is stored then.
 */
export const beginOperation = (
  db: Db,
  operation: NewOperation,
): Promise<'begun' | 'known' | 'undone' | 'running'> =>
  inTransaction(db, async (transaction) => {
    const { id, undoes } = operation
    if (undoes !== null && (await isUndone(transaction, undoes))) return 'undone'
    if (undoes !== null && (await isRunning(transaction, undoes))) return 'running'
    const { numInsertedOrUpdatedRows } = await transaction
      .insertInto('operations')
      .values({
        id,
        host_id: operation.hostId,
        kind: operation.kind,
        actor_kind: operation.actor.kind,
        actor_name: operation.actor.name,
        actor_id: operation.actor.id ?? null,
        asked_by: operation.askedBy ? JSON.stringify(operation.askedBy) : null,
        title: operation.title,
        params: JSON.stringify(operation.params),
        state: 'running',
        done: 0,
        total: operation.total,
        undoes,
        started_at: operation.startedAt,
      })
      .onConflict((conflict) => conflict.column('id').doNothing())
      .executeTakeFirst()
    return numInsertedOrUpdatedRows === 1n ? 'begun' : 'known'
  })

async function isUndone(db: Db, id: string): Promise<boolean> {
  const undo = await db
    .selectFrom('operations')
    .select('seq')
    .where('undoes', '=', id)
    .where('state', 'in', UNDONE_STATES)
    .executeTakeFirst()
  return undo !== undefined
}

async function isRunning(db: Db, id: string): Promise<boolean> {
  const operation = await db
    .selectFrom('operations')
    .select('seq')
    .where('id', '=', id)
    .where('state', '=', 'running')
    .executeTakeFirst()
  return operation !== undefined
}

/** Stores how far an operation is. */
export async function updateOperation(db: Db, id: string, progress: OperationProgress): Promise<void> {
  await db.updateTable('operations').set(progress).where('id', '=', id).execute()
}

/** Stores the end of an operation. What it was asked for is kept only where it may be continued. */
export const endOperation = (db: Db, id: string, { endedAt, ...end }: OperationEnd): Promise<void> =>
  inTransaction(db, async (transaction) => {
    await transaction
      .updateTable('operations')
      .set({ ...end, ended_at: endedAt })
      .where('id', '=', id)
      .execute()
    if (end.state === 'cancelled' || end.state === 'interrupted') return
    await deleteOperationItems(transaction, id, 'requested')
  })

/** How an operation goes on. */
export interface Reopening {
  /** the name of whoever continues it; null: BanGUI adds to one of its own, however that ended */
  readonly by: string | null
  readonly askedBy?: readonly string[] | undefined
}

/** Lets an operation that was interrupted or cancelled go on. Returns false where it was neither, or is undone. */
export const reopenOperation = (db: Db, id: string, { by, askedBy }: Reopening): Promise<boolean> =>
  inTransaction(db, async (transaction) => {
    if (await isUndone(transaction, id)) return false
    const update = transaction
      .updateTable('operations')
      .set({ state: 'running', ended_at: null, message: null, resumed_by: by })
      .$if(askedBy !== undefined, (query) => query.set({ asked_by: JSON.stringify(askedBy) }))
      .where('id', '=', id)
    const { numUpdatedRows } = await (
      by === null
        ? update.where('actor_kind', '=', 'system').where('state', '!=', 'running')
        : update.where('state', 'in', ['interrupted', 'cancelled'])
    ).executeTakeFirst()
    return numUpdatedRows === 1n
  })

/** Ends the operations that were running when BanGUI was cut off. Returns how many. */
export async function interruptOperations(db: Db, endedAt: number): Promise<number> {
  const { numUpdatedRows } = await db
    .updateTable('operations')
    .set({ state: 'interrupted', ended_at: endedAt })
    .where('state', '=', 'running')
    .executeTakeFirst()
  return Number(numUpdatedRows)
}

export interface OperationLimits {
  /** operations that ended before this time are deleted; null: at no time */
  readonly endedBefore: number | null
  /** the newest operations that stay */
  readonly most: number
}

/** How many operations are deleted at once, each with its items. */
const DELETED_AT_ONCE = 100

/** Deletes the oldest operations, a hundred at once; running ones stay. Returns how many. */
export async function deleteOldOperations(db: Db, { endedBefore, most }: OperationLimits): Promise<number> {
  const oldest = db
    .selectFrom('operations')
    .select('seq')
    .where('state', '!=', 'running')
    .where(({ eb, or, selectFrom }) =>
      or([
        ...(endedBefore === null ? [] : [eb('ended_at', '<', endedBefore)]),
        eb('seq', '<=', selectFrom('operations').select('seq').orderBy('seq', 'desc').offset(most).limit(1)),
      ]),
    )
    .orderBy('seq')
    .limit(DELETED_AT_ONCE)
  const { numDeletedRows } = await db.deleteFrom('operations').where('seq', 'in', oldest).executeTakeFirst()
  return Number(numDeletedRows)
}
