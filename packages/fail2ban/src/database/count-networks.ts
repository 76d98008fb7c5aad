import { addressKey, addressOfKey, networkKeyOf } from '@bangui/shared'
import type { LiveCounts } from '../live-counts.ts'

interface Network {
  /** the key of one of its addresses */
  readonly member: Uint8Array
  bans: number
  addresses: number
}

/** How many networks are counted at once; beyond that, those with the fewest bans are dropped. */
const MAX_NETWORKS = 200_000

/** Counts addresses by /24 or /48 network; a text that is no address is in no network. */
export function createNetworkCount(): {
  add(address: string, bans: number): void
  top(size: number): LiveCounts['topNetworks']
} {
  let networks = new Map<number | string, Network>()
  return {
    add(address, bans) {
      const member = addressKey(address)
      if (member[0] === 0) return
      const name = nameOf(member)
      const known = networks.get(name)
      if (known) {
        known.bans += bans
        known.addresses += 1
        return
      }
      if (networks.size === MAX_NETWORKS) networks = new Map(mostFirst(networks).slice(0, MAX_NETWORKS / 2))
      networks.set(name, { member, bans, addresses: 1 })
    },
    top: (size) =>
      mostFirst(networks)
        .slice(0, size)
        .map(([, { member, ...sums }]) => ({ network: addressOfKey(networkKeyOf(member)), ...sums })),
  }
}

const mostFirst = (networks: ReadonlyMap<number | string, Network>) =>
  [...networks].sort(
    ([, one], [, other]) => other.bans - one.bans || Buffer.compare(one.member, other.member),
  )

/** Three bytes name the /24 of an IPv4 address. */
const nameOf = (key: Uint8Array): number | string => {
  const [family, a = 0, b = 0, c = 0] = key
  if (family === 4 && (key.at(-1) ?? 0) >= 24) return (a << 16) | (b << 8) | c
  return Buffer.from(networkKeyOf(key)).toString('latin1')
}
