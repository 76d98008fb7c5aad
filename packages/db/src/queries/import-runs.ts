import type { ImportRun, ImportRunStatus } from '@bangui/shared'
import type { Selectable } from 'kysely'
import type { Db, HostDb } from '../database.ts'
import type { ImportRunTable } from '../list-tables.ts'

/** How many runs of a list are kept, besides one that is under way. */
const MAX_RUNS = 200

/** A run that begins. */
export interface NewImportRun {
  readonly listId: number
  /** the user who asked for it; null: its schedule */
  readonly by: { readonly name: string; readonly id: number } | null
  readonly startedAt: number
}

/** How far a run is. */
export interface RunProgress {
  readonly status?: ImportRunStatus
  readonly operation?: string | null
  readonly finishedAt?: number
  readonly contentHash?: string
  readonly total?: number
  readonly banned?: number
  readonly already?: number
  readonly invalid?: number
  readonly skipped?: number
  readonly unbanned?: number
  /** what its bans took in the daemon */
  readonly banMs?: number
  readonly message?: string | null
}

/** Stores a run that begins, and deletes old ones of its list. Returns its id. */
export async function insertRun(db: Db, { listId, by, startedAt }: NewImportRun): Promise<number> {
  const { id } = await db
    .insertInto('import_runs')
    .values({
      list_id: listId,
      status: 'running',
      by_name: by?.name ?? null,
      by_id: by?.id ?? null,
      started_at: startedAt,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  const oldest = db
    .selectFrom('import_runs')
    .select('id')
    .where('list_id', '=', listId)
    .orderBy('id', 'desc')
    .limit(1)
    .offset(MAX_RUNS)
  await db
    .deleteFrom('import_runs')
    .where('list_id', '=', listId)
    .where('status', '<>', 'running')
    .where('id', '<=', oldest)
    .execute()
  return id
}

/** Stores how far a run is, or how it ended. */
export async function updateRun(db: Db, id: number, progress: RunProgress): Promise<void> {
  const row = {
    status: progress.status,
    operation: progress.operation,
    finished_at: progress.finishedAt,
    content_hash: progress.contentHash,
    total: progress.total,
    banned: progress.banned,
    already: progress.already,
    invalid: progress.invalid,
    skipped: progress.skipped,
    unbanned: progress.unbanned,
    ban_ms: progress.banMs,
    message: progress.message,
  }
  const given = Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined))
  await db.updateTable('import_runs').set(given).where('id', '=', id).execute()
}

/** Returns the runs of a host, the newest first; `listId`: of one list. */
export async function listRuns(
  { db, hostId }: HostDb,
  { listId, limit }: { readonly listId?: number | undefined; readonly limit: number },
): Promise<ImportRun[]> {
  let query = runsOf(db).where('blocklists.host_id', '=', hostId)
  if (listId !== undefined) query = query.where('import_runs.list_id', '=', listId)
  const rows = await query.orderBy('import_runs.id', 'desc').limit(limit).execute()
  return rows.map(toRun)
}

/** Returns a run that BanGUI was cut off in, or that is under way, of each list. */
export async function listRunningRuns({
  db,
  hostId,
}: HostDb): Promise<(ImportRun & { byId: number | null })[]> {
  const rows = await runsOf(db)
    .where('blocklists.host_id', '=', hostId)
    .where('import_runs.status', '=', 'running')
    .orderBy('import_runs.id')
    .execute()
  return rows.map((row) => ({ ...toRun(row), byId: row.by_id }))
}

/** Returns how many bans the last runs in a jail made, and what these took in the daemon. */
export async function sumBanCost(
  { db, hostId }: HostDb,
  jail: string,
): Promise<{ readonly bans: number; readonly milliseconds: number }> {
  const last = db
    .selectFrom('import_runs')
    .innerJoin('blocklists', 'blocklists.id', 'import_runs.list_id')
    .select(['import_runs.banned', 'import_runs.ban_ms'])
    .where('blocklists.host_id', '=', hostId)
    .where('blocklists.jail', '=', jail)
    .where('import_runs.banned', '>', 0)
    .where('import_runs.ban_ms', '>', 0)
    .orderBy('import_runs.id', 'desc')
    .limit(5)
  const sums = await db
    .selectFrom(last.as('runs'))
    .select(({ fn }) => [fn.sum<number>('banned').as('bans'), fn.sum<number>('ban_ms').as('milliseconds')])
    .executeTakeFirst()
  return { bans: sums?.bans ?? 0, milliseconds: sums?.milliseconds ?? 0 }
}

const runsOf = (db: Db) =>
  db
    .selectFrom('import_runs')
    .innerJoin('blocklists', 'blocklists.id', 'import_runs.list_id')
    .selectAll('import_runs')
    .select('blocklists.name')

const toRun = (row: Selectable<ImportRunTable> & { readonly name: string }): ImportRun => ({
  runId: row.id,
  id: row.list_id,
  name: row.name,
  status: row.status,
  by: row.by_name,
  operation: row.operation,
  total: row.total,
  banned: row.banned,
  already: row.already,
  invalid: row.invalid,
  skipped: row.skipped,
  unbanned: row.unbanned,
  contentHash: row.content_hash,
  startedAt: row.started_at,
  finishedAt: row.finished_at,
  message: row.message,
})

/** Returns the key and the counts of the last run of a list that went through; undefined: none has. */
export const findLastCompleted = async (
  db: Db,
  listId: number,
): Promise<{ readonly contentHash: string | null; readonly skipped: number } | undefined> =>
  db
    .selectFrom('import_runs')
    .select(['content_hash as contentHash', 'skipped'])
    .where('list_id', '=', listId)
    .where('status', 'in', ['completed', 'unchanged'])
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
