import type { Db } from '../database.ts'
import { inTransaction } from '../transaction.ts'
import { inBatches } from './in-batches.ts'

/** What the service answered about an address; null: it does not know. */
export interface CachedGeo {
  readonly address: string
  readonly country: string | null
  readonly asn: number | null
  readonly organisation: string | null
  readonly lookedUpAt: number
  readonly lastSeen: number
}

const columns = [
  'address',
  'country',
  'asn',
  'organisation',
  'looked_up_at as lookedUpAt',
  'last_seen as lastSeen',
] as const

/** What is cached of these addresses, in no order. */
export async function findGeo(db: Db, addresses: readonly string[]): Promise<CachedGeo[]> {
  const found: CachedGeo[] = []
  for (const batch of inBatches(addresses))
    found.push(...(await db.selectFrom('geo_cache').select(columns).where('address', 'in', batch).execute()))
  return found
}

/** Stores answers of the service; a newer one replaces what was there. */
export async function upsertGeo(db: Db, rows: readonly CachedGeo[]): Promise<void> {
  if (rows.length === 0) return
  await inTransaction(db, async (transaction) => {
    for (const batch of inBatches(rows))
      await transaction
        .insertInto('geo_cache')
        .values(batch.map(toRow))
        .onConflict((conflict) =>
          conflict.column('address').doUpdateSet((eb) => ({
            country: eb.ref('excluded.country'),
            asn: eb.ref('excluded.asn'),
            organisation: eb.ref('excluded.organisation'),
            looked_up_at: eb.ref('excluded.looked_up_at'),
            last_seen: eb.fn('max', [eb.ref('geo_cache.last_seen'), eb.ref('excluded.last_seen')]),
          })),
        )
        .execute()
  })
}

/** Remembers that these addresses were asked for at `now`; one that is not cached is left alone. */
export async function touchGeo(db: Db, addresses: readonly string[], now: number): Promise<void> {
  if (addresses.length === 0) return
  await inTransaction(db, async (transaction) => {
    for (const batch of inBatches(addresses))
      await transaction
        .updateTable('geo_cache')
        .set({ last_seen: now })
        .where('address', 'in', batch)
        .where('last_seen', '<', now)
        .execute()
  })
}

/** Deletes at most `limit` of what was last seen before `time` (strictly); gives how many went. */
export async function deleteGeoSeenBefore(db: Db, time: number, limit = 5000): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom('geo_cache')
    .where('address', 'in', (eb) =>
      eb.selectFrom('geo_cache').select('address').where('last_seen', '<', time).limit(limit),
    )
    .executeTakeFirst()
  return Number(numDeletedRows)
}

/** What was asked for last, newest first, to warm a cache with. */
export const listRecentGeo = (db: Db, limit: number): Promise<CachedGeo[]> =>
  db.selectFrom('geo_cache').select(columns).orderBy('last_seen', 'desc').limit(limit).execute()

const toRow = ({ lookedUpAt, lastSeen, ...rest }: CachedGeo) => ({
  ...rest,
  looked_up_at: lookedUpAt,
  last_seen: lastSeen,
})
