import type { Actor, OperationKind, OperationState } from '@bangui/shared'
import { sql } from 'kysely'
import type { Db } from '../database.ts'
import { inTransaction } from '../transaction.ts'
import { inBatches } from './in-batches.ts'
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

/** An operation as it is stored. */
export interface OperationRecord extends Omit<NewOperation, 'params'> {
  readonly state: OperationState
  readonly done: number
  readonly endedAt: number | null
  readonly message: string | null
  /** the name of whoever continued it last, after an interruption */
  readonly resumedBy: string | null
  /** there are items that an undo would restore, and nobody has restored them */
  readonly isUndoable: boolean
  /** the requested items that it had not reached are kept */
  readonly isResumable: boolean
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
const UNDONE_STATES = ['running', 'done', 'partly'] as const

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

const select = (db: Db) =>
  db.selectFrom('operations').select(({ exists, selectFrom, not, and, or, eb }) => {
    const isNotUndone = not(
      exists(
        selectFrom('operations as undo')
          .select('undo.seq')
          .whereRef('undo.undoes', '=', 'operations.id')
          .where('undo.state', 'in', UNDONE_STATES),
      ),
    )
    return [
      'seq',
      'id',
      'host_id',
      'kind',
      'actor_kind',
      'actor_name',
      'actor_id',
      'asked_by',
      'title',
      'state',
      'done',
      'total',
      'undoes',
      'started_at',
      'ended_at',
      'message',
      'resumed_by',
      and([
        eb('state', '!=', 'running'),
        eb('undoes', 'is', null),
        or([
          exists(
            selectFrom('operation_items')
              .select('operation_items.id')
              .whereRef('operation', '=', 'operations.id')
              .where('operation_items.kind', '!=', 'requested'),
          ),
          exists(
            selectFrom('changes')
              .select('changes.id')
              .whereRef('changes.operation_id', '=', 'operations.id')
              .where('changes.state', '=', 'applied')
              // of those without files, what started or stopped a jail
              .where((change) =>
                change.or([
                  change('changes.files', '!=', '[]'),
                  change(sql<string>`json_extract(changes.load, '$[0].how')`, 'in', ['start', 'stop']),
                ]),
              ),
          ),
          // the pause of this operation, and no later one
          sql<boolean>`operations.kind = 'pause.start' and exists (select 1 from pauses where pauses.host_id = operations.host_id
            and pauses.started_at between operations.started_at and operations.ended_at)`,
        ]),
        isNotUndone,
      ]).as('is_undoable'),
      and([
        eb('state', 'in', ['interrupted', 'cancelled']),
        isNotUndone,
        exists(
          selectFrom('operation_items')
            .select('operation_items.id')
            .whereRef('operation', '=', 'operations.id')
            .where('operation_items.kind', '=', 'requested'),
        ),
      ]).as('is_resumable'),
    ]
  })

type Row = Awaited<ReturnType<ReturnType<typeof select>['executeTakeFirstOrThrow']>>

/** Returns the actor of a row. */
export const actorOf = (row: Pick<Row, 'actor_kind' | 'actor_name' | 'actor_id'>): Actor => ({
  kind: row.actor_kind,
  name: row.actor_name,
  ...(row.actor_id !== null && { id: row.actor_id }),
})

const fromRow = (row: Row): OperationRecord => ({
  id: row.id,
  hostId: row.host_id,
  kind: row.kind,
  actor: actorOf(row),
  title: row.title,
  state: row.state,
  done: row.done,
  total: row.total,
  undoes: row.undoes,
  startedAt: row.started_at,
  endedAt: row.ended_at,
  message: row.message,
  resumedBy: row.resumed_by,
  ...(row.asked_by !== null && { askedBy: JSON.parse(row.asked_by) as string[] }),
  isUndoable: Boolean(row.is_undoable),
  isResumable: Boolean(row.is_resumable),
})

/** Returns the operation of an id. */
export async function findOperation(db: Db, id: string): Promise<OperationRecord | undefined> {
  const row = await select(db).where('id', '=', id).executeTakeFirst()
  return row && fromRow(row)
}

/** Returns who started each of these operations, by id, as far as they are known. */
export async function listOperationActors(
  db: Db,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Actor>> {
  const actors = new Map<string, Actor>()
  for (const batch of inBatches(ids)) {
    const rows = await db
      .selectFrom('operations')
      .select(['id', 'actor_kind', 'actor_name', 'actor_id'])
      .where('id', 'in', batch)
      .execute()
    for (const row of rows) actors.set(row.id, actorOf(row))
  }
  return actors
}

/** Returns what an operation was asked to do, as plain data. */
export async function findOperationParams(db: Db, id: string): Promise<unknown> {
  const row = await db.selectFrom('operations').select('params').where('id', '=', id).executeTakeFirst()
  return row && JSON.parse(row.params)
}

export interface OperationFilter {
  /** @default every host */
  readonly hostIds?: readonly number[]
  readonly state?: OperationState | undefined
  readonly kind?: OperationKind | undefined
  /** the name of the actor */
  readonly actor?: string | undefined
}

export interface OperationPageQuery {
  readonly filter: OperationFilter
  /** what the page before returned; null: the first page */
  readonly cursor: string | null
  readonly limit: number
}

export interface OperationPage {
  readonly rows: OperationRecord[]
  readonly nextCursor: string | null
}

/** Returns a page of operations, the newest first. A cursor that is none counts as the first page. */
export async function listOperations(
  db: Db,
  { filter, cursor, limit }: OperationPageQuery,
): Promise<OperationPage> {
  const { hostIds, state, kind, actor } = filter
  const before = cursor !== null && /^\d{1,15}$/.test(cursor) ? Number(cursor) : null
  let query = select(db)
    .orderBy('seq', 'desc')
    .limit(limit + 1)
  if (before !== null) query = query.where('seq', '<', before)
  if (hostIds) query = query.where('host_id', 'in', hostIds)
  if (state) query = query.where('state', '=', state)
  if (kind) query = query.where('kind', '=', kind)
  if (actor !== undefined) query = query.where('actor_name', '=', actor)
  const found = await query.execute()
  const rows = found.slice(0, limit)
  const last = found.length > limit ? rows.at(-1) : undefined
  return { rows: rows.map(fromRow), nextCursor: last ? String(last.seq) : null }
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
