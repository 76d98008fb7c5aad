import { addressKey } from '../address-key.ts'
import { parseAddress, type Address } from '../address.ts'
import { ipv4Entry, ipv4Range } from './ipv4-entry.ts'

/** Takes in the entries of a line. */
export interface EntrySink {
  ipv4(entry: number): void
  ipv6(text: string): void
}

/** The most networks that a range of IPv6 addresses is split into; it needs at most 254. */
const MAX_RANGE_PARTS = 256

/** Takes in an address, a network or a range; returns false where a text is none of them. */
export function parseEntry(text: string, sink: EntrySink): boolean {
  const token = text.replace(/^["'[(]+|["'\])]+$/g, '')
  const address = parseAddress(token)
  if (address) {
    take(address, sink)
    return true
  }
  const [, first, last] = /^([0-9a-f.:]+)\s*[-–]\s*([0-9a-f.:]+)$/i.exec(token) ?? []
  return first !== undefined && last !== undefined && parseRange(first, last, sink)
}

/** Takes in the networks of a range of addresses; returns false where it is none. */
export function parseRange(first: string, last: string, sink: EntrySink): boolean {
  const from = parseAddress(first)
  const to = parseAddress(last)
  if (!from || !to || from.family !== to.family || isNetwork(from) || isNetwork(to)) return false
  if (from.family === 6) return takeIpv6Range(from, to, sink)
  const [begin, end] = [numberOf(from), numberOf(to)]
  if (begin > end) return false
  for (const entry of ipv4Range(begin, end)) sink.ipv4(entry)
  return true
}

const isNetwork = ({ family, prefix }: Address) => prefix < (family === 4 ? 32 : 128)

function take(address: Address, sink: EntrySink): void {
  if (address.family === 4) sink.ipv4(ipv4Entry(numberOf(address), address.prefix))
  else sink.ipv6(address.text)
}

const numberOf = ({ text }: Address) =>
  (text.split('/', 1)[0] ?? '').split('.').reduce((sum, part) => sum * 256 + Number(part), 0)

function takeIpv6Range(from: Address, to: Address, sink: EntrySink): boolean {
  let next = bigOf(from)
  const end = bigOf(to)
  if (next > end) return false
  for (let part = 0; part < MAX_RANGE_PARTS && next <= end; part += 1) {
    let bits = 0n
    while (bits < 128n && (next & ((2n << bits) - 1n)) === 0n && next + (2n << bits) - 1n <= end) bits += 1n
    const network = parseAddress(`${hexOf(next)}/${128n - bits}`)
    if (network) take(network, sink)
    next += 1n << bits
  }
  return true
}

const bigOf = ({ text }: Address) =>
  addressKey(text)
    .subarray(1, 17)
    .reduce((sum, byte) => sum * 256n + BigInt(byte), 0n)

const hexOf = (value: bigint) =>
  value
    .toString(16)
    .padStart(32, '0')
    .replaceAll(/(.{4})(?!$)/g, '$1:')
