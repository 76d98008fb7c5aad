import { addressKey } from '../address-key.ts'
import { parseAddress, type Address } from '../address.ts'
import { ipv4Entry, splitIpv4Range } from './ipv4-entry.ts'
import { compareIpv6, splitIpv6Range } from './ipv6-entry.ts'

/** Takes in the entries of a line. */
export interface EntrySink {
  readonly ipv4: (entry: number) => void
  readonly ipv6: (text: string) => void
}

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
  splitIpv4Range(begin, end, sink.ipv4)
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
  const [begin, end] = [groupsOf(from), groupsOf(to)]
  if (compareIpv6(begin, end) > 0) return false
  splitIpv6Range(begin, end, sink.ipv6)
  return true
}

function groupsOf({ text }: Address): number[] {
  const key = addressKey(text)
  return Array.from({ length: 8 }, (_, index) => (key[1 + index * 2] ?? 0) * 256 + (key[2 + index * 2] ?? 0))
}
