import type { HostDb } from '../database.ts'

/** How far the bans of a host were compared with its daemon's. */
export interface BansComparison {
  /** the daemon instance that they were compared with last; null: none yet */
  readonly comparedDaemon: string | null
  /** the seq of the newest event when a comparison began that has not ended; null: none is under way */
  readonly begunAtSeq: number | null
}

export interface BansComparisonStore {
  load(): Promise<BansComparison>
  /** Stores these fields; the others stay. */
  save(change: Partial<BansComparison>): Promise<void>
}

/** Returns the comparison of one host in the database. */
export const createBansComparisonStore = (hostDb: HostDb, clock: () => number): BansComparisonStore => ({
  load: () => load(hostDb),
  save: (change) => save(hostDb, { ...change, now: clock() }),
})

async function load({ db, hostId }: HostDb): Promise<BansComparison> {
  const row = await db
    .selectFrom('runtime_state')
    .select(['compared_daemon', 'comparison_begun'])
    .where('host_id', '=', hostId)
    .executeTakeFirst()
  return { comparedDaemon: row?.compared_daemon ?? null, begunAtSeq: row?.comparison_begun ?? null }
}

async function save(
  { db, hostId }: HostDb,
  { now, ...change }: Partial<BansComparison> & { readonly now: number },
): Promise<void> {
  const row = {
    ...(change.comparedDaemon !== undefined && { compared_daemon: change.comparedDaemon }),
    ...(change.begunAtSeq !== undefined && { comparison_begun: change.begunAtSeq }),
    updated_at: now,
  }
  await db
    .insertInto('runtime_state')
    .values({ host_id: hostId, last_activation_confirmed: 0, ...row })
    .onConflict((conflict) => conflict.column('host_id').doUpdateSet(row))
    .execute()
}
