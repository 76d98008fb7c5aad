import { keyRangeOf, parseAddress, type Address } from '@bangui/shared'
import { BlockList } from 'node:net'

/** Addresses and networks, to be asked whether another one touches them. */
export interface AddressSet {
  /** Whether an address is of the set, or a network holds some of it. */
  touches(address: Address): boolean
}

/** Makes a set of texts; what is no address or network, such as a host name, is left out. */
export function createAddressSet(texts: Iterable<string>): AddressSet {
  const members = [...texts].flatMap((text) => parseAddress(text) ?? [])
  const ranges = members.map(keyRangeOf)
  const list = new BlockList()
  for (const { text, family, prefix } of members) {
    const [host = ''] = text.split('/')
    list.addSubnet(host, prefix, nameOf(family))
  }
  return {
    touches(address) {
      if (!isNetwork(address)) return list.check(address.text, nameOf(address.family))
      const { from, to } = keyRangeOf(address)
      return ranges.some(
        (range) => Buffer.compare(range.from, to) <= 0 && Buffer.compare(from, range.to) <= 0,
      )
    },
  }
}

const nameOf = (family: 4 | 6) => (family === 4 ? 'ipv4' : 'ipv6')

const isNetwork = ({ family, prefix }: Address) => prefix < (family === 4 ? 32 : 128)
