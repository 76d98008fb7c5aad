import {
  type Actor,
  ChangeExpect,
  ChangeLoad,
  ChangePaths,
  type ChangeRecord,
  type ChangeState,
  type ConfigHistory,
  type ConfigHistoryRow,
} from '@bangui/shared'
import type { Selectable } from 'kysely'
import type { Db, HostDb } from '../database.ts'
import type { Tables } from '../tables.ts'
import { inTransaction } from '../transaction.ts'
import { deleteOldChanges } from './change-retention.ts'
import { actorOf } from './find-operations.ts'

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
    for (const { id, operationId, title, note, files, load, expect, state, createdAt, outside } of changes)
      await transaction
        .insertInto('changes')
        .values({
          id,
          host_id: hostId,
          operation_id: operationId,
          title,
          note,
          files: JSON.stringify(files),
          load: JSON.stringify(load),
          expect: JSON.stringify(expect),
          state,
          created_at: createdAt,
          outside: outside === true ? 1 : 0,
        })
        .onConflict((conflict) => conflict.column('id').doNothing())
        .execute()
    const keep = changes.map(({ id }) => id)
    return deleteOldChanges({ db: transaction, hostId }, { now, keep })
  })

/** How a change ended. */
export interface ChangeOutcome {
  readonly state: ChangeState
  /** what fail2ban said @default what is stored stays */
  readonly output?: string | null | undefined
}

/** Stores how a change ended. Does nothing where no such change is stored. */
export async function setChangeState(
  { db, hostId }: HostDb,
  id: string,
  { state, output }: ChangeOutcome,
): Promise<void> {
  const values = { state, ...(output !== undefined && { output }) }
  await db.updateTable('changes').set(values).where('id', '=', id).where('host_id', '=', hostId).execute()
}

/** Stores the changes of a host that wait to be confirmed as rolled back, except one. */
export async function revertProvisionalChanges({ db, hostId }: HostDb, except: string | null): Promise<void> {
  await db
    .updateTable('changes')
    .set({ state: 'reverted' })
    .where('host_id', '=', hostId)
    .where('state', '=', 'provisional')
    .where('id', '!=', except ?? '')
    .execute()
}

/** Returns who made a change. */
export async function findChangeAuthor({ db, hostId }: HostDb, id: string): Promise<Actor | undefined> {
  const row = await db
    .selectFrom('changes')
    .innerJoin('operations', 'operations.id', 'changes.operation_id')
    .select(['actor_kind', 'actor_name', 'actor_id'])
    .where('changes.host_id', '=', hostId)
    .where('changes.id', '=', id)
    .executeTakeFirst()
  return row && actorOf(row)
}

const changesOf = ({ db, hostId }: HostDb) =>
  db.selectFrom('changes').selectAll().where('host_id', '=', hostId)

/** Returns a change of a host. */
export async function findChange(hostDb: HostDb, id: string): Promise<ChangeRecord | undefined> {
  const row = await changesOf(hostDb).where('id', '=', id).executeTakeFirst()
  return row && fromRow(row)
}

/** Returns when the newest change of somebody else was noticed; undefined: none was. */
export async function findLastOutsideChange({ db, hostId }: HostDb): Promise<number | undefined> {
  const row = await db
    .selectFrom('changes')
    .select(({ fn }) => fn.max('created_at').as('at'))
    .where('host_id', '=', hostId)
    .where('outside', '=', 1)
    .executeTakeFirst()
  return row?.at ?? undefined
}

/** Returns the changes of somebody else that were noticed after a time, the newest first. */
export async function listOutsideChangesSince(hostDb: HostDb, time: number): Promise<ChangeRecord[]> {
  const rows = await changesOf(hostDb)
    .where('outside', '=', 1)
    .where('created_at', '>', time)
    .orderBy('created_at', 'desc')
    .execute()
  return rows.map(fromRow)
}

/**
 * Stores a change that somebody else made, in the place of the one that it continues. Returns the ids of changes that are no longer
 * kept: the host still has their files.
 */
export async function insertOutsideChange(
  hostDb: HostDb,
  change: ChangeRecord,
  { replaces, now }: { readonly replaces: string | null; readonly now: number },
): Promise<string[]> {
  if (replaces !== null)
    await hostDb.db
      .deleteFrom('changes')
      .where('id', '=', replaces)
      .where('host_id', '=', hostDb.hostId)
      .where('outside', '=', 1)
      .execute()
  return insertChanges(hostDb, [change], now)
}

