import type { HostDb } from '../database.ts'
import { inTransaction } from '../transaction.ts'
import { inBatches } from './in-batches.ts'

/** What is remembered of jails; the name of the table. */
export type RememberedJailKind = 'idle_jails' | 'stopped_jails'

/** A jail of which something is true since a time (epoch milliseconds) in one run of the daemon. */
export interface RememberedJail {
  readonly jail: string
  readonly since: number
  readonly daemon: string
}

/** Returns the jails of this kind. */
export const listRememberedJails = (
  { db, hostId }: HostDb,
  kind: RememberedJailKind,
): Promise<RememberedJail[]> =>
  db.selectFrom(kind).select(['jail', 'since', 'daemon']).where('host_id', '=', hostId).execute()

/** Replaces the jails of this kind. */
export const saveRememberedJails = (
  { db, hostId }: HostDb,
  kind: RememberedJailKind,
  jails: readonly RememberedJail[],
): Promise<void> =>
  inTransaction(db, async (transaction) => {
    await transaction.deleteFrom(kind).where('host_id', '=', hostId).execute()
    for (const batch of inBatches(jails))
      await transaction
        .insertInto(kind)
        .values(batch.map((jail) => ({ ...jail, host_id: hostId })))
        .execute()
  })
