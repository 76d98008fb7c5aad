import ipaddr from 'ipaddr.js'
import { parseAddress, type Address } from './address.ts'

/** The inclusive range of keys that an address or network covers. */
export interface KeyRange {
  readonly from: Uint8Array
  readonly to: Uint8Array
}

/** Longest text that a key keeps of what is not an address, in bytes of UTF-8. */
const MAX_TEXT = 255

// browsers and Node have both; this package has the types of neither
declare const TextEncoder: new () => { encodeInto(text: string, into: Uint8Array): { written: number } }
declare const TextDecoder: new (label: string, options: object) => { decode(bytes: Uint8Array): string }

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/**
 * Returns the key under which an address is stored. Keys sort, byte by byte, as addresses do, a network before
 * everything in it: the family (4 or 6), the address, the prefix length; for any other text, 0 and the text.
 */
export function addressKey(text: string): Uint8Array {
  const fast = keyOfIpv4(text) ?? keyOfIpv6(text)
  if (fast) return fast
  const address = parseAddress(text)
  return address ? keyOf(address) : keyOfText(text)
}

/** Returns the canonical text of a key of {@link addressKey}. */
export function addressOfKey(key: Uint8Array): string {
  const [family, a, b, c, d] = key
  const prefix = key.at(-1) ?? 0
  if (family === 4 && key.length === 6)
    return prefix === 32 ? `${a}.${b}.${c}.${d}` : `${a}.${b}.${c}.${d}/${prefix}`
  if (family !== 6 || key.length !== 18) return decoder.decode(key.subarray(1))
  const host = new ipaddr.IPv6([...key.subarray(1, 17)]).toRFC5952String()
  return prefix === 128 ? host : `${host}/${prefix}`
}

/** Returns the range of keys in a network, itself included; for an address, its own key alone. */
export function keyRangeOf(address: Address): KeyRange {
  const from = keyOf(address)
  const to = from.slice()
  to.fill(0xff, 1 + Math.ceil(address.prefix / 8), -1)
  const split = address.prefix % 8
  const index = 1 + Math.floor(address.prefix / 8)
  if (split > 0) to[index] = (to[index] ?? 0) | (0xff >> split)
  to[to.length - 1] = address.family === 4 ? 32 : 128
  return { from, to }
}

/** Returns the key of the network that an address is counted with (networkOf); for other text, its own key. */
export function networkKeyOf(key: Uint8Array): Uint8Array {
  const length = key[0] === 4 && key.length === 6 ? 24 : key[0] === 6 && key.length === 18 ? 48 : 0
  return length === 0 || (key.at(-1) ?? 0) <= length ? key : maskKey(key, length)
}

/** Returns the key of the network of `prefix` bits around an address or a smaller network; both have a family. */
export function maskKey(key: Uint8Array, prefix: number): Uint8Array {
  // not slice(): for a Buffer, it shares the bytes
  const network = new Uint8Array(key)
  const index = 1 + Math.floor(prefix / 8)
  // the last byte is the length
  if (index < network.length - 1) network[index] = (network[index] ?? 0) & (0xff00 >> (prefix % 8))
  network.fill(0, index + 1, -1)
  network[network.length - 1] = prefix
  return network
}

/** Parses four decimal numbers without a regular expression: this is called for each row of an import. */
function keyOfIpv4(text: string): Uint8Array | undefined {
  if (text.length < 7 || text.length > 15) return undefined
  const key = new Uint8Array(6)
  let part = 1
  let value = -1
  for (let index = 0; index < text.length; index++) {
    const digit = text.charCodeAt(index) - 48
    if (digit === -2) {
      if (value < 0 || part > 3) return undefined
      key[part++] = value
      value = -1
      continue
    }
    // some programs read a leading zero as octal
    if (digit < 0 || digit > 9 || value === 0) return undefined
    value = value < 0 ? digit : value * 10 + digit
    if (value > 255) return undefined
  }
  if (value < 0 || part !== 4) return undefined
  key[0] = 4
  key[4] = value
  key[5] = 32
  return key
}

/** Parses groups of hexadecimal numbers without a regular expression. Returns undefined for other forms. */
function keyOfIpv6(text: string): Uint8Array | undefined {
  if (text.length < 2 || text.length > 39) return undefined
  const key = new Uint8Array(18)
  // where the next group goes, and where a run of zeros is left out
  let end = 1
  let gap = 0
  let index = 0
  while (index < text.length) {
    let value = 0
    let digits = 0
    for (; digits < 4; digits++) {
      const digit = hexDigit(text.charCodeAt(index + digits))
      if (digit < 0) break
      value = value * 16 + digit
    }
    if (digits > 0) {
      if (end > 15) return undefined
      key[end++] = value >> 8
      key[end++] = value
    }
    index += digits
    if (index === text.length) break
    const isGap = text.startsWith('::', index)
    if (isGap ? gap > 0 : digits === 0 || text.charCodeAt(index) !== COLON) return undefined
    if (isGap) gap = end
    index += isGap ? 2 : 1
    if (index === text.length && !isGap) return undefined
  }
  return fillGap(key, gap, end)
}

/** Returns undefined if there are too few groups, or for an IPv4 address (`::ffff:1.2.3.4`). */
function fillGap(key: Uint8Array, gap: number, end: number): Uint8Array | undefined {
  if (gap === 0 ? end !== 17 : end > 15) return undefined
  if (gap > 0) {
    const tail = 17 - end + gap
    key.copyWithin(tail, gap, end)
    key.fill(0, gap, tail)
  }
  key[0] = 6
  key[17] = 128
  return key[11] === 0xff && key[12] === 0xff && key.subarray(1, 11).every((byte) => byte === 0)
    ? undefined
    : key
}

const COLON = 58

/** Returns the value of a hexadecimal digit of either case; -1 for anything else. */
function hexDigit(code: number): number {
  if (code >= 48 && code <= 57) return code - 48
  const letter = (code | 32) - 97
  return letter >= 0 && letter <= 5 ? letter + 10 : -1
}

function keyOf({ text, family, prefix }: Address): Uint8Array {
  const bytes = ipaddr.parse(text.split('/')[0] ?? '').toByteArray()
  return Uint8Array.of(family, ...bytes, prefix)
}

function keyOfText(text: string): Uint8Array {
  const key = new Uint8Array(1 + MAX_TEXT)
  const { written } = encoder.encodeInto(text, key.subarray(1))
  return key.slice(0, 1 + written)
}
