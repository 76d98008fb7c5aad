import type { ListEntries } from './list-entries.ts'
import type { EntrySink } from './parse-entry.ts'

/** Entries of a list as they come, in any order and more than once. */
export interface EntryCollector extends EntrySink {
  /** there are more different entries than wanted */
  readonly isFull: boolean
  /** Returns the different entries, sorted, and how many came again. */
  take(): { readonly entries: ListEntries; readonly duplicates: number }
}

/** Collects entries, as numbers and texts, until there are more than `maxEntries` different ones. */
export function collectEntries(maxEntries: number): EntryCollector {
  // sorted when there may be too many, and at the end
  const room = 2 * maxEntries + 1
  let ipv4 = new Float64Array(Math.min(1_024, room))
  let count = 0
  let dropped = 0
  let isFull = false
  const ipv6 = new Set<string>()

  const compact = () => {
    const kept = unique(ipv4.subarray(0, count).sort())
    dropped += count - kept
    count = kept
    isFull ||= count + ipv6.size > maxEntries
  }
  const makeRoom = () => {
    if (ipv4.length === room) return compact()
    const larger = new Float64Array(Math.min(room, ipv4.length * 2))
    larger.set(ipv4)
    ipv4 = larger
  }

  return {
    get isFull() {
      return isFull
    },
    ipv4(entry) {
      if (isFull) return
      if (count === ipv4.length) makeRoom()
      ipv4[count] = entry
      count += 1
    },
    ipv6(text) {
      if (isFull) return
      if (ipv6.has(text)) dropped += 1
      else ipv6.add(text)
      if (ipv6.size > maxEntries) isFull = true
    },
    take() {
      compact()
      return { entries: { ipv4: ipv4.slice(0, count), ipv6: [...ipv6].toSorted() }, duplicates: dropped }
    },
  }
}

/** Moves the different values of a sorted array to its beginning; returns how many there are. */
function unique(sorted: Float64Array): number {
  let kept = 0
  for (const value of sorted) {
    if (kept > 0 && sorted[kept - 1] === value) continue
    sorted[kept] = value
    kept += 1
  }
  return kept
}
