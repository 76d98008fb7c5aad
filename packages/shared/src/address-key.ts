import ipaddr from 'ipaddr.js'
import { parseAddress, type Address } from './address.ts'

/** The inclusive range of keys that an address or network covers. */
export interface KeyRange {
  readonly from: Uint8Array
  readonly to: Uint8Array
}

/** Longest text, in bytes of UTF-8, that a key keeps of what is no address. */
const MAX_TEXT = 255

// browsers and Node have both; this package knows the types of neither
declare const TextEncoder: new () => { encodeInto(text: string, into: Uint8Array): { written: number } }
declare const TextDecoder: new (label: string, options: object) => { decode(bytes: Uint8Array): string }

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/**
 * What an address is stored under: sorts, byte by byte, as addresses do, a network before all that it holds. Family
 * (4 or 6), the address, the length of its prefix; what is no address is 0 and its text.
 */
export function addressKey(text: string): Uint8Array {
  const fast = keyOfIpv4(text)
  if (fast) return fast
  const address = parseAddress(text)
  return address ? keyOf(address) : keyOfText(text)
}

/** The canonical text of what {@link addressKey} was given. */
export function addressOfKey(key: Uint8Array): string {
  const [family, a, b, c, d] = key
  const prefix = key.at(-1) ?? 0
  if (family === 4 && key.length === 6)
    return prefix === 32 ? `${a}.${b}.${c}.${d}` : `${a}.${b}.${c}.${d}/${prefix}`
  if (family !== 6 || key.length !== 18) return decoder.decode(key.subarray(1))
  const host = new ipaddr.IPv6([...key.subarray(1, 17)]).toRFC5952String()
  return prefix === 128 ? host : `${host}/${prefix}`
}

/** The keys of all that a network holds, itself included; of an address, its own alone. */
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

/** The key of the network that an address is counted with (networkOf). Other text stands for itself. */
export function networkKeyOf(key: Uint8Array): Uint8Array {
  const length = key[0] === 4 && key.length === 6 ? 24 : key[0] === 6 && key.length === 18 ? 48 : 0
  if (length === 0 || (key.at(-1) ?? 0) <= length) return key
  // not slice(): that of a Buffer shares its bytes
  const network = new Uint8Array(key)
  network.fill(0, 1 + length / 8, -1)
  network[network.length - 1] = length
  return network
}

/** Four decimal numbers, read by hand: this is called for each row of an import. */
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
    // a leading zero would be octal to some
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

function keyOf({ text, family, prefix }: Address): Uint8Array {
  const bytes = ipaddr.parse(text.split('/')[0] ?? '').toByteArray()
  return Uint8Array.of(family, ...bytes, prefix)
}

function keyOfText(text: string): Uint8Array {
  const key = new Uint8Array(1 + MAX_TEXT)
  const { written } = encoder.encodeInto(text, key.subarray(1))
  return key.slice(0, 1 + written)
}
