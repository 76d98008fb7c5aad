import { nextTurn } from '@bangui/async'
import { unpackAddresses, type LiveCounts, type PackedAddresses } from '@bangui/fail2ban'
import type { AddressStats, CountryStats, NetworkStats } from '@bangui/shared'

export interface FoldOptions {
  readonly countryOf: (address: string) => string | null
  readonly asOf: number
  readonly limit: number
  readonly signal?: AbortSignal | undefined
}

/** Addresses that are folded before other work runs: well under a millisecond. */
const ADDRESSES_PER_TURN = 2_000

/** Bans by country, most first. */
export async function countryStatsOf(packed: PackedAddresses, options: FoldOptions): Promise<CountryStats[]> {
  const sums = await sumsByCountry(packed, options)
  addTo(sums, UNKNOWN, { bans: packed.others, addresses: 0 })
  return listSums(sums, 'bans', options).map(({ key, bans, asOf }) => ({ key, bans, asOf }))
}

/** Returns distinct addresses by country, most first; a text that is no address counts as an unknown country. */
export async function addressesByCountryOf(
  { packed, addresses }: Pick<LiveCounts, 'packed' | 'addresses'>,
  options: FoldOptions,
): Promise<CountryStats[]> {
  const sums = await sumsByCountry(packed, options)
  addTo(sums, UNKNOWN, { bans: packed.others, addresses: Math.max(0, addresses - packed.count) })
  return listSums(sums, 'addresses', options)
}

interface CountrySum {
  readonly bans: number
  readonly addresses: number
}

type CountrySums = Map<string, CountrySum>

async function sumsByCountry(
  packed: PackedAddresses,
  { countryOf, signal }: FoldOptions,
): Promise<CountrySums> {
  const sums: CountrySums = new Map()
  let done = 0
  for (const { address, bans } of unpackAddresses(packed)) {
    // there may be a million
    if (++done % ADDRESSES_PER_TURN === 0) await nextTurn()
    signal?.throwIfAborted()
    addTo(sums, countryOf(address) ?? UNKNOWN, { bans, addresses: 1 })
  }
  return sums
}

function addTo(sums: CountrySums, key: string, { bans, addresses }: CountrySum): void {
  const before = sums.get(key)
  sums.set(key, { bans: bans + (before?.bans ?? 0), addresses: addresses + (before?.addresses ?? 0) })
}

const listSums = (sums: CountrySums, by: keyof CountrySum, { asOf, limit }: FoldOptions) =>
  [...sums]
    .map(([key, sum]) => ({ key, ...sum, asOf }))
    .filter((row) => row[by] > 0)
    .sort((one, other) => other[by] - one[by] || (one.key < other.key ? -1 : 1))
    .slice(0, limit)

const UNKNOWN = '??'

/** The networks with the most bans. */
export const networkStatsOf = (
  networks: LiveCounts['topNetworks'],
  { countryOf, asOf, limit }: FoldOptions,
): NetworkStats[] =>
  networks
    .slice(0, limit)
    .map(({ network, ...sums }) => ({ key: network, ...sums, country: countryOf(network), asOf }))

/** The addresses with the most bans, `least` of them at least. */
export const addressStatsOf = (
  addresses: LiveCounts['topAddresses'],
  least: number,
  { countryOf, asOf, limit }: FoldOptions,
): AddressStats[] =>
  addresses
    .filter(({ bans }) => bans >= least)
    .slice(0, limit)
    .map(({ address, ...rest }) => ({ key: address, ...rest, country: countryOf(address), asOf }))
