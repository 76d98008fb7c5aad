import { contains, parseAddress, type Address } from '@bangui/shared'

/** Finds out whether addresses are among the entries of a set or chain. */
export interface EntryIndex {
  has(address: string): boolean
}

/** Creates the index of some entries: addresses are compared as text, which tools and fail2ban write alike, only networks are parsed. */
export function indexEntries(entries: readonly string[]): EntryIndex {
  const texts = new Set(entries)
  const networks = entries.flatMap((entry) => (entry.includes('/') ? (parseAddress(entry) ?? []) : []))
  const ranges = entries.flatMap((entry) => (entry.includes('-') ? parseRange(entry) : []))
  return {
    has(address) {
      if (texts.has(address)) return true
      const parsed = parseAddress(address)
      if (!parsed) return false
      return (
        texts.has(parsed.text) ||
        networks.some((network) => contains(network, parsed)) ||
        isInRange(parsed, ranges)
      )
    },
  }
}

interface Range {
  readonly family: 4 | 6
  readonly from: bigint
  readonly to: bigint
}

function parseRange(entry: string): Range[] {
  const [from, to] = entry.split('-', 2).map((text) => parseAddress(text))
  return from && to ? [{ family: from.family, from: numberOf(from), to: numberOf(to) }] : []
}

function isInRange(address: Address, ranges: readonly Range[]): boolean {
  if (ranges.length === 0) return false
  const first = numberOf(address)
  const bits = BigInt((address.family === 4 ? 32 : 128) - address.prefix)
  const last = first + (1n << bits) - 1n
  return ranges.some(({ family, from, to }) => family === address.family && from <= first && last <= to)
}

/** The address, or the first one of a network, as a number. */
function numberOf({ text, family }: Address): bigint {
  const [host = ''] = text.split('/', 1)
  if (family === 4) return host.split('.').reduce((sum, part) => sum * 256n + BigInt(part), 0n)
  const [head = '', tail = ''] = host.split('::', 2)
  const groups = (part: string) => (part === '' ? [] : part.split(':'))
  const missing = 8 - groups(head).length - groups(tail).length
  const all = [
    ...groups(head),
    ...Array.from({ length: host.includes('::') ? missing : 0 }, () => '0'),
    ...groups(tail),
  ]
  return all.reduce((sum, part) => sum * 65_536n + BigInt(`0x${part}`), 0n)
}
