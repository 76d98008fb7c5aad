import { cleanText } from '@bangui/shared'
import { Reader, type Response } from 'mmdb-lib'

/** The place and network of an address, from a file or service; null: not known. */
export interface Place {
  readonly country: string | null
  readonly asn: number | null
  readonly organisation: string | null
}

export const UNKNOWN_PLACE: Place = { country: null, asn: null, organisation: null }

/** A MaxMind-format file in memory. */
export interface Mmdb {
  find(address: string): Place
  readonly builtAt: number
  /** it knows networks (ASN), not only countries */
  readonly hasNetworks: boolean
}

/** Hosts that every such file knows. */
const wellKnown = ['8.8.8.8', '1.1.1.1', '193.0.6.139', '2001:4860:4860::8888']

/** Reads a MaxMind-format file. @throws when it is not one, or knows neither countries nor networks */
export function openMmdb(bytes: Buffer): Mmdb {
  const reader = new Reader<Response>(bytes)
  const find = (address: string) => placeOf(reader.get(address))
  const samples = wellKnown.map(find)
  const hasNetworks = samples.some(({ asn }) => asn !== null)
  if (!hasNetworks && samples.every(({ country }) => country === null))
    throw new Error('it contains neither countries nor networks')
  return { find, builtAt: reader.metadata.buildEpoch.getTime(), hasNetworks }
}

/** A record of MaxMind's country, city and ASN files, of IPinfo's, or of ip-location-db's. */
function placeOf(record: unknown): Place {
  const traits = part(record, 'traits')
  return {
    country:
      countryCode(part(part(record, 'country'), 'iso_code')) ??
      countryCode(part(record, 'country_code')) ??
      countryCode(part(record, 'country')) ??
      countryCode(part(part(record, 'registered_country'), 'iso_code')),
    asn:
      asNumber(part(record, 'autonomous_system_number')) ??
      asNumber(part(traits, 'autonomous_system_number')) ??
      asNumber(part(record, 'asn')),
    organisation:
      organisationName(part(record, 'autonomous_system_organization')) ??
      organisationName(part(traits, 'autonomous_system_organization')) ??
      organisationName(part(record, 'as_name')),
  }
}

const part = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined

/** Two letters in upper case; null: not a country. ZZ and XX are how some write "unknown". */
export function countryCode(value: unknown): string | null {
  const code = typeof value === 'string' ? value.toUpperCase() : ''
  return /^[A-Z]{2}$/.test(code) && code !== 'ZZ' && code !== 'XX' ? code : null
}

/** The number of an autonomous system, written 64496 or `AS64496`. */
export function asNumber(value: unknown): number | null {
  const number = typeof value === 'string' ? Number(/^AS(\d{1,10})\b/.exec(value)?.[1] ?? Number.NaN) : value
  return typeof number === 'number' && Number.isInteger(number) && number > 0 && number < 2 ** 32
    ? number
    : null
}

/** A name of bounded length, in one line, without hidden characters. */
export function organisationName(value: unknown): string | null {
  if (typeof value !== 'string') return null
  return cleanText(value.slice(0, 200)).replaceAll(/\s+/g, ' ') || null
}
