import { addressKey, addressOfKey } from '@bangui/shared'
import { sql } from 'kysely'
import type { HostDb } from '../database.ts'
import { inTransaction } from '../transaction.ts'
import { inBatches } from './in-batches.ts'

/** When BanGUI ends a ban itself, before the jail's own bantime. */
export interface Timer {
  readonly jail: string
  readonly address: string
  /** the id of the operation that set it */
  readonly operation: string
  /** when the ban was sent */
  readonly setAt: number
  readonly endsAt: number
  /** pending: whether the ban was made is not known yet */
  readonly state: 'pending' | 'armed'
}

const columns = ['jail', 'address', 'operation', 'set_at as setAt', 'ends_at as endsAt', 'state'] as const

const toTimer = (row: Omit<Timer, 'address'> & { readonly address: Uint8Array }): Timer => ({
  ...row,
  address: addressOfKey(row.address),
})

/**
 * Returns the timers that are due at `now`, the longest overdue first, those of bans that were made before those of which that
 * is not known yet: thousands of the latter keep nobody waiting.
 */
export async function listDueTimers({ db, hostId }: HostDb, now: number, limit: number): Promise<Timer[]> {
  const rows = await db
    .selectFrom('timers')
    .select(columns)
    .where('host_id', '=', hostId)
    .where('ends_at', '<=', now)
    .orderBy(sql`state = 'pending'`)
    .orderBy('ends_at')
    .orderBy('jail')
    .orderBy('address')
    .limit(limit)
    .execute()
  return rows.map(toTimer)
}

/** Returns the armed timers of addresses in a jail. */
export async function findArmedTimers(
  { db, hostId }: HostDb,
  jail: string,
  addresses: readonly string[],
): Promise<Timer[]> {
  const found: Timer[] = []
  for (const batch of inBatches(addresses)) {
    const rows = await db
      .selectFrom('timers')
      .select(columns)
      .where('host_id', '=', hostId)
      .where('jail', '=', jail)
      .where('address', 'in', batch.map(addressKey))
      .where('state', '=', 'armed')
      .execute()
    found.push(...rows.map(toTimer))
  }
  return found
}

/** Deletes timers, but not one that was set to another end meanwhile. */
export async function deleteTimers({ db, hostId }: HostDb, timers: readonly Timer[]): Promise<void> {
  if (timers.length === 0) return
  await inTransaction(db, async (transaction) => {
    for (const { jail, address, operation, endsAt } of timers)
      await transaction
        .deleteFrom('timers')
        .where('host_id', '=', hostId)
        .where('jail', '=', jail)
        .where('address', '=', addressKey(address))
        .where('operation', '=', operation)
        .where('ends_at', '=', endsAt)
        .execute()
  })
}
