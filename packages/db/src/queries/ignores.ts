import { MAX_IGNORES, type Ignore } from '@bangui/shared'
import type { Db, HostDb } from '../database.ts'
import { inTransaction } from '../transaction.ts'

/** Where an entry of the allow list stands on a host. */
export interface IgnoreState {
  /** the sections of the configuration to which BanGUI added it, or is about to */
  readonly sections: readonly string[]
  /** since when it is written there; null: it is not yet */
  readonly writtenAt: number | null
  /** since when each running jail has it */
  readonly holds: ReadonlyMap<string, number>
}

/** An entry of the allow list as it stands on a host. */
export interface IgnoreRecord extends Ignore, IgnoreState {
  /** who removed it; null: nobody */
  readonly removedBy: string | null
  /** this host has nothing of it, or nothing more, and others have */
  readonly isElsewhere: boolean
}

export type NewIgnore = Omit<Ignore, 'id'>

const entries = ({ db, hostId }: HostDb) =>
  db
    .selectFrom('ignores')
    .leftJoin('ignore_states', (join) =>
      join.onRef('ignore_id', '=', 'id').on('ignore_states.host_id', '=', hostId),
    )
    .select(['id', 'ignores.host_id', 'jail', 'address', 'note', 'by_name', 'added_at', 'expires_at'])
    .select(['removed_by', 'sections', 'written_at', 'holds', 'ignore_states.host_id as state_of'])
    .select(({ exists, selectFrom }) =>
      exists(
        selectFrom('ignore_states as others')
          .select('others.host_id')
          .whereRef('others.ignore_id', '=', 'ignores.id')
          .where('others.host_id', '<>', hostId),
      ).as('has_others'),
    )
    .where(({ eb, or }) => or([eb('ignores.host_id', '=', hostId), eb('ignores.host_id', 'is', null)]))
    .orderBy('id')

type Row = Awaited<ReturnType<ReturnType<typeof entries>['execute']>>[number]

const recordOf = (row: Row): IgnoreRecord => ({
  id: row.id,
  address: row.address,
  jail: row.jail,
  everyHost: row.host_id === null,
  note: row.note,
  by: row.by_name,
  addedAt: row.added_at,
  expiresAt: row.expires_at,
  removedBy: row.removed_by,
  isElsewhere: row.state_of === null && Number(row.has_others) === 1,
  sections: readSections(row.sections),
  writtenAt: row.written_at,
  holds: readHolds(row.holds),
})

/** Returns the allow list of a host, also the entries of every host and those that end, in the order in which they were added. */
export const listIgnores = async (hostDb: HostDb): Promise<IgnoreRecord[]> =>
  (await entries(hostDb).execute()).map(recordOf)

/** Returns an entry of the allow list of a host. */
export async function findIgnore(hostDb: HostDb, id: number): Promise<IgnoreRecord | undefined> {
  const row = await entries(hostDb).where('id', '=', id).executeTakeFirst()
  return row && recordOf(row)
}

/**
 * Adds an entry and returns its id. `existing`: the host has it for the same jails already; `full`: the list has as many
 * entries as it may have.
 */
export const insertIgnore = (
  { db, hostId }: HostDb,
  entry: NewIgnore,
): Promise<{ readonly id: number } | { readonly refused: 'existing' | 'full' }> =>
  inTransaction(db, async (transaction) => {
    const listed = await listIgnores({ db: transaction, hostId })
    const same = ({ address, jail, everyHost }: Ignore) =>
      address === entry.address && jail === entry.jail && everyHost === entry.everyHost
    if (listed.some(same)) return { refused: 'existing' }
    if (listed.length >= MAX_IGNORES) return { refused: 'full' }
    return transaction
      .insertInto('ignores')
      .values({
        host_id: entry.everyHost ? null : hostId,
        jail: entry.jail,
        address: entry.address,
        note: entry.note,
        by_name: entry.by,
        added_at: entry.addedAt,
        expires_at: entry.expiresAt,
        removed_by: null,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
  })

/** Changes what an entry says about itself, or who wants it since when. Returns whether there is one. */
export async function updateIgnore(
  db: Db,
  id: number,
  { note, by, addedAt, expiresAt, removedBy }: Omit<IgnoreRecord, 'id' | 'isElsewhere' | keyof IgnoreState>,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('ignores')
    .set({ note, by_name: by, added_at: addedAt, expires_at: expiresAt, removed_by: removedBy })
    .where('id', '=', id)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/** Stores where an entry stands on a host. An entry that was deleted meanwhile stays so. */
export async function saveIgnoreState(
  { db, hostId }: HostDb,
  id: number,
  { sections, writtenAt, holds }: IgnoreState,
): Promise<void> {
  const row = {
    sections: JSON.stringify(sections),
    written_at: writtenAt,
    holds: JSON.stringify(Object.fromEntries(holds)),
  }
  await inTransaction(db, async (transaction) => {
    const there = await transaction.selectFrom('ignores').select('id').where('id', '=', id).executeTakeFirst()
    if (!there) return
    await transaction
      .insertInto('ignore_states')
      .values({ ignore_id: id, host_id: hostId, ...row })
      .onConflict((conflict) => conflict.columns(['ignore_id', 'host_id']).doUpdateSet(row))
      .execute()
  })
}

/** Deletes an entry that has ended on a host; one of every host when it has ended on the last one. */
export const deleteIgnore = ({ db, hostId }: HostDb, id: number): Promise<void> =>
  inTransaction(db, async (transaction) => {
    const states = transaction.deleteFrom('ignore_states').where('ignore_id', '=', id)
    await states.where('host_id', '=', hostId).execute()
    await transaction
      .deleteFrom('ignores')
      .where('id', '=', id)
      .where(({ not, exists, selectFrom }) =>
        not(exists(selectFrom('ignore_states').select('host_id').where('ignore_id', '=', id))),
      )
      .execute()
  })

function readSections(text: string | null): readonly string[] {
  const found = parseJson(text)
  return Array.isArray(found) ? found.filter((each) => typeof each === 'string') : []
}

function readHolds(text: string | null): ReadonlyMap<string, number> {
  const found = parseJson(text)
  if (typeof found !== 'object' || found === null) return new Map()
  return new Map(
    Object.entries(found).flatMap(([jail, since]: [string, unknown]) =>
      typeof since === 'number' ? [[jail, since] as const] : [],
    ),
  )
}

function parseJson(text: string | null): unknown {
  try {
    return text === null ? null : JSON.parse(text)
  } catch {
    return null
  }
}
