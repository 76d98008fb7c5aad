import { BlockList, isIP } from 'node:net'

/** Tells callers' addresses, through the proxies that are trusted and no others. */
export interface ClientAddresses {
  of(request: ForwardedRequest): ClientAddress
}

export interface ForwardedRequest {
  /** the address that opened the connection */
  readonly peer: string
  readonly forwardedFor: string | null
  readonly forwardedProto: string | null
  /** it has a header that proxies add */
  readonly forwarded: boolean
}

/** The headers that proxies add; one of them is enough to recognize a proxy. */
export const FORWARDED_HEADERS = [
  'forwarded',
  'via',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-real-ip',
] as const

export interface ClientAddress {
  readonly address: string
  /** a trusted proxy reports that the caller came over TLS */
  readonly secure: boolean
  /** many people may come from this address: it is a proxy's, or could not be determined */
  readonly shared: boolean
}

export function createClientAddresses(trustProxy: readonly string[]): ClientAddresses {
  const isTrusted = createProxyCheck(trustProxy)

  return {
    of({ peer, forwardedFor, forwardedProto, forwarded }) {
      const direct = plainAddress(peer)
      if (isIP(direct) === 0) return { address: peer, secure: false, shared: true }
      if (!isTrusted(direct)) return { address: direct, secure: false, shared: forwarded }
      const secure = forwardedProto?.split(',').at(-1)?.trim().toLowerCase() === 'https'
      const address = lastUntrusted(direct, forwardedFor, isTrusted)
      return { address, secure, shared: isTrusted(address) }
    },
  }
}

/** Goes from right to left, as far as trusted proxies vouch for what stands before. */
function lastUntrusted(
  direct: string,
  forwardedFor: string | null,
  isTrusted: (address: string) => boolean,
): string {
  let address = direct
  for (const entry of forwardedFor?.split(',').toReversed() ?? []) {
    const next = plainAddress(withoutPort(entry.trim()))
    if (isIP(next) === 0) return address
    address = next
    if (!isTrusted(address)) return address
  }
  return address
}

const withoutPort = (text: string) =>
  /^\[([^\]]+)\](?::\d+)?$/.exec(text)?.[1] ?? /^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(text)?.[1] ?? text

/** Returns an address without its zone; an IPv4 address that is mapped into IPv6 is that IPv4 address. */
export const plainAddress = (address: string) => address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '')

/** Returns a function that returns whether an address is a trusted proxy, given as addresses and networks. */
export function createProxyCheck(trustProxy: readonly string[]): (address: string) => boolean {
  const trusted = new BlockList()
  for (const entry of trustProxy) {
    const [address = '', prefix] = entry.split('/')
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
    if (prefix === undefined) trusted.addAddress(address, family)
    else trusted.addSubnet(address, Number(prefix), family)
  }
  return (address) => trusted.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
}
