import { DAY_MS } from '@bangui/shared'
import type { Db, HostDb } from '../database.ts'

/**
 * A change is kept while it is among the newest 100 of its host or at most 90 days old, and among the newest 1,000. Those without
 * files are counted apart: of them the newest 100 are kept, so that reloads never push out what can be restored; so are those of somebody
 * else, of which 200 are kept at most, since a program may change a file all the time.
 */
const KEPT_CHANGES = 100
const KEPT_FOR_MS = 90 * DAY_MS
const MAX_CHANGES = 1000
const MAX_OUTSIDE = 200

/**
 * Deletes the changes of a host that are no longer kept, and returns their ids. A change that is being applied stays, and
 * so does one that the runtime state names: a rollback may need it.
 */
export async function deleteOldChanges(
  { db, hostId }: HostDb,
  { now, keep }: { readonly now: number; readonly keep: readonly string[] },
): Promise<string[]> {
  const rows = await db
    .selectFrom('changes')
    .select(['id', 'created_at', 'state', 'files', 'outside'])
    .where('host_id', '=', hostId)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .execute()
  const needed = new Set([...keep, ...(await listNeeded(db))])
  const withFiles = rows.filter(({ files }) => files !== '[]')
  const loads = rows.filter(({ files }) => files === '[]')
  const oldOf = (outside: 0 | 1, most: number) =>
    withFiles
      .filter((row) => row.outside === outside)
      .filter(
        ({ created_at }, index) => index >= most || (index >= KEPT_CHANGES && created_at < now - KEPT_FOR_MS),
      )
  const surplus = [...oldOf(0, MAX_CHANGES), ...oldOf(1, MAX_OUTSIDE), ...loads.slice(KEPT_CHANGES)]
  const old = surplus.filter(({ id, state }) => state !== 'applying' && !needed.has(id)).map(({ id }) => id)
  for (const id of old) await db.deleteFrom('changes').where('id', '=', id).execute()
  return old
}

async function listNeeded(db: Db): Promise<string[]> {
  const rows = await db.selectFrom('runtime_state').select(['pending_recovery', 'last_activation']).execute()
  return rows
    .flatMap((row) => [changeIdOf(row.pending_recovery), changeIdOf(row.last_activation)])
    .filter((id) => id !== '')
}

function changeIdOf(json: string | null): string {
  try {
    const value: unknown = JSON.parse(json ?? 'null')
    return typeof value === 'object' &&
      value !== null &&
      'changeId' in value &&
      typeof value.changeId === 'string'
      ? value.changeId
      : ''
  } catch {
    // unreadable counts as absent, as in loadRuntimeState
    return ''
  }
}
