import type { Database } from '@bangui/db'
import { addressKey, DAY_MS, type GeoInfo, type GeoStatus, isPublicIpv4, parseAddress } from '@bangui/shared'
import type { Config } from '../../config.ts'
import { createFetchPublic } from '../../lib/fetch-public.ts'
import type { Logger } from '../../lib/logger.ts'
import type { AppState } from '../../state/app-state.ts'
import type { Store } from '../../state/state-store.ts'
import { createGeoAnswers } from './geo-answers.ts'
import { createGeoCache } from './geo-cache.ts'
import { createGeoFiles, type GeoFiles } from './geo-files.ts'
import { createGeoService, type GeoService } from './geo-service.ts'
import { UNKNOWN_PLACE, type Place } from './mmdb.ts'

/** How many learnt countries are kept until they are taken; others are learnt again when they are needed. */
const MAX_LEARNT = 20_000

/**
 * Where public addresses are: from the user's file, the bundled one, and, where the user switched it on, an HTTP service.
 * The others are in no country, whatever these say.
 */
export interface Geo {
  /** One call for a page of addresses or networks, under the names that were given. Never rejects for want of an answer. */
  lookup(addresses: readonly string[], signal?: AbortSignal): Promise<ReadonlyMap<string, GeoInfo>>
  /** Returns the country from files and memory, at once; null: only the service could know it. */
  countryOf(address: string): string | null
  /** Asks the service, where it is enabled, about addresses that no file knows; does not wait for the answer. */
  learn(addresses: readonly string[]): void
  /** Returns the countries that the service found since the last call. */
  takeLearnt(): LearntCountry[]
  status(): GeoStatus
  /** Fills the memory with the service's answers that were last used. */
  warm(): Promise<void>
  /** Writes what the cache in memory has and the database has not. */
  flush(signal?: AbortSignal): Promise<void>
  /** Deletes answers that were not used for a long time (a setting). Returns how many there were. */
  cleanup(): Promise<number>
  /** Flushes and ends. */
  close(): Promise<void>
}

export interface LearntCountry {
  readonly address: string
  readonly country: string
}

export interface GeoOptions {
  readonly config: Pick<Config, 'geoFile' | 'geoServiceUrl' | 'allowPrivateUrls' | 'proxies'>
  readonly database: Database
  readonly appState: Pick<Store<AppState>, 'get'>
  readonly clock: () => number
  readonly log: Logger
  readonly files?: GeoFiles
  readonly service?: GeoService
}

/** Creates {@link Geo}; nothing is read or requested before it is needed. */
export function createGeo(options: GeoOptions): Geo {
  const { config, appState, clock, log } = options
  const files = options.files ?? createGeoFiles({ path: config.geoFile, log })
  const url = config.geoServiceUrl
  const service =
    options.service ?? createGeoService({ url, fetchPublic: createFetchPublic(config), clock, log })
  const cache = createGeoCache({ db: options.database.db, clock })
  const isServiceOn = () => appState.get().runtimeSettings.geoServiceEnabled
  const answers = createGeoAnswers({ cache, service, isServiceOn, clock })

  const learnt = new Map<string, string>()
  const note = (address: string, place: Place | undefined) => {
    if (place?.country && learnt.size < MAX_LEARNT) learnt.set(address, place.country)
  }

  const geo: Geo = {
    async lookup(addresses, signal) {
      const hosts = new Map(addresses.map((address) => [address, hostOf(address)]))
      const places = new Map<string, Place>()
      for (const host of hosts.values()) if (host !== undefined) places.set(host, files.find(host))
      const unknown = [...places].flatMap(([host, { country }]) => (country === null ? host : []))
      const others = await answers.find(unknown, signal)
      for (const [address, host] of hosts) if (host !== undefined) note(address, others.get(host))
      const placeOf = (host: string) => merged(places.get(host), others.get(host))
      return new Map(
        [...hosts].map(([address, host]) => [
          address,
          { address, ...(host === undefined ? UNKNOWN_PLACE : placeOf(host)) },
        ]),
      )
    },
    countryOf(address) {
      const host = address.includes(':') ? hostOf(address) : ipv4HostOf(address)
      return host === undefined ? null : (files.find(host).country ?? cache.use(host)?.country ?? null)
    },
    learn(some) {
      if (!isServiceOn() || some.length === 0) return
      geo.lookup(some).catch((error: unknown) => {
        log.warn({ event: 'geo_lookup_failed', err: error }, 'locations could not be looked up')
      })
    },
    takeLearnt() {
      const taken = [...learnt].map(([address, country]) => ({ address, country }))
      learnt.clear()
      return taken
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
      return cache.deleteSeenBefore(clock() - appState.get().runtimeSettings.geoCacheDays * DAY_MS)
    },
    async close() {
      files.close()
      await cache.flush()
    },
  }
  return geo
}

/** Returns the address to look up, for a network its first; undefined: it is not public, or no address. */
function hostOf(text: string): string | undefined {
  const address = parseAddress(text)
  const [first = '', prefix] = address?.text.split('/') ?? []
  const host = prefix === undefined ? address : parseAddress(first)
  return host?.kind === 'public' ? host.text : undefined
}

/** As {@link hostOf}, for IPv4 and faster: an import asks for each of a million rows. */
function ipv4HostOf(text: string): string | undefined {
  const [family, a = 0, b = 0, c = 0, d = 0] = addressKey(text)
  if (family !== 4 || !isPublicIpv4(((a * 256 + b) * 256 + c) * 256 + d)) return undefined
  return `${a}.${b}.${c}.${d}`
}

/** Number and name of a network are of one source: those of two may be of two networks. */
function merged(file: Place = UNKNOWN_PLACE, other: Place = UNKNOWN_PLACE): Place {
  const { asn, organisation } = file.asn === null && file.organisation === null ? other : file
  return { country: file.country ?? other.country, asn, organisation }
}
