import { ListLook, type ListFormat } from '@bangui/shared'
import type { Selectable } from 'kysely'
import type { Db, HostDb } from '../database.ts'
import type { BlocklistContentTable, BlocklistTable } from '../list-tables.ts'

/** A blocklist of addresses to ban, as it is stored. */
export interface StoredList {
  readonly id: number
  readonly hostId: number
  readonly name: string
  /** null: an uploaded file */
  readonly url: string | null
  readonly jail: string
  readonly schedule: string | null
  readonly zone: string
  readonly enabled: boolean
  readonly format: ListFormat
  readonly column: number | null
  readonly unbanRemoved: boolean
  /** when its schedule is due next; null: it has none, or is off */
  readonly nextAt: number | null
  readonly lastTriedAt: number | null
  readonly lastChangedAt: number | null
  readonly lastError: string | null
  readonly createdAt: number
  readonly createdBy: string
}

/** What can be changed of a {@link StoredList}. */
export type ListChanges = Partial<Omit<StoredList, 'id' | 'hostId' | 'createdAt' | 'createdBy'>>

/** `upload`: the file as it came; `current`: imported last; `next`: of the import under way; `held`: to be confirmed. */
export type ContentKind = 'upload' | 'current' | 'next' | 'held'

/** A version of a list. */
export interface ListContent {
  readonly kind: ContentKind
  readonly at: number
  readonly fileName: string | null
  readonly etag: string | null
  readonly lastModified: string | null
  readonly look: ListLook | null
  readonly entries: number
  readonly invalid: number
  /** of the entries */
  readonly hash: string
  readonly content: Uint8Array
}

/** A version without its content. */
export type ListVersion = Omit<ListContent, 'content'> & { readonly bytes: number }

