import { addressKey, coverRangeOf, createCover, parseAddress, type CoveredAddress } from '@bangui/shared'
import { findOf, listNetworks } from './active.ts'
import { toBan } from './ban-rows.ts'
import { knownHolders } from './filter.ts'
import type { Reading } from './reading.ts'

/** For more addresses, the networks with active bans are listed once. */
const MAX_SINGLE_LOOKUPS = 100

/** Returns the active bans of these addresses and of networks that contain them, the widest first. */
export function findCovers(reading: Reading, texts: readonly string[]): CoveredAddress[] {
  const holdersOf =
    texts.length > MAX_SINGLE_LOOKUPS
      ? holdersInForce(reading)
      : (text: string) => holdersOfOne(reading, text)
  return texts.flatMap((text) =>
    [...holdersOf(text), addressKey(text)].flatMap((key) =>
      findOf(reading, key).map((row) => ({ address: text, by: toBan(row) })),
    ),
  )
}

function holdersOfOne(reading: Reading, text: string): Uint8Array[] {
  const address = parseAddress(text)
  return address ? knownHolders(reading, coverRangeOf(address).holders) : []
}

function holdersInForce(reading: Reading): (text: string) => Uint8Array[] {
  const coverOf = createCover(listNetworks(reading).flatMap((text) => parseAddress(text) ?? []))
  return (text) => {
    const address = parseAddress(text)
    const covers = address ? coverOf(address) : []
    return covers.filter((holder) => holder !== address?.text).map(addressKey)
  }
}
