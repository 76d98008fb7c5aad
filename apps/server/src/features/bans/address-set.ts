import { createCover, keyRangeOf, parseAddress, type Address } from '@bangui/shared'

/** Addresses and networks, to be asked whether another one touches them. */
export interface AddressSet {
  /** Returns whether an address is in the set, or a network contains one that is. */
  touches(address: Address): boolean
}

/** Creates a set of the addresses and networks among texts; others, such as host names, are left out. */
export function createAddressSet(texts: Iterable<string>): AddressSet {
  const members = [...texts].flatMap((text) => parseAddress(text) ?? [])
  const ranges = members.map(keyRangeOf)
  const coverOf = createCover(members)
  return {
    touches(address) {
      if (coverOf(address).length > 0) return true
      if (!isNetwork(address)) return false
      const { from, to } = keyRangeOf(address)
      return ranges.some(
        (range) => Buffer.compare(range.from, to) <= 0 && Buffer.compare(from, range.to) <= 0,
      )
    },
  }
}

const isNetwork = ({ family, prefix }: Address) => prefix < (family === 4 ? 32 : 128)