/** Stores a blocklist. Returns its id, which no other one ever has. */
export async function insertList(
  { db, hostId }: HostDb,
  list: Omit<StoredList, 'id' | 'hostId'>,
): Promise<number> {
  const { createdAt, createdBy, ...rest } = list
  const row = { host_id: hostId, created_at: createdAt, created_by: createdBy, ...toRow(rest) }
  const { id } = await db
    .insertInto('blocklists')
    .values(row as never)
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

/** Returns the blocklists of a host, by name. */
export async function listLists({ db, hostId }: HostDb): Promise<StoredList[]> {
  const rows = await db
    .selectFrom('blocklists')
    .selectAll()
    .where('host_id', '=', hostId)
    .orderBy('name')
    .orderBy('id')
    .execute()
  return rows.map(toList)
}

/** Returns a blocklist of a host; undefined: it has none with this id. */
export async function findList({ db, hostId }: HostDb, id: number): Promise<StoredList | undefined> {
  const row = await db
    .selectFrom('blocklists')
    .selectAll()
    .where('id', '=', id)
    .where('host_id', '=', hostId)
    .executeTakeFirst()
  return row && toList(row)
}

/** Changes a blocklist. Does nothing where it is not there any more. */
export async function updateList(db: Db, id: number, changes: ListChanges): Promise<void> {
  const row = toRow(changes)
  if (Object.keys(row).length > 0) await db.updateTable('blocklists').set(row).where('id', '=', id).execute()
}

/** Deletes a blocklist with its versions and runs. */
export async function deleteList(db: Db, id: number): Promise<void> {
  await db.deleteFrom('blocklists').where('id', '=', id).execute()
}

/** Stores a version in place of the one of its kind. */
export async function saveContent(db: Db, listId: number, version: ListContent): Promise<void> {
  const row = {
    at: version.at,
    file_name: version.fileName,
    etag: version.etag,
    last_modified: version.lastModified,
    look: version.look && JSON.stringify(version.look),
    entries: version.entries,
    invalid: version.invalid,
    hash: version.hash,
    content: Buffer.from(version.content.buffer, version.content.byteOffset, version.content.byteLength),
  }
  await db
    .insertInto('blocklist_contents')
    .values({ list_id: listId, kind: version.kind, ...row })
    .onConflict((conflict) => conflict.columns(['list_id', 'kind']).doUpdateSet(row))
    .execute()
}

/** Returns a version of a list with its content; undefined: there is none of the kind. */
export async function findContent(
  db: Db,
  listId: number,
  kind: ContentKind,
): Promise<ListContent | undefined> {
  const row = await db
    .selectFrom('blocklist_contents')
    .selectAll()
    .where('list_id', '=', listId)
    .where('kind', '=', kind)
    .executeTakeFirst()
  if (!row) return undefined
  const { content, ...rest } = row
  return { ...toVersion({ ...rest, bytes: content.byteLength }), content }
}

/** Returns the versions of lists, without their content, by list. */
export async function listVersions(
  db: Db,
  listIds: readonly number[],
): Promise<ReadonlyMap<number, readonly ListVersion[]>> {
  if (listIds.length === 0) return new Map()
  const rows = await db
    .selectFrom('blocklist_contents')
    .select([
      'list_id',
      'kind',
      'at',
      'file_name',
      'etag',
      'last_modified',
      'look',
      'entries',
      'invalid',
      'hash',
    ])
    .select(({ fn }) => fn<number>('length', ['content']).as('bytes'))
    .where('list_id', 'in', listIds)
    .execute()
  const grouped = Map.groupBy(rows, (row) => row.list_id)
  return new Map([...grouped].map(([id, versions]) => [id, versions.map(toVersion)]))
}

export async function deleteContent(db: Db, listId: number, kind: ContentKind): Promise<void> {
  await db.deleteFrom('blocklist_contents').where('list_id', '=', listId).where('kind', '=', kind).execute()
}

/** Makes a version one of another kind, in place of the one of that kind. */
export async function moveContent(
  db: Db,
  listId: number,
  { from, to }: { readonly from: ContentKind; readonly to: ContentKind },
): Promise<void> {
  const found = await db
    .selectFrom('blocklist_contents')
    .select('hash')
    .where('list_id', '=', listId)
    .where('kind', '=', from)
    .executeTakeFirst()
  if (!found) return
  await deleteContent(db, listId, to)
  await db
    .updateTable('blocklist_contents')
    .set({ kind: to })
    .where('list_id', '=', listId)
    .where('kind', '=', from)
    .execute()
}

/** The next fetch asks for everything, since what was fetched is read in another way now. */
export async function forgetValidators(db: Db, listId: number): Promise<void> {
  await db
    .updateTable('blocklist_contents')
    .set({ etag: null, last_modified: null })
    .where('list_id', '=', listId)
    .execute()
}

type VersionRow = Omit<Selectable<BlocklistContentTable>, 'content'> & { readonly bytes: number }

const toVersion = (row: VersionRow): ListVersion => ({
  kind: row.kind,
  at: row.at,
  fileName: row.file_name,
  etag: row.etag,
  lastModified: row.last_modified,
  look: lookOf(row.look),
  entries: row.entries,
  invalid: row.invalid,
  hash: row.hash,
  bytes: row.bytes,
})

function lookOf(text: string | null): ListLook | null {
  try {
    return ListLook.safeParse(JSON.parse(text ?? 'null')).data ?? null
  } catch {
    // it is only shown
    return null
  }
}

const toList = (row: Selectable<BlocklistTable>): StoredList => ({
  id: row.id,
  hostId: row.host_id,
  name: row.name,
  url: row.url,
  jail: row.jail,
  schedule: row.schedule,
  zone: row.zone,
  enabled: row.enabled === 1,
  format: row.format,
  column: row.list_column,
  unbanRemoved: row.unban_removed === 1,
  nextAt: row.next_at,
  lastTriedAt: row.last_tried_at,
  lastChangedAt: row.last_changed_at,
  lastError: row.last_error,
  createdAt: row.created_at,
  createdBy: row.created_by,
})

const columns: Readonly<Record<keyof ListChanges, keyof BlocklistTable>> = {
  name: 'name',
  url: 'url',
  jail: 'jail',
  schedule: 'schedule',
  zone: 'zone',
  enabled: 'enabled',
  format: 'format',
  column: 'list_column',
  unbanRemoved: 'unban_removed',
  nextAt: 'next_at',
  lastTriedAt: 'last_tried_at',
  lastChangedAt: 'last_changed_at',
  lastError: 'last_error',
}

const toRow = (changes: ListChanges) =>
  Object.fromEntries(
    Object.entries(changes)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => [
        columns[key as keyof ListChanges],
        typeof value === 'boolean' ? Number(value) : value,
      ]),
  )
