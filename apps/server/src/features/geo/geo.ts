import type { Database } from '@bangui/db'
import { addressKey, parseAddress, type GeoInfo, type GeoStatus } from '@bangui/shared'
import type { Config } from '../../config.ts'
import type { Logger } from '../../lib/logger.ts'
import type { StateStore } from '../../state/state-store.ts'
import { createGeoAnswers } from './geo-answers.ts'
import { createGeoCache } from './geo-cache.ts'
import { createGeoFiles, type GeoFiles } from './geo-files.ts'
import { createGeoService, type GeoService } from './geo-service.ts'
import { nowhere, type Place } from './mmdb.ts'

const DAY = 86_400_000

/** Learnt countries that wait to be taken; more are learnt again when somebody looks. */
const MOST_LEARNT = 20_000

/** Where addresses are: from the user's file, the bundled one, and, where the user switched it on, an HTTP service. */
export interface Geo {
  /** One call for a page of addresses or networks, under the names that were given. Never rejects for want of an answer. */
  lookup(addresses: readonly string[], signal?: AbortSignal): Promise<ReadonlyMap<string, GeoInfo>>
  /** From files and memory, at once; null when only the service could tell. */
  countryOf(address: string): string | null
  /** Asks the service, where it is on, about those that no file knows; does not wait for the answer. */
  learn(addresses: readonly string[]): void
  /** The countries that only the service knew, of what was looked up since the last call. */
  takeLearnt(): LearntCountry[]
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

export interface LearntCountry {
  readonly address: string
  readonly country: string
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
  const isServiceOn = () => state.get().runtimeSettings.geoServiceEnabled
  const answers = createGeoAnswers({ cache, service, isServiceOn, clock })

  const learnt = new Map<string, string>()
  const note = (address: string, place: Place | undefined) => {
    if (place?.country && learnt.size < MOST_LEARNT) learnt.set(address, place.country)
  }

  const geo: Geo = {
    async lookup(addresses, signal) {
      const hosts = new Map(addresses.map((address) => [address, hostOf(address)]))
      const places = new Map<string, Place>()
      for (const host of hosts.values()) if (host) places.set(host.text, files.find(host.text))
      const unknown = [...hosts.values()].flatMap((host) =>
        host?.isPublic && places.get(host.text)?.country === null ? host.text : [],
      )
      const others = await answers.find([...new Set(unknown)], signal)
      for (const [address, host] of hosts) if (host) note(address, others.get(host.text))
      const placeOf = (text: string) => merged(places.get(text), others.get(text))
      return new Map(
        [...hosts].map(([address, host]) => [address, { address, ...(host ? placeOf(host.text) : nowhere) }]),
      )
    },
    countryOf(address) {
      const host = address.includes(':') ? hostOf(address)?.text : ipv4HostOf(address)
      return host === undefined ? null : (files.find(host).country ?? cache.use(host)?.country ?? null)
    },
    learn(some) {
      if (!isServiceOn() || some.length === 0) return
      geo.lookup(some).catch((error: unknown) => {
        log.warn({ event: 'geo_lookup_failed', err: error }, 'places could not be looked up')
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
      return cache.deleteSeenBefore(clock() - state.get().runtimeSettings.geoCacheDays * DAY)
    },
    async close() {
      files.close()
      await cache.flush()
    },
  }
  return geo
}

/** The address to look up: for a network its first. */
function hostOf(text: string): { readonly text: string; readonly isPublic: boolean } | undefined {
  const address = parseAddress(text)
  const host = address?.text.split('/')[0]
  return address && host ? { text: host, isPublic: address.kind === 'public' } : undefined
}

/** As {@link hostOf}, for IPv4 and faster: an import asks for each of a million rows. */
function ipv4HostOf(text: string): string | undefined {
  const [family, a, b, c, d] = addressKey(text)
  return family === 4 ? `${a}.${b}.${c}.${d}` : undefined
}

/** Number and name of a network are of one source: those of two may be of two networks. */
function merged(file: Place = nowhere, other: Place = nowhere): Place {
  const { asn, organisation } = file.asn === null && file.organisation === null ? other : file
  return { country: file.country ?? other.country, asn, organisation }
}
