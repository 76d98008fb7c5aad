import type { ActorKind, OperationKind } from '@bangui/shared'
import { sql, type ExpressionBuilder } from 'kysely'
import type { Db } from '../database.ts'
import type { Tables } from '../tables.ts'
import { fromRow, selectOperations, type OperationRecord } from './find-operations.ts'

/** Which operations the activity lists. */
export interface OperationSpan {
  readonly hostIds: readonly number[]
  /** the jail that an operation was asked to do something to */
  readonly jail?: string | undefined
  readonly actorKinds?: readonly ActorKind[] | undefined
  readonly kind?: OperationKind | undefined
  /** started at this time or later */
  readonly from?: number | undefined
  /** started before this time */
  readonly to?: number | undefined
}

/** The place of an operation in the order of their beginnings. */
export interface OperationPlace {
  readonly startedAt: number
  readonly seq: number
}

const inSpan = (span: OperationSpan) => {
  const { hostIds, jail, actorKinds, kind, from, to } = span
  return (eb: ExpressionBuilder<Tables, 'operations'>) =>
    eb.and([
      eb('host_id', 'in', hostIds),
      ...(jail === undefined
        ? []
        : [sql<boolean>`${jail} in (json_extract(params, '$.jail'), json_extract(params, '$.name'))`]),
      ...(actorKinds ? [eb('actor_kind', 'in', actorKinds)] : []),
      ...(kind ? [eb('kind', '=', kind)] : []),
      ...(from === undefined ? [] : [eb('started_at', '>=', from)]),
      ...(to === undefined ? [] : [eb('started_at', '<', to)]),
    ])
}

/** Returns the newest operations of a span that began before a place, each with its own. */
export async function listOperationsOfSpan(
  db: Db,
  span: OperationSpan,
  { before, limit }: { readonly before: OperationPlace | null; readonly limit: number },
): Promise<(OperationPlace & { readonly record: OperationRecord })[]> {
  let query = selectOperations(db)
    .where(inSpan(span))
    .orderBy('started_at', 'desc')
    .orderBy('seq', 'desc')
    .limit(limit)
  if (before) query = query.where(sql<boolean>`(started_at, seq) < (${before.startedAt}, ${before.seq})`)
  const rows = await query.execute()
  return rows.map((row) => ({ startedAt: row.started_at, seq: row.seq, record: fromRow(row) }))
}

/** Returns the number of operations of a span; null: more than `most`. */
export async function countOperationsOfSpan(
  db: Db,
  span: OperationSpan,
  most: number,
): Promise<number | null> {
  const { count } = await db
    .selectFrom(
      db
        .selectFrom('operations')
        .select('seq')
        .where(inSpan(span))
        .orderBy('started_at', 'desc')
        .limit(most + 1)
        .as('some'),
    )
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return count > most ? null : count
}
