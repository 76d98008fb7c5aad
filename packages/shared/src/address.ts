import ipaddr from 'ipaddr.js'
import { holds, kindOf, type AddressKind } from './address-kind.ts'

/** An address, or a network (then `prefix` is below the family's length), in canonical text. */
export interface Address {
  readonly text: string
  readonly family: 4 | 6
  readonly prefix: number
  readonly kind: AddressKind
}

type Parsed = ipaddr.IPv4 | ipaddr.IPv6

const octet = '(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])'
const dottedQuad = new RegExp(`^${octet}(?:\\.${octet}){3}$`)
const groups = /^[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,8}$/i

/**
 * Parses an address or a network: IPv4 as four decimal numbers, IPv6 in any valid spelling without a zone. A mapped
 * IPv4 address (`::ffff:1.2.3.4`) is that IPv4 address, as for fail2ban (fail2ban/server/ipdns.py); the host bits of a
 * network are cleared; `/32` and `/128` are plain addresses. The text is lower case as RFC 5952 writes it. Returns
 * undefined for anything else.
 */
export function parseAddress(text: string): Address | undefined {
  const [, host = '', length] = /^([0-9a-f.:]{2,45})(?:\/(0|[1-9][0-9]{0,2}))?$/i.exec(text) ?? []
  const parsed = parseHost(host)
  if (!parsed) return undefined
  const bits = bitsOf(parsed)
  const prefix = length === undefined ? bits : Number(length)
  if (prefix > bits) return undefined
  if (parsed instanceof ipaddr.IPv6 && prefix >= 96 && parsed.isIPv4MappedAddress())
    return createAddress(parsed.toIPv4Address(), prefix - 96)
  return createAddress(parsed, prefix)
}

function parseHost(text: string): Parsed | undefined {
  if (dottedQuad.test(text)) return ipaddr.IPv4.parse(text)
  const hex = withoutDottedQuad(text)
  return groups.test(hex) && ipaddr.IPv6.isValid(hex) ? ipaddr.IPv6.parse(hex) : undefined
}

/** Rewrites the dotted quad that may end an IPv6 address as two groups: ipaddr.js takes `::1.2.3.4` for a mapped address. */
function withoutDottedQuad(text: string): string {
  const [, head = '', quad = ''] = /^(.*:)([^:]*\.[^:]*)$/.exec(text) ?? []
  if (!dottedQuad.test(quad)) return text
  const [a = 0, b = 0, c = 0, d = 0] = ipaddr.IPv4.parse(quad).toByteArray()
  return `${head}${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`
}

const bitsOf = (address: Parsed) => (address.kind() === 'ipv4' ? 32 : 128)

function createAddress(address: Parsed, prefix: number): Address {
  const network = clearHostBits(address, prefix)
  const host = network instanceof ipaddr.IPv6 ? network.toRFC5952String() : network.toString()
  return {
    text: prefix === bitsOf(network) ? host : `${host}/${prefix}`,
    family: network.kind() === 'ipv4' ? 4 : 6,
    prefix,
    kind: kindOf(network, prefix),
  }
}

function clearHostBits(address: Parsed, prefix: number): Parsed {
  const bytes = address.toByteArray().map((byte, index) => {
    const kept = Math.min(8, Math.max(0, prefix - index * 8))
    return byte & (0xff00 >> kept) & 0xff
  })
  return ipaddr.fromByteArray(bytes)
}

const parsedOf = (address: Address) => ipaddr.parse(address.text.split('/')[0] ?? '')

/** Returns whether a network contains an address or a smaller network; an address contains itself. */
export const contains = (network: Address, address: Address): boolean =>
  holds([parsedOf(network), network.prefix], [parsedOf(address), address.prefix])

/**
 * Returns whether a network contains every address of its family. fail2ban drops a prefix length of 0 (ntoa in ipdns.py):
 * it bans, lists and unbans the single address `0.0.0.0` or `::` instead, so it must never get such a network.
 */
export const isWholeFamily = ({ prefix }: Address): boolean => prefix === 0

/** The shortest prefixes of a network that is banned or ignored without `force`. */
const shortestPrefix = { 4: 8, 6: 16 }

/** Returns whether a network is wider than /8 (IPv4) or /16 (IPv6): banning or ignoring it needs `force`. */
export const isVeryWide = ({ family, prefix }: Address): boolean => prefix < shortestPrefix[family]

/** Returns the network that an address is counted with: its /24, for IPv6 its /48. A wider network stays as it is. */
export const networkOf = (address: Address): Address => widen(address, address.family === 4 ? 24 : 48)

/** Returns what attempts from an address are counted under: the address, for IPv6 its /64, which one client usually owns. */
export const throttleKey = (address: Address): string =>
  address.family === 4 ? address.text : widen(address, 64).text

const widen = (address: Address, prefix: number) =>
  address.prefix <= prefix ? address : createAddress(parsedOf(address), prefix)

/** Returns whether a text can be a host name, such as an entry of an ignore list. It need not exist. */
export const isHostName = (text: string): boolean =>
  /^(?!.*\.\.)[\p{L}\p{N}_](?:[\p{L}\p{N}_.-]{0,251}[\p{L}\p{N}_.])?$/u.test(text)
