import { parseAddress, type Address } from '../address.ts'
import { createCover } from '../cover.ts'
import { ipv4Entry, prefixOf } from './ipv4-entry.ts'
import type { ListEntries } from './list-entries.ts'

/**
 * Returns a function that checks whether an entry of one of the lists covers an address, or all of a network: it is the entry, or
 * lies in a network. Its cost grows with the number of lists and of different prefix lengths, not with that of entries.
 */
export function createEntryCover(lists: readonly ListEntries[]): (address: Address) => boolean {
  const ipv4 = lists.map(({ ipv4: entries }) => ({ entries, prefixes: prefixesOf(entries) }))
  const ipv6 = createCover(lists.flatMap((list) => list.ipv6.flatMap((text) => parseAddress(text) ?? [])))
  return (address) => {
    if (address.family === 6) return ipv6(address).length > 0
    const first = numberOf(address)
    return ipv4.some(({ entries, prefixes }) =>
      prefixes.some((prefix) => prefix <= address.prefix && hasSorted(entries, ipv4Entry(first, prefix))),
    )
  }
}

const numberOf = ({ text }: Address): number =>
  (text.split('/', 1)[0] ?? '').split('.').reduce((sum, part) => sum * 256 + Number(part), 0)

function prefixesOf(entries: Float64Array): readonly number[] {
  const prefixes = new Set<number>()
  for (const entry of entries) prefixes.add(prefixOf(entry))
  return [...prefixes]
}

function hasSorted(sorted: Float64Array, wanted: number): boolean {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((sorted[middle] ?? 0) < wanted) low = middle + 1
    else high = middle
  }
  return sorted[low] === wanted
}
