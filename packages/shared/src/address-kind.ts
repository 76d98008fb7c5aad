import ipaddr from 'ipaddr.js'

/** What an address or network is for; `public` means none of the special purposes. */
export type AddressKind =
  | 'public'
  | 'loopback'
  | 'private'
  | 'link_local'
  | 'multicast'
  | 'documentation'
  | 'unspecified'
  | 'reserved'

type Parsed = ipaddr.IPv4 | ipaddr.IPv6
type Range = readonly [Parsed, number]

/** The special ranges, the narrower ones first (iana.org: iana-ipv4-special-registry, iana-ipv6-special-registry). */
const ranges: readonly (readonly [Range, AddressKind])[] = (
  [
    ['0.0.0.0/32', 'unspecified'],
    ['0.0.0.0/8', 'reserved'],
    ['10.0.0.0/8', 'private'],
    ['100.64.0.0/10', 'private'],
    ['127.0.0.0/8', 'loopback'],
    ['169.254.0.0/16', 'link_local'],
    ['172.16.0.0/12', 'private'],
    ['192.0.0.0/24', 'reserved'],
    ['192.0.2.0/24', 'documentation'],
    ['192.168.0.0/16', 'private'],
    ['198.18.0.0/15', 'reserved'],
    ['198.51.100.0/24', 'documentation'],
    ['203.0.113.0/24', 'documentation'],
    ['224.0.0.0/4', 'multicast'],
    ['240.0.0.0/4', 'reserved'],
    ['::/128', 'unspecified'],
    ['::1/128', 'loopback'],
    // NAT64: public IPv4 addresses in another form
    ['64:ff9b::/96', 'public'],
    ['64:ff9b:1::/48', 'private'],
    ['2001:2::/48', 'reserved'],
    ['2001:10::/28', 'reserved'],
    ['2001:db8::/32', 'documentation'],
    ['3fff::/20', 'documentation'],
    ['2000::/3', 'public'],
    ['fc00::/7', 'private'],
    ['fe80::/10', 'link_local'],
    ['ff00::/8', 'multicast'],
  ] as const
).map(([text, kind]) => [ipaddr.parseCIDR(text), kind])

/** The part of IPv6 that is allocated (iana.org: ipv6-address-space); the rest is reserved. */
const allocated: Range = ipaddr.parseCIDR('2000::/3')

/** Returns what a network is for: the kind of the first special range that contains all of it. */
export function kindOf(address: Parsed, prefix: number): AddressKind {
  const found = ranges.find(([range]) => holds(range, [address, prefix]))
  if (found) return found[1]
  if (address.kind() === 'ipv4') return 'public'
  return holds([address, prefix], allocated) ? 'public' : 'reserved'
}

/** Returns whether a network contains another one of its family. */
export const holds = ([network, prefix]: Range, [address, length]: Range): boolean =>
  network.kind() === address.kind() && prefix <= length && address.match(network, prefix)

/** A range of numbers: IPv4 addresses, or the first 32 bits of IPv6 addresses. */
export interface NumberRange {
  readonly from: number
  readonly to: number
}

/** Returns the first 32 bits of the first and of the last address of a network. */
function startsOf([network, prefix]: Range): NumberRange {
  const [a = 0, b = 0, c = 0, d = 0] = network.toByteArray()
  const from = ((a * 256 + b) * 256 + c) * 256 + d
  return { from, to: from + 2 ** Math.max(0, 32 - prefix) - 1 }
}

const specialOf = (family: 'ipv4' | 'ipv6') =>
  ranges.flatMap(([range, kind]) =>
    kind !== 'public' && range[0].kind() === family ? [startsOf(range)] : [],
  )

/** The special ranges of IPv4 by the first number of their addresses: most have none, and a list has a million entries. */
const specialIpv4 = Array.from({ length: 256 }, (_, first) =>
  specialOf('ipv4').filter(({ from, to }) => from < (first + 1) * 2 ** 24 && first * 2 ** 24 <= to),
)

/** Returns the narrowest special range that has some of the addresses of an IPv4 network, of /8 at most; undefined: all are public. */
export function specialIpv4Range(first: number, last: number): NumberRange | undefined {
  const found = specialIpv4[first >>> 24] ?? []
  return found.length === 0 ? undefined : found.find(({ from, to }) => from <= last && first <= to)
}

/** Returns whether an IPv4 address, as a number, is of the kind `public`; like {@link kindOf}, but faster. */
export const isPublicIpv4 = (address: number): boolean => specialIpv4Range(address, address) === undefined

const specialIpv6 = specialOf('ipv6')
const publicIpv6 = startsOf(allocated)

/** Returns whether all IPv6 addresses that start with these 32 bits are of the kind `public`. */
export const isPublicIpv6Start = (start: number): boolean =>
  start >= publicIpv6.from &&
  start <= publicIpv6.to &&
  !specialIpv6.some(({ from, to }) => from <= start && start <= to)
