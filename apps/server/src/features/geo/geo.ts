import type { CachedGeo, Database } from '@bangui/db'
import { parseAddress, type GeoInfo, type GeoStatus } from '@bangui/shared'
import type { Config } from '../../config.ts'
import type { Logger } from '../../lib/logger.ts'
import type { StateStore } from '../../state/state-store.ts'
import { createGeoCache } from './geo-cache.ts'
import { createGeoFiles, type GeoFiles } from './geo-files.ts'
import { CALL_SIZE, createGeoService, type GeoService } from './geo-service.ts'
import { nowhere, type Place } from './mmdb.ts'

const DAY = 86_400_000
/** An address that the service did not know is asked about again after that. */
const UNKNOWN_FOR = 7 * DAY
/** Addresses that wait for the service; with more, what is not known is left unknown for now. */
const MOST_WAITING = 2_000

/** Where addresses are: from the user's file, the bundled one, and, where the user switched it on, an HTTP service. */
export interface Geo {
  /** One call for a page of addresses or networks, under the names that were given. Never rejects for want of an answer. */
  lookup(addresses: readonly string[], signal?: AbortSignal): Promise<ReadonlyMap<string, GeoInfo>>
  /** From files and memory, at once; null when only the service could tell. */
  countryOf(address: string): string | null
  status(): GeoStatus
  /** Fills the memory with the service's answers that were last used. */
  warm(): Promise<void>
  /** Writes what the cache in memory has and the database has not. */
  flush(signal?: AbortSignal): Promise<void>
  /** Deletes answers that nobody has asked for in a long time (a setting), and tells how many. */
  cleanup(): Promise<number>
  /** Flushes and ends. */
  close(): Promise<void>
}

export interface GeoOptions {
  readonly config: Pick<Config, 'geoFile' | 'geoServiceUrl' | 'allowPrivateUrls'>
  readonly database: Database
  readonly state: Pick<StateStore, 'get'>
  readonly clock: () => number
  readonly log: Logger
  readonly files?: GeoFiles
  readonly service?: GeoService
}

/** Makes {@link Geo}; nothing is read or asked before it is needed. */
export function createGeo(options: GeoOptions): Geo {
  const { config, state, clock, log } = options
  const files = options.files ?? createGeoFiles({ path: config.geoFile, log })
  const url = config.geoServiceUrl
  const service =
    options.service ?? createGeoService({ url, allowPrivate: config.allowPrivateUrls, clock, log })
  const cache = createGeoCache({ db: options.database.db, clock })
  const asking = new Map<string, Promise<void>>()
  const isServiceOn = () => state.get().runtimeSettings.geoServiceEnabled
  const isFresh = ({ country, lookedUpAt }: CachedGeo) =>
    country !== null || clock() - lookedUpAt < UNKNOWN_FOR

  const ask = async (addresses: readonly string[], signal: AbortSignal | undefined) => {
    // who asks about an address that is being asked about waits for that answer
    const room = Math.max(0, MOST_WAITING - asking.size)
    const fresh = addresses.filter((address) => !asking.has(address)).slice(0, room)
    for (let from = 0; from < fresh.length; from += CALL_SIZE) {
      const some = fresh.slice(from, from + CALL_SIZE)
      const answered = service.ask(some).then((places) => cache.keep(places))
      for (const address of some) asking.set(address, answered)
      void answered.finally(() => some.forEach((address) => asking.delete(address)))
    }
    const answers = new Set(addresses.flatMap((address) => asking.get(address) ?? []))
    await orAborted(Promise.all(answers), signal)
  }
  const lookUpElsewhere = async (addresses: readonly string[], signal: AbortSignal | undefined) => {
    const found = await cache.find(addresses)
    const wanted = addresses.filter((address) => !isKnown(found.get(address), isFresh))
    if (wanted.length === 0 || !isServiceOn()) return found
    await ask(wanted, signal)
    return new Map(addresses.map((address) => [address, cache.peek(address) ?? found.get(address)]))
  }

  return {
    async lookup(addresses, signal) {
      const hosts = new Map(addresses.map((address) => [address, hostOf(address)]))
      const places = new Map<string, Place>()
      for (const host of hosts.values()) if (host) places.set(host.text, files.find(host.text))
      const unknown = [...new Set(hosts.values())].filter(
        (host) => host?.isPublic && places.get(host.text)?.country === null,
      )
      const others = await lookUpElsewhere([...new Set(unknown.flatMap((host) => host?.text ?? []))], signal)
      const placeOf = (text: string) => merged(places.get(text), others.get(text))
      return new Map(
        [...hosts].map(([address, host]) => [address, { address, ...(host ? placeOf(host.text) : nowhere) }]),
      )
    },
    countryOf(address) {
      const host = hostOf(address)
      return host ? (files.find(host.text).country ?? cache.peek(host.text)?.country ?? null) : null
    },
    status() {
      const status = files.status()
      if (status.provider !== 'none' || !isServiceOn()) return status
      return {
        ...status,
        provider: 'service',
        message: `${status.message} The service at ${new URL(url).host}.`,
      }
    },
    warm: () => cache.warm(),
    flush: (signal) => cache.flush(signal),
    async cleanup() {
      // what was seen since the last flush is not to go
      await cache.flush()
      return cache.deleteSeenBefore(clock() - state.get().runtimeSettings.geoCacheDays * DAY)
    },
    async close() {
      files.close()
      await cache.flush()
    },
  }
}

const isKnown = (place: CachedGeo | undefined, isFresh: (place: CachedGeo) => boolean) =>
  place !== undefined && isFresh(place)

/** The address to look up: for a network its first. */
function hostOf(text: string): { readonly text: string; readonly isPublic: boolean } | undefined {
  const address = parseAddress(text)
  const host = address?.text.split('/')[0]
  return address && host ? { text: host, isPublic: address.kind === 'public' } : undefined
}

const merged = (file: Place = nowhere, other: Place = nowhere): Place => ({
  country: file.country ?? other.country,
  asn: file.asn ?? other.asn,
  organisation: file.organisation ?? other.organisation,
})

/** Waits for the work, but no longer than the signal allows. */
function orAborted(work: Promise<unknown>, signal: AbortSignal | undefined): Promise<unknown> {
  if (!signal) return work
  return new Promise((resolve) => {
    signal.addEventListener('abort', resolve, { once: true })
    if (signal.aborted) resolve(undefined)
    void work.then(resolve)
  })
}
