import { COLON, SLASH, ZERO } from './ascii.ts'
import { digitsOf, readNumber } from './ipv4-entry.ts'

// An IPv6 address as eight numbers of 16 bits. Entries are kept as canonical texts: lists have few of them.

const GROUPS = 8
const BITS = 128

/** Reads IPv6 addresses and networks out of bytes. */
export interface Ipv6Reader {
  /** where the last entry that was read ends */
  end: number
  /** Returns the canonical text of the entry that begins at a place; undefined: there is none, or one with an IPv4 address in it. */
  read(bytes: Uint8Array, from: number, to: number): string | undefined
}

/** Creates an {@link Ipv6Reader}. */
export function createIpv6Reader(): Ipv6Reader {
  const groups = new Uint16Array(GROUPS)

  /** Reads the groups; returns where they end, or -1. */
  const readGroups = (bytes: Uint8Array, from: number, to: number): number => {
    let count = 0
    let gap = -1
    let at = from
    for (;;) {
      const start = at
      let value = 0
      for (; at < to && at < start + 4; at += 1) {
        const digit = hexDigit(bytes[at] ?? 0)
        if (digit < 0) break
        value = value * 16 + digit
      }
      if (at > start) {
        if (count === GROUPS) return -1
        groups[count] = value
        count += 1
      }
      if (at >= to || bytes[at] !== COLON) {
        // a single colon before it
        if (at === start && gap !== count) return -1
        break
      }
      const isGap = at + 1 < to && bytes[at + 1] === COLON
      if (isGap ? gap >= 0 : at === start) return -1
      if (isGap) gap = count
      at += isGap ? 2 : 1
    }
    if (gap < 0 ? count < GROUPS : count === GROUPS) return -1
    if (gap >= 0) {
      groups.copyWithin(GROUPS - count + gap, gap, count)
      groups.fill(0, gap, GROUPS - count + gap)
    }
    return at
  }

  const reader: Ipv6Reader = {
    end: 0,
    read(bytes, from, to) {
      const end = readGroups(bytes, from, to)
      // mapped addresses (::ffff:0:0/96) are IPv4
      if (end < 0 || groups[0] === 0) return undefined
      reader.end = end
      if (end + 1 >= to || bytes[end] !== SLASH || bytes[end + 1] === SLASH) return textOfIpv6(groups, BITS)
      const prefix = readNumber(bytes, end + 1, to)
      if (prefix < 0 || prefix > BITS) return undefined
      reader.end = end + 1 + digitsOf(prefix)
      clearBits(groups, prefix)
      return textOfIpv6(groups, prefix)
    },
  }
  return reader
}

/** Returns the value of a hexadecimal digit of either case; -1 for anything else. */
function hexDigit(byte: number): number {
  const digit = byte - ZERO
  if (digit >= 0 && digit <= 9) return digit
  const letter = (byte | 32) - 97
  return letter >= 0 && letter <= 5 ? letter + 10 : -1
}

function clearBits(groups: Uint16Array, prefix: number): void {
  for (let index = prefix >>> 4; index < GROUPS; index += 1) {
    const kept = Math.max(0, prefix - index * 16)
    groups[index] = (groups[index] ?? 0) & (0xffff_0000 >>> kept)
  }
}

/** Returns the text of a network as RFC 5952 has it, as parseAddress writes it. */
export function textOfIpv6(groups: ArrayLike<number>, prefix: number): string {
  // the first one of the longest runs of zeros, of two at least
  let gap = GROUPS
  let length = 1
  for (let index = 0; index < GROUPS; index += 1) {
    if (groups[index] !== 0) continue
    const start = index
    while (index < GROUPS && groups[index] === 0) index += 1
    if (index - start > length) [gap, length] = [start, index - start]
  }
  let text = ''
  for (let index = 0; index < GROUPS; index += 1) {
    if (index === gap) {
      text += '::'
      index += length - 1
      continue
    }
    if (index > 0 && index !== gap + length) text += ':'
    text += (groups[index] ?? 0).toString(16)
  }
  return prefix === BITS ? text : `${text}/${prefix}`
}

/** Returns the first 32 bits of an address or network by its canonical text; -1: its addresses have several. */
export function startOfIpv6(text: string): number {
  const slash = text.indexOf('/')
  if (slash >= 0 && Number(text.slice(slash + 1)) < 32) return -1
  let at = 0
  let start = 0
  for (let group = 0; group < 2; group += 1) {
    let value = 0
    for (let digit = hexDigit(text.charCodeAt(at)); digit >= 0; digit = hexDigit(text.charCodeAt(at))) {
      value = value * 16 + digit
      at += 1
    }
    start = start * 65_536 + value
    // a gap stands for the rest of them
    at += 1
  }
  return start
}

/**
 * Calls `take` with the text of the fewest networks that are exactly the addresses from one to another one, each of eight numbers; no
 * range needs more than 254.
 */
export function splitIpv6Range(
  from: readonly number[],
  to: readonly number[],
  take: (text: string) => void,
): void {
  const next = Uint16Array.from(from)
  for (;;) {
    const bits = bitsThatFit(next, to)
    take(textOfIpv6(next, BITS - bits))
    if (bits === BITS || !advance(next, bits)) return
    if (compareIpv6(next, to) > 0) return
  }
}

/** Returns how many bits the largest network has that begins at an address and ends at another one at most. */
function bitsThatFit(from: ArrayLike<number>, to: ArrayLike<number>): number {
  const zeros = countLow(from, 0)
  const differing = highestDifference(from, to)
  if (zeros <= differing) return zeros
  // one more, where the network ends exactly at the other address
  return countLow(to, 0xffff) > differing ? differing + 1 : differing
}

/** Returns how many of the lowest bits are 0, or with a pattern of ones, 1. */
function countLow(groups: ArrayLike<number>, pattern: 0 | 0xffff): number {
  let bits = 0
  for (let index = GROUPS - 1; index >= 0; index -= 1) {
    const rest = (groups[index] ?? 0) ^ pattern
    if (rest !== 0) return bits + 31 - Math.clz32(rest & -rest)
    bits += 16
  }
  return bits
}

/** Returns the number of the highest bit that differs, from 0; -1: none does. */
function highestDifference(one: ArrayLike<number>, other: ArrayLike<number>): number {
  for (let index = 0; index < GROUPS; index += 1) {
    const rest = (one[index] ?? 0) ^ (other[index] ?? 0)
    if (rest !== 0) return (GROUPS - 1 - index) * 16 + 31 - Math.clz32(rest)
  }
  return -1
}

/** Adds a power of two; returns false behind the last address. */
function advance(groups: Uint16Array, bits: number): boolean {
  let index = GROUPS - 1 - (bits >>> 4)
  let sum = (groups[index] ?? 0) + (1 << (bits & 15))
  groups[index] = sum
  while (sum > 0xffff) {
    if (index === 0) return false
    index -= 1
    sum = (groups[index] ?? 0) + 1
    groups[index] = sum
  }
  return true
}

/** Returns a negative number where the first address is below the other one, 0 where both are equal. */
export function compareIpv6(one: ArrayLike<number>, other: ArrayLike<number>): number {
  for (let index = 0; index < GROUPS; index += 1) {
    const difference = (one[index] ?? 0) - (other[index] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}
