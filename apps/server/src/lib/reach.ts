import { lookup, type LookupAddress } from 'node:dns'
import type { LookupFunction } from 'node:net'
import { createCover, parseAddress, type Address } from '@bangui/shared'

/** What may be reached besides public addresses: everything, nothing, or entries as {@link parsePrivateUrl} reads them. */
export type PrivateUrls = boolean | readonly string[]

export interface PrivateUrl {
  readonly network: Address
  /** null: every port */
  readonly port: number | null
}

/** Parses `10.0.0.5`, `192.168.1.0/24:25`, `fd00::/8` or `[fd00::/8]:25`; undefined: it is none of them. */
export function parsePrivateUrl(text: string): PrivateUrl | undefined {
  const [, inBrackets, plain, digits] = /^(?:\[([^\]]+)\]|([^:]+|[^[\]]+?))(?::(\d{1,5}))?$/.exec(text) ?? []
  const whole = inBrackets === undefined ? parseAddress(text) : undefined
  if (whole) return { network: whole, port: null }
  const network = parseAddress(inBrackets ?? plain ?? '')
  const port = digits === undefined ? null : Number(digits)
  if (!network || port === 0 || Number(port) > 65_535) return undefined
  // the last group of an address would be a port
  if (inBrackets === undefined && network.family === 6) return undefined
  return { network, port }
}

/** Returns whether a program may connect to an address, in any spelling of an IP address, at a port. */
export type Reach = (address: string, port: number) => boolean

/** IPv6 networks that carry IPv4 addresses: NAT64, 6to4, Teredo. What is behind them cannot be told from the outside. */
const tunnels = createCover(
  ['64:ff9b::/96', '2002::/16', '2001::/32'].flatMap((text) => parseAddress(text) ?? []),
)

/** Creates {@link Reach}: public addresses, and what is allowed besides. */
export function createReach(allowed: PrivateUrls): Reach {
  if (allowed === true) return () => true
  const entries = allowed === false ? [] : allowed.flatMap((text) => parsePrivateUrl(text) ?? [])
  const allows = entries.map(({ network, port }) => ({ covers: createCover([network]), port }))
  return (text, port) => {
    const address = parseAddress(text)
    if (!address) return false
    if (address.kind === 'public' && tunnels(address).length === 0) return true
    return allows.some((entry) => (entry.port ?? port) === port && entry.covers(address).length > 0)
  }
}

/** A host name or literal address, as `URL` has it, and the port. */
export interface Target {
  readonly hostname: string
  readonly port: number
}

/** Asks the machine's resolver for all addresses of a name, as `dns.lookup` does. */
export type Resolve = (
  hostname: string,
  options: { readonly all: true },
  callback: (error: NodeJS.ErrnoException | null, found: LookupAddress[]) => void,
) => void

/** An address that BanGUI may not connect to. */
export class AddressRefused extends Error {
  override readonly name = 'AddressRefused'
}

/** Returns the literal address of a target; undefined: it is a name. */
export const literalOf = ({ hostname }: Pick<Target, 'hostname'>): Address | undefined =>
  parseAddress(hostname.replace(/^\[(.*)\]$/, '$1'))

/** Checks a literal address, which no connection looks up. @throws AddressRefused */
export function checkLiteral(target: Target, reach: Reach): void {
  const literal = literalOf(target)
  if (literal && !reach(literal.text, target.port)) throw refusalOf(target, literal.text)
}

/**
 * Returns the look-up of a connection: the addresses that it returns are those that it checked, so that a name that
 * changes its answer gains nothing. One that may not be reached refuses all of them.
 */
export const createLookup =
  (target: Target, reach: Reach, resolve: Resolve = lookup): LookupFunction =>
  (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, found) => {
      const refused = error ? undefined : found.find(({ address }) => !reach(address, target.port))
      const [first] = error ? [] : found
      if (error) callback(error, '', 4)
      else if (refused) callback(refusalOf(target, refused.address), '', 4)
      else if (!first) callback(new Error(`${hostname} has no address.`), '', 4)
      else if (options.all) callback(null, found)
      else callback(null, first.address, first.family)
    })
  }

function refusalOf({ hostname }: Target, address: string): AddressRefused {
  const name = hostname.replace(/^\[(.*)\]$/, '$1')
  const what = name === address ? name : `${name} is ${address}, which`
  return new AddressRefused(
    `${what} is not a public address. Set BANGUI_ALLOW_PRIVATE_URLS if BanGUI is to reach it.`,
  )
}
