import type { Actor, OperationKind, OperationState } from '@bangui/shared'
import { sql } from 'kysely'
import type { Db } from '../database.ts'
import { inBatches } from './in-batches.ts'
import { type NewOperation, UNDONE_STATES } from './operations.ts'

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

/** Selects operations as they are stored; {@link fromRow} turns a row into a record. */
export const selectOperations = (db: Db) =>
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
              // the entry in the allow list would write it again
              .where(sql<boolean>`operations.kind not like 'ignore.%'`)
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
          and([
            eb('kind', 'in', ['ignore.add', 'ignore.update', 'ignore.remove']),
            eb('state', 'in', ['done', 'partly']),
          ]),
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

type Row = Awaited<ReturnType<ReturnType<typeof selectOperations>['executeTakeFirstOrThrow']>>

/** Returns the actor of a row. */
export const actorOf = (row: Pick<Row, 'actor_kind' | 'actor_name' | 'actor_id'>): Actor => ({
  kind: row.actor_kind,
  name: row.actor_name,
  ...(row.actor_id !== null && { id: row.actor_id }),
})

/** Returns the operation of a row. */
export const fromRow = (row: Row): OperationRecord => ({
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
  const row = await selectOperations(db).where('id', '=', id).executeTakeFirst()
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
  let query = selectOperations(db)
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
