import { chunk, untilAborted } from '@bangui/async'
import type { CachedGeo } from '@bangui/db'
import { DAY_MS } from '@bangui/shared'
import type { GeoCache } from './geo-cache.ts'
import { CALL_SIZE, type GeoService } from './geo-service.ts'

/** An address that the service did not know is asked about again after 7 days. */
const UNKNOWN_MS = 7 * DAY_MS
/** How many addresses may wait for the service; others stay unknown for now. */
const MAX_WAITING = 2_000

/** The places of addresses that no file knows: from the cache, and from the service where it is enabled. */
export interface GeoAnswers {
  /** Returns what is known about public addresses, or becomes known before the signal aborts. */
  find(
    addresses: readonly string[],
    signal?: AbortSignal,
  ): Promise<ReadonlyMap<string, CachedGeo | undefined>>
}

export interface GeoAnswersOptions {
  readonly cache: GeoCache
  readonly service: GeoService
  readonly isServiceOn: () => boolean
  readonly clock: () => number
}

/** Creates {@link GeoAnswers}. Callers share the request for an address. */
export function createGeoAnswers({ cache, service, isServiceOn, clock }: GeoAnswersOptions): GeoAnswers {
  const asking = new Map<string, Promise<void>>()
  const isKnown = (place: CachedGeo | undefined) =>
    place !== undefined && (place.country !== null || clock() - place.lookedUpAt < UNKNOWN_MS)

  const ask = (addresses: readonly string[]) => {
    const room = Math.max(0, MAX_WAITING - asking.size)
    const fresh = addresses.filter((address) => !asking.has(address)).slice(0, room)
    for (const some of chunk(fresh, CALL_SIZE)) {
      const answered = service.ask(some).then((places) => cache.keep(places))
      for (const address of some) asking.set(address, answered)
      void answered.finally(() => some.forEach((address) => asking.delete(address)))
    }
    return Promise.all(new Set(addresses.flatMap((address) => asking.get(address) ?? [])))
  }

  return {
    async find(addresses, signal) {
      const found = await cache.find(addresses)
      const wanted = addresses.filter((address) => !isKnown(found.get(address)))
      if (wanted.length === 0 || !isServiceOn()) return found
      await untilAborted(ask(wanted), signal).catch((error: unknown) => {
        if (!signal?.aborted) throw error
      })
      return new Map(addresses.map((address) => [address, cache.peek(address) ?? found.get(address)]))
    },
  }
}
