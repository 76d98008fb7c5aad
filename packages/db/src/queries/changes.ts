import type { ChangeState, SavedChange } from '@bangui/shared'
import type { Selectable } from 'kysely'
import type { Db, HostDb } from '../database.ts'
import type { Tables } from '../tables.ts'
import { inDurableTransaction } from '../transaction.ts'
import { deleteOldChanges } from './change-retention.ts'

/**
 * Saves a change of a host; it returns only when the change would survive a power cut. Changes that are no longer
 * kept are deleted at the same time. @throws when a change of that id is there already
 */
export const saveChange = ({ db, hostId }: HostDb, change: SavedChange, now: number): Promise<void> =>
  inDurableTransaction(db, async (transaction) => {
    await transaction
      .insertInto('changes')
      .values({
        id: change.id,
        host_id: hostId,
        kind: change.kind,
        jail_name: change.jailName,
        created_at: change.createdAt,
        state: change.state,
        jails_before: JSON.stringify(change.jailsBefore),
      })
      .execute()
    for (const row of fileRows(change)) await transaction.insertInto('change_files').values(row).execute()
    await deleteOldChanges({ db: transaction, hostId }, { now, keepId: change.id })
  })

/** The change of an id. */
export async function getChange(db: Db, id: string): Promise<SavedChange | undefined> {
  const row = await db.selectFrom('changes').selectAll().where('id', '=', id).executeTakeFirst()
  return row && changeFromRow(db, row)
}

/** Notes where a change stands, as durably as {@link saveChange}. @throws when there is no such change */
export const setChangeState = (db: Db, id: string, state: ChangeState): Promise<void> =>
  inDurableTransaction(db, async (transaction) => {
    const result = await transaction
      .updateTable('changes')
      .set({ state })
      .where('id', '=', id)
      .executeTakeFirst()
    if (result.numUpdatedRows === 0n) throw new Error(`There is no change ${id}.`)
  })

/** The changes of a host that were being applied when BanGUI ended, the oldest first. */
export async function listInterruptedChanges({ db, hostId }: HostDb): Promise<SavedChange[]> {
  const rows = await db
    .selectFrom('changes')
    .selectAll()
    .where('host_id', '=', hostId)
    .where('state', '=', 'applying')
    .orderBy('created_at')
    .orderBy('id')
    .execute()
  return Promise.all(rows.map((row) => changeFromRow(db, row)))
}

function fileRows({ id, files, written }: SavedChange): Tables['change_files'][] {
  const before = files.map((file, position) => ({
    change_id: id,
    side: 'before' as const,
    position,
    ...file,
  }))
  const noOwner = { mode: null, uid: null, gid: null }
  const after = written.map((file, position) => ({
    change_id: id,
    side: 'written' as const,
    position,
    path: file.path,
    content: file.content,
    ...noOwner,
  }))
  return [...before, ...after]
}

async function changeFromRow(db: Db, row: Selectable<Tables['changes']>): Promise<SavedChange> {
  const files = await db
    .selectFrom('change_files')
    .selectAll()
    .where('change_id', '=', row.id)
    .orderBy('position')
    .execute()
  return {
    id: row.id,
    kind: row.kind,
    jailName: row.jail_name,
    createdAt: row.created_at,
    state: row.state,
    files: files
      .filter((file) => file.side === 'before')
      .map((file) => ({
        path: file.path,
        content: bytes(file.content),
        mode: file.mode ?? 0o644,
        uid: file.uid ?? 0,
        gid: file.gid ?? 0,
      })),
    written: files
      .filter((file) => file.side === 'written')
      .map((file) => ({ path: file.path, content: bytes(file.content) })),
    jailsBefore: textList(row.jails_before),
  }
}

/** Plain bytes: the driver gives Node's Buffer. */
const bytes = (content: Uint8Array | null) => content && new Uint8Array(content)

function textList(json: string): string[] {
  const value: unknown = JSON.parse(json)
  return Array.isArray(value) ? value.map(String) : []
}
