import {
  deleteGeoSeenBefore,
  findGeo,
  listRecentGeo,
  touchGeo,
  upsertGeo,
  type CachedGeo,
  type Db,
} from '@bangui/db'
import type { Place } from './mmdb.ts'

/** The service's answers in two tiers: memory, and the table `geo_cache`, which is written in batches. */
export interface GeoCache {
  /** From memory alone. */
  peek(address: string): CachedGeo | undefined
  /** From memory alone, noted as seen. */
  use(address: string): CachedGeo | undefined
  /** From memory, then the table; each is noted as seen. */
  find(addresses: readonly string[]): Promise<Map<string, CachedGeo>>
  /** Keeps answers; the table has them after the next flush. */
  keep(places: ReadonlyMap<string, Place>): void
  /** Fills the memory with what was last seen. */
  warm(): Promise<void>
  /** Writes what the table does not have yet; what could not be written is kept for the next time. */
  flush(signal?: AbortSignal): Promise<void>
  /** Forgets what was last seen before, in both tiers. */
  deleteSeenBefore(time: number): Promise<number>
}

export interface GeoCacheOptions {
  readonly db: Db
  readonly clock: () => number
  /** entries in memory @default 50000 */
  readonly capacity?: number
}

/** Rows in one transaction, deleted in one step, and read at the start. */
const ROWS_PER_TRANSACTION = 500
const ROWS_PER_DELETION = 1_000
const ROWS_AT_START = 10_000

/** Creates {@link GeoCache}. */
export function createGeoCache({ db, clock, capacity = 50_000 }: GeoCacheOptions): GeoCache {
  // in the order of use, the least recent first
  const memory = new Map<string, CachedGeo>()
  const unwritten = new Map<string, CachedGeo>()
  const seen = new Set<string>()

  const remember = (place: CachedGeo) => {
    memory.delete(place.address)
    memory.set(place.address, place)
    if (memory.size <= capacity) return
    for (const oldest of memory.keys()) {
      memory.delete(oldest)
      return
    }
  }
  const see = (place: CachedGeo) => {
    remember({ ...place, lastSeen: clock() })
    if (seen.size < capacity) seen.add(place.address)
    return place
  }

  return {
    peek: (address) => memory.get(address),

    use(address) {
      const place = memory.get(address)
      return place && see(place)
    },

    async find(addresses) {
      const known = addresses.flatMap((address) => memory.get(address) ?? [])
      const missing = addresses.filter((address) => !memory.has(address))
      for (const some of batches(missing)) known.push(...(await findGeo(db, some)))
      return new Map(known.map((place) => [place.address, see(place)]))
    },

    keep(places) {
      const now = clock()
      for (const [address, place] of places) {
        const kept = { ...place, address, lookedUpAt: now, lastSeen: now }
        remember(kept)
        if (unwritten.size < capacity) unwritten.set(address, kept)
      }
    },

    async warm() {
      const recent = await listRecentGeo(db, Math.min(capacity, ROWS_AT_START))
      for (const place of recent.toReversed()) if (!memory.has(place.address)) remember(place)
    },

    async flush(signal) {
      for (const rows of batches([...unwritten.values()])) {
        if (signal?.aborted) return
        await upsertGeo(db, rows)
        // an address that was looked up again meanwhile still has to be written
        for (const row of rows) if (unwritten.get(row.address) === row) unwritten.delete(row.address)
      }
      const now = clock()
      for (const addresses of batches([...seen])) {
        if (signal?.aborted) return
        await touchGeo(db, addresses, now)
        for (const address of addresses) seen.delete(address)
      }
    },

    async deleteSeenBefore(time) {
      let deleted = 0
      for (let step = ROWS_PER_DELETION; step === ROWS_PER_DELETION; deleted += step)
        step = await deleteGeoSeenBefore(db, time, ROWS_PER_DELETION)
      for (const [address, { lastSeen }] of memory) if (lastSeen < time) memory.delete(address)
      return deleted
    },
  }
}

function* batches<TItem>(items: readonly TItem[]): Generator<readonly TItem[]> {
  for (let from = 0; from < items.length; from += ROWS_PER_TRANSACTION)
    yield items.slice(from, from + ROWS_PER_TRANSACTION)
}
