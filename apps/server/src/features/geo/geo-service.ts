import * as z from 'zod'
import type { FetchAnswer, FetchPublic } from '../../lib/fetch-public.ts'
import type { Logger } from '../../lib/logger.ts'
import { asNumber, countryCode, organisationName, UNKNOWN_PLACE, type Place } from './mmdb.ts'

/** Addresses in one call: the most that ip-api.com takes. */
export const CALL_SIZE = 100

const TIMEOUT_MS = 5_000
const MAX_BYTES = 262_144
/** How long to wait after a 429 without a time. */
const DEFAULT_RETRY_SECONDS = 60

/** An HTTP service with the locations of addresses: ip-api.com's batch endpoint or a compatible one. */
export interface GeoService {
  /**
   * Asks about public addresses, a hundred a call, one call after the other. Addresses that are missing in the result
   * were not answered: the service was silent, broken, or over its limit. An address that the service does not know is
   * `UNKNOWN_PLACE`.
   */
  ask(addresses: readonly string[], signal?: AbortSignal): Promise<Map<string, Place>>
}

export interface GeoServiceOptions {
  readonly url: string
  readonly fetchPublic: FetchPublic
  readonly clock: () => number
  readonly log: Logger
}

const Reply = z
  .array(
    z.object({
      status: z.enum(['success', 'fail']),
      query: z.string().max(100),
      countryCode: z.string().max(10).nullish(),
      as: z.string().max(500).nullish(),
    }),
  )
  .max(CALL_SIZE)

/** Creates {@link GeoService}; the limits that the service reports apply to all later calls. */
export function createGeoService(options: GeoServiceOptions): GeoService {
  const { clock, log, fetchPublic } = options
  const url = new URL(options.url)
  if (!url.searchParams.has('fields')) url.searchParams.set('fields', 'status,query,countryCode,as')
  let restUntil = 0
  let queue: Promise<unknown> = Promise.resolve()

  const call = async (addresses: readonly string[], signal: AbortSignal | undefined) => {
    const answer = await fetchPublic({
      url: url.href,
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify(addresses),
      timeoutMs: TIMEOUT_MS,
      maxBytes: MAX_BYTES,
      maxRedirects: 0,
      signal,
    })
    const text = await answer.text()
    restUntil = Math.max(restUntil, clock() + restSeconds(answer) * 1_000)
    if (answer.status !== 200) throw new Error(`it answered with ${answer.status}`)
    return placesOf(text, addresses)
  }
  const askAll = async (addresses: readonly string[], signal: AbortSignal | undefined) => {
    const places = new Map<string, Place>()
    try {
      for (let from = 0; from < addresses.length; from += CALL_SIZE) {
        if (clock() < restUntil || signal?.aborted) break
        const found = await call(addresses.slice(from, from + CALL_SIZE), signal)
        for (const [address, place] of found) places.set(address, place)
      }
    } catch (error) {
      log.warn(
        { event: 'geo_service_failed', host: url.host, err: error },
        'the location service did not answer',
      )
    }
    return places
  }

  return {
    ask(addresses, signal) {
      const asked = queue.then(() => askAll(addresses, signal))
      queue = asked
      return asked
    },
  }
}

/** How long it wants no more calls: `X-Rl` calls are left for `X-Ttl` seconds. */
function restSeconds({ status, headers }: FetchAnswer): number {
  const left = headers['x-rl']
  const isSpent = status === 429 || (left !== undefined && Number(left) <= 0)
  if (!isSpent) return 0
  const told = Number(headers['x-ttl'] ?? headers['retry-after'] ?? Number.NaN)
  // a limit of an hour at most: a wrong header must not silence it for ever
  return Number.isFinite(told) && told > 0 ? Math.min(told, 3_600) : DEFAULT_RETRY_SECONDS
}

/** Answers about the requested addresses; answers about others are ignored. */
function placesOf(text: string, addresses: readonly string[]): Map<string, Place> {
  const asked = new Set(addresses)
  const rows = Reply.parse(JSON.parse(text)).filter(({ query }) => asked.has(query))
  return new Map(rows.map((row) => [row.query, row.status === 'success' ? placeOf(row) : UNKNOWN_PLACE]))
}

function placeOf({ countryCode: country, as }: z.infer<typeof Reply>[number]): Place {
  return {
    country: countryCode(country),
    asn: asNumber(as),
    organisation: organisationName(as?.replace(/^AS\d+\s*/, '')),
  }
}