/** Returns what the history says about a change, and what fail2ban said when it was loaded. */
export async function findHistoryRow(
  { db, hostId }: HostDb,
  id: string,
): Promise<{ readonly row: ConfigHistoryRow; readonly output: string | null } | undefined> {
  const found = await historyRows(db, hostId).where('changes.id', '=', id).executeTakeFirst()
  return found && { row: toHistoryRow(found), output: found.output }
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

/** Returns the changes of a host in force that were made since a change, the newest first, without those that undid another one. */
export async function listChangesSince(
  { db, hostId }: HostDb,
  { id, createdAt }: Pick<ChangeRecord, 'id' | 'createdAt'>,
): Promise<ChangeRecord[]> {
  const rows = await db
    .selectFrom('changes')
    .leftJoin('operations', 'operations.id', 'changes.operation_id')
    .selectAll('changes')
    .where('changes.host_id', '=', hostId)
    .where('changes.created_at', '>=', createdAt)
    .where('changes.id', '!=', id)
    .where('changes.state', '=', 'applied')
    .where((is) => is.or([is('operations.kind', 'is', null), is('operations.kind', 'not in', undoKinds)]))
    .orderBy('changes.created_at', 'desc')
    .execute()
  return rows.map(fromRow)
}

const undoKinds = ['undo', 'config.revert'] as const

/** Returns the id of the host that a change belongs to. */
export async function findHostOfChange(db: Db, id: string): Promise<number | undefined> {
  const row = await db.selectFrom('changes').select('host_id').where('id', '=', id).executeTakeFirst()
  return row?.host_id
}

/** A page of changes: those after a cursor, the newest first. */
export interface ChangePage {
  readonly cursor: string | null
  readonly limit: number
}

/** Returns the changes of a host that were applied, or were to be, the newest first. A cursor that is none counts as the first page. */
export async function listChanges(
  { db, hostId }: HostDb,
  { cursor, limit }: ChangePage,
): Promise<ConfigHistory> {
  const position = readPosition(cursor)
  let query = historyRows(db, hostId)
    .where('changes.state', 'not in', ['prepared', 'abandoned'])
    // a load without files is an operation alone; of a change whose author is unknown the files are unknown as well
    .where(({ eb, or }) => or([eb('changes.files', '!=', '[]'), eb('changes.operation_id', 'is', null)]))
    .orderBy('changes.created_at', 'desc')
    .orderBy('changes.id', 'desc')
    .limit(limit + 1)
  if (position)
    query = query.where(({ eb, refTuple, tuple }) =>
      eb(refTuple('changes.created_at', 'changes.id'), '<', tuple(position[0], position[1])),
    )
  const rows = await query.execute()
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  return {
    rows: page.map(toHistoryRow),
    nextCursor: rows.length > limit && last ? `${last.created_at}.${last.id}` : null,
  }
}

const historyRows = (db: Db, hostId: number) =>
  db
    .selectFrom('changes')
    .leftJoin('operations', 'operations.id', 'changes.operation_id')
    .selectAll('changes')
    .select(['operations.actor_kind', 'operations.actor_name'])
    .where('changes.host_id', '=', hostId)

type SelectedRow = Selectable<Tables['changes']> & {
  readonly actor_kind: Actor['kind'] | null
  readonly actor_name: string | null
}

const toHistoryRow = ({ actor_kind: kind, actor_name: name, ...row }: SelectedRow): ConfigHistoryRow => ({
  id: row.id,
  at: row.created_at,
  actor: kind === null ? null : { kind, name },
  title: row.title,
  note: row.note,
  state: row.state,
  files: ChangePaths.parse(JSON.parse(row.files)),
  operationId: row.operation_id,
  outside: row.outside === 1,
})

/** `<created_at>.<id>` */
function readPosition(cursor: string | null): readonly [number, string] | undefined {
  const [, at, id] = /^(\d{1,15})\.([\da-f-]{1,64})$/.exec(cursor ?? '') ?? []
  return at === undefined || id === undefined ? undefined : [Number(at), id]
}

const fromRow = (row: Selectable<Tables['changes']>): ChangeRecord => ({
  id: row.id,
  operationId: row.operation_id,
  title: row.title,
  note: row.note,
  files: ChangePaths.parse(JSON.parse(row.files)),
  load: ChangeLoad.parse(JSON.parse(row.load)),
  expect: ChangeExpect.parse(JSON.parse(row.expect)),
  state: row.state,
  createdAt: row.created_at,
  ...(row.outside === 1 && { outside: true }),
})
