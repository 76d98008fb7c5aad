import type { Db } from '../database.ts'
import { inTransaction } from '../transaction.ts'

/** Every setting that is stored, by key. A value that is not JSON is left out. */
export async function listSettings(db: Db): Promise<Map<string, unknown>> {
  const rows = await db.selectFrom('settings').select(['key', 'value']).orderBy('key').execute()
  return new Map(rows.flatMap(({ key, value }) => parsed(key, value)))
}

function parsed(key: string, value: string): [string, unknown][] {
  try {
    return [[key, JSON.parse(value)]]
  } catch {
    // edited manually: it counts as absent, and the default applies
    return []
  }
}

/** Stores one setting as JSON. */
export async function setSetting(
  db: Db,
  key: string,
  { value, now }: { readonly value: unknown; readonly now: number },
): Promise<void> {
  const row = { value: JSON.stringify(value), updated_at: now }
  await db
    .insertInto('settings')
    .values({ key, ...row })
    .onConflict((conflict) => conflict.column('key').doUpdateSet(row))
    .execute()
}

/** Forgets one setting; it need not be there. */
export async function deleteSetting(db: Db, key: string): Promise<void> {
  await db.deleteFrom('settings').where('key', '=', key).execute()
}

/** Stores several settings at once, all or none; `null` forgets one, `undefined` leaves it. */
export const updateSettings = (
  db: Db,
  patch: Readonly<Record<string, unknown>>,
  now: number,
): Promise<void> =>
  inTransaction(db, async (transaction) => {
    for (const [key, value] of Object.entries(patch)) {
      if (value === undefined) continue
      await (value === null ? deleteSetting(transaction, key) : setSetting(transaction, key, { value, now }))
    }
  })
