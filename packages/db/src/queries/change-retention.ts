import type { Db } from '../database.ts'
import type { ChangeScope } from './changes.ts'

/** Of each node the last 100 changes and those of 90 days are kept, never more than 1,000. */
const KEPT = 100
const KEPT_TIME = 90 * 86_400_000
const KEPT_AT_MOST = 1000

/**
 * Deletes the changes of a node that are no longer kept. One that is being applied stays, and so does one that the
 * runtime state still names: a rollback may need it.
 */
export async function deleteOldChanges(
  db: Db,
  { node, now, keepId }: ChangeScope & { readonly keepId: string },
): Promise<void> {
  const rows = await db
    .selectFrom('changes')
    .select(['id', 'created_at', 'state'])
    .where('node', '=', node)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .execute()
  const needed = new Set([keepId, ...(await listNeeded(db))])
  const old = rows.filter(
    ({ id, created_at, state }, index) =>
      (index >= KEPT_AT_MOST || (index >= KEPT && created_at < now - KEPT_TIME)) &&
      state !== 'applying' &&
      !needed.has(id),
  )
  for (const { id } of old) await db.deleteFrom('changes').where('id', '=', id).execute()
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
