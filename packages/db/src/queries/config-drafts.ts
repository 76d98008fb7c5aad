import { Edit, type ConfigDraft } from '@bangui/shared'
import type { Db, HostDb } from '../database.ts'
import { inTransaction } from '../transaction.ts'

/** Returns what a user has not applied yet on a host; revision 0: nothing was saved. */
export async function findConfigDraft({ db, hostId }: HostDb, userId: number): Promise<ConfigDraft> {
  const row = await db
    .selectFrom('config_drafts')
    .select(['revision', 'edits', 'saved_at'])
    .where('user_id', '=', userId)
    .where('host_id', '=', hostId)
    .executeTakeFirst()
  if (!row) return { revision: 0, edits: [], savedAt: null }
  return { revision: row.revision, edits: readEdits(row.edits), savedAt: row.saved_at }
}

/** Returns since when a draft has edits; undefined: it has none, or that is not known. */
export async function findDraftBegin({ db, hostId }: HostDb, userId: number): Promise<number | undefined> {
  const row = await db
    .selectFrom('config_drafts')
    .select('begun_at')
    .where('user_id', '=', userId)
    .where('host_id', '=', hostId)
    .executeTakeFirst()
  return row?.begun_at ?? undefined
}

/** A draft that is saved. */
export interface DraftToSave {
  readonly userId: number
  readonly edits: readonly Edit[]
  /** the revision that these edits were made on */
  readonly revision: number
  readonly now: number
}

/**
 * Stores the edits of a user, all of them, and returns the new revision; undefined: the stored draft has another one than
 * that which the edits were made on, and stays as it is.
 */
export const saveConfigDraft = (
  { db, hostId }: HostDb,
  { userId, edits, revision, now }: DraftToSave,
): Promise<number | undefined> =>
  inTransaction(db, async (transaction) => {
    const stored = await findConfigDraft({ db: transaction, hostId }, userId)
    if (stored.revision !== revision) return undefined
    // a deleted draft begins later than it ended: an old tab does not take it for its own
    const next = Math.max(revision + 1, now)
    const begun = await findDraftBegin({ db: transaction, hostId }, userId)
    const begun_at = edits.length === 0 ? null : (begun ?? now)
    const row = { revision: next, edits: JSON.stringify(edits), saved_at: now, begun_at }
    await transaction
      .insertInto('config_drafts')
      .values({ user_id: userId, host_id: hostId, ...row })
      .onConflict((conflict) => conflict.columns(['user_id', 'host_id']).doUpdateSet(row))
      .execute()
    return next
  })

/** Deletes the drafts that were saved before a time, and those of users who have none of the roles. Returns how many. */
export async function deleteConfigDrafts(
  db: Db,
  { before, roles }: { readonly before: number; readonly roles: readonly string[] },
): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom('config_drafts')
    .where(({ eb, or, not, exists, selectFrom }) =>
      or([
        eb('saved_at', '<', before),
        not(
          exists(
            selectFrom('users')
              .select('users.id')
              .whereRef('users.id', '=', 'config_drafts.user_id')
              .where('users.role', 'in', roles),
          ),
        ),
      ]),
    )
    .executeTakeFirst()
  return Number(numDeletedRows)
}

/** An edit that an older BanGUI allowed and this one does not is left out. */
function readEdits(json: string): Edit[] {
  const stored: unknown = JSON.parse(json)
  const all: readonly unknown[] = Array.isArray(stored) ? stored : []
  return all.flatMap((each) => {
    const edit = Edit.safeParse(each)
    return edit.success ? [edit.data] : []
  })
}
