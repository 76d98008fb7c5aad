import { setImmediate } from 'node:timers/promises'
import { unpackAddresses, type LiveCounts, type PackedAddresses } from '@bangui/fail2ban'
import type { AddressFigure, CountryFigure, NetworkFigure } from '@bangui/shared'

export interface FoldOptions {
  readonly countryOf: (address: string) => string | null
  readonly asOf: number
  readonly limit: number
  readonly signal?: AbortSignal | undefined
}

/** Addresses that are folded before others get their turn: a fraction of what a frame takes. */
const SLICE = 2_000

/** Bans by country, most first. */
export async function countryFiguresOf(
  packed: PackedAddresses,
  { countryOf, asOf, limit, signal }: FoldOptions,
): Promise<CountryFigure[]> {
  const sums = new Map<string, number>()
  const add = (key: string, bans: number) => void sums.set(key, (sums.get(key) ?? 0) + bans)
  let done = 0
  for (const { address, bans } of unpackAddresses(packed)) {
    // others have their turn in between: there may be a million
    if (++done % SLICE === 0) await setImmediate()
    signal?.throwIfAborted()
    add(countryOf(address) ?? UNKNOWN, bans)
  }
  if (packed.others > 0) add(UNKNOWN, packed.others)
  return [...sums]
    .map(([key, bans]) => ({ key, bans, asOf }))
    .sort((one, other) => other.bans - one.bans || (one.key < other.key ? -1 : 1))
    .slice(0, limit)
}

const UNKNOWN = '??'

/** The networks with the most bans. */
export const networkFiguresOf = (
  networks: LiveCounts['topNetworks'],
  { countryOf, asOf, limit }: FoldOptions,
): NetworkFigure[] =>
  networks
    .slice(0, limit)
    .map(({ network, ...sums }) => ({ key: network, ...sums, country: countryOf(network), asOf }))

/** The addresses with the most bans, `least` of them at least. */
export const addressFiguresOf = (
  addresses: LiveCounts['topAddresses'],
  least: number,
  { countryOf, asOf, limit }: FoldOptions,
): AddressFigure[] =>
  addresses
    .filter(({ bans }) => bans >= least)
    .slice(0, limit)
    .map(({ address, ...rest }) => ({ key: address, ...rest, country: countryOf(address), asOf }))
