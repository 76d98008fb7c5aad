import { DOT, SLASH, ZERO } from './ascii.ts'

// An IPv4 address or network as one number: the address times 64, plus the prefix length. Numbers sort as addresses do, a
// million of them take 8 MB, and no text is made of an address before somebody sees or bans it.

const SLOTS = 64

/** How many addresses a network of each prefix length has: a look-up costs less than a power. */
const SIZES = Float64Array.from({ length: 33 }, (_, prefix) => 2 ** (32 - prefix))

const sizeOfPrefix = (prefix: number): number => SIZES[prefix] ?? 0

/** Returns the number of a network; the host bits are cleared. */
export function ipv4Entry(address: number, prefix: number): number {
  const size = sizeOfPrefix(prefix)
  return Math.floor(address / size) * size * SLOTS + prefix
}

/** Returns the first address of an entry, as a number. */
export const firstOf = (entry: number): number => Math.floor(entry / SLOTS)

/** Returns the length of the prefix of an entry. */
export const prefixOf = (entry: number): number => entry - firstOf(entry) * SLOTS

/** Returns how many addresses an entry has. */
export const sizeOf = (entry: number): number => sizeOfPrefix(prefixOf(entry))

/** Returns the canonical text of an entry, as parseAddress writes it. */
export function textOfIpv4(entry: number): string {
  const address = firstOf(entry)
  const prefix = prefixOf(entry)
  const host = `${address >>> 24}.${(address >>> 16) & 255}.${(address >>> 8) & 255}.${address & 255}`
  return prefix === 32 ? host : `${host}/${prefix}`
}

/** Calls `take` with the fewest networks that are exactly the addresses from one to another one. */
export function splitIpv4Range(from: number, to: number, take: (entry: number) => void): void {
  let next = from
  while (next <= to) {
    // as large as the position allows, and no larger than the rest
    let prefix = next === 0 ? 0 : 1 + Math.clz32(next & -next)
    while (next + sizeOfPrefix(prefix) - 1 > to) prefix += 1
    take(next * SLOTS + prefix)
    next += sizeOfPrefix(prefix)
  }
}

/** Reads IPv4 addresses and networks out of bytes. */
export interface Ipv4Reader {
  /** where the last entry that was read ends */
  end: number
  /** Returns the entry that begins at a place; -1: there is none. */
  read(bytes: Uint8Array, from: number, to: number): number
}

/** Creates an {@link Ipv4Reader}: four decimal numbers without leading zeros, and a prefix length if there is one. */
export function createIpv4Reader(): Ipv4Reader {
  const reader: Ipv4Reader = {
    end: 0,
    read(bytes, from, to) {
      let address = 0
      let at = from
      for (let part = 0; part < 4; part += 1) {
        if (part > 0) {
          if (at >= to || bytes[at] !== DOT) return -1
          at += 1
        }
        const value = readNumber(bytes, at, to)
        if (value < 0 || value > 255) return -1
        at += digitsOf(value)
        address = address * 256 + value
      }
      reader.end = at
      if (at + 1 >= to || bytes[at] !== SLASH || bytes[at + 1] === SLASH) return address * SLOTS + 32
      const prefix = readNumber(bytes, at + 1, to)
      if (prefix < 0 || prefix > 32) return -1
      reader.end = at + 1 + digitsOf(prefix)
      return ipv4Entry(address, prefix)
    },
  }
  return reader
}

/** Returns how many digits a number below 1,000 has. */
export const digitsOf = (value: number): number => (value > 99 ? 3 : value > 9 ? 2 : 1)

/** Returns a number of at most three digits; -1: there is none, it begins with a zero, or it is longer. */
export function readNumber(bytes: Uint8Array, from: number, to: number): number {
  let value = 0
  let at = from
  for (; at < to && at < from + 4; at += 1) {
    const digit = (bytes[at] ?? 0) - ZERO
    if (digit < 0 || digit > 9) break
    value = value * 10 + digit
  }
  return at - from === digitsOf(value) && value < 1_000 ? value : -1
}
