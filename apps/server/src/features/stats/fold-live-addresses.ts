import { setImmediate } from 'node:timers/promises'
import type { LiveCounts } from '@bangui/fail2ban'
import {
  addressKey,
  addressOfKey,
  networkKeyOf,
  type AddressFigure,
  type CountryFigure,
  type NetworkFigure,
} from '@bangui/shared'

type Addresses = LiveCounts['addresses']

export interface FoldOptions {
  readonly countryOf: (address: string) => string | null
  readonly asOf: number
  readonly limit: number
  readonly signal?: AbortSignal | undefined
}

/** Addresses that are folded before others get their turn: a fraction of what a frame takes. */
const SLICE = 2_000

/** Bans by country, most first. */
export async function countryFiguresOf(addresses: Addresses, options: FoldOptions): Promise<CountryFigure[]> {
  const sums = new Map<string, number>()
  await inSlices(addresses, options, ({ address, bans }) => {
    const key = options.countryOf(address) ?? '??'
    sums.set(key, (sums.get(key) ?? 0) + bans)
  })
  const figures = [...sums].map(([key, bans]) => ({ key, bans, asOf: options.asOf }))
  return mostFirst(figures).slice(0, options.limit)
}

/** Bans by /24 or /48, most first. */
export async function networkFiguresOf(addresses: Addresses, options: FoldOptions): Promise<NetworkFigure[]> {
  const sums = new Map<string, { key: string; bans: number; addresses: number }>()
  await inSlices(addresses, options, ({ address, bans }) => {
    const key = addressOfKey(networkKeyOf(addressKey(address)))
    const sum = sums.get(key) ?? { key, bans: 0, addresses: 0 }
    sums.set(key, { key, bans: sum.bans + bans, addresses: sum.addresses + 1 })
  })
  const { asOf, countryOf } = options
  return mostFirst([...sums.values()])
    .slice(0, options.limit)
    .map((sum) => ({ ...sum, country: countryOf(sum.key), asOf }))
}

/** The addresses with the most bans, `least` of them at least. */
export function addressFiguresOf(addresses: Addresses, least: number, options: FoldOptions): AddressFigure[] {
  const { asOf, countryOf, limit } = options
  return addresses
    .filter(({ bans }) => bans >= least)
    .slice(0, limit)
    .map(({ address, ...rest }) => ({ key: address, ...rest, country: countryOf(address), asOf }))
}

const mostFirst = <TFigure extends { key: string; bans: number }>(figures: TFigure[]): TFigure[] =>
  figures.sort((a, b) => b.bans - a.bans || (a.key < b.key ? -1 : 1))

/** Handles each, and lets others have their turn in between: there may be 200,000. */
async function inSlices(
  addresses: Addresses,
  { signal }: FoldOptions,
  handle: (one: Addresses[number]) => void,
): Promise<void> {
  for (const [index, one] of addresses.entries()) {
    if (index % SLICE === SLICE - 1) await setImmediate()
    signal?.throwIfAborted()
    handle(one)
  }
}
