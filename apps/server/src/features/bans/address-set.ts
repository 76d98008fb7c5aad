import { createCover, keyRangeOf, parseAddress, type Address } from '@bangui/shared'

/** Addresses and networks, to be asked whether another one touches them. */
export interface AddressSet {
  /** Whether an address is of the set, or a network holds some of it. */
  touches(address: Address): boolean
}

/** Makes a set of texts; what is no address or network, such as a host name, is left out. */
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
