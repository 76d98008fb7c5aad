import { addressKey, addressOfKey } from '@bangui/shared'
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

/** Stores timers. The archive itself sets those of bans that are sent. */
export const insertTimers = ({ db, hostId }: HostDb, timers: readonly Timer[]): Promise<void> =>
  inTransaction(db, async (transaction) => {
    for (const batch of inBatches(timers))
      await transaction
        .insertInto('timers')
        .values(
          batch.map(({ jail, address, operation, setAt, endsAt, state }) => ({
            host_id: hostId,
            jail,
            address: addressKey(address),
            operation,
            set_at: setAt,
            ends_at: endsAt,
            state,
          })),
        )
        .onConflict((conflict) =>
          conflict.columns(['host_id', 'jail', 'address', 'operation']).doUpdateSet((eb) => ({
            ends_at: eb.ref('excluded.ends_at'),
            state: eb.ref('excluded.state'),
          })),
        )
        .execute()
  })

const columns = ['jail', 'address', 'operation', 'set_at as setAt', 'ends_at as endsAt', 'state'] as const

const toTimer = (row: Omit<Timer, 'address'> & { readonly address: Uint8Array }): Timer => ({
  ...row,
  address: addressOfKey(row.address),
})

/** Returns the timers that are due at `now`, the longest overdue first. */
export async function listDueTimers({ db, hostId }: HostDb, now: number, limit: number): Promise<Timer[]> {
  const rows = await db
    .selectFrom('timers')
    .select(columns)
    .where('host_id', '=', hostId)
    .where('ends_at', '<=', now)
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
