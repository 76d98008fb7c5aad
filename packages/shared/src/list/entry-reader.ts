import { BAR, COMMA, HASH, HYPHEN, SEMICOLON, isBlank, skipBlanks } from './ascii.ts'
import { createIpv4Reader, firstOf, prefixOf, splitIpv4Range } from './ipv4-entry.ts'
import { createIpv6Reader } from './ipv6-entry.ts'
import type { EntrySink } from './parse-entry.ts'

/**
 * Takes in the entry that a stretch of bytes begins with; returns false where it has to be read as text. What is taken in is the same
 * as by the text.
 */
export type EntryReader = (bytes: Uint8Array, from: number, to: number) => boolean

/** Creates an {@link EntryReader} of addresses, networks and ranges of IPv4, where `isEnd` says that nothing else belongs to them. */
export function createEntryReader(sink: EntrySink, isEnd: EntryReader): EntryReader {
  const ipv4 = createIpv4Reader()
  const ipv6 = createIpv6Reader()

  const readRange = (first: number, bytes: Uint8Array, to: number): boolean => {
    const hyphen = skipBlanks(bytes, ipv4.end, to)
    if (hyphen >= to || bytes[hyphen] !== HYPHEN) return false
    const last = ipv4.read(bytes, skipBlanks(bytes, hyphen + 1, to), to)
    const isRange = last >= first && prefixOf(first) === 32 && prefixOf(last) === 32
    if (!isRange || !isEnd(bytes, ipv4.end, to)) return false
    splitIpv4Range(firstOf(first), firstOf(last), sink.ipv4)
    return true
  }

  return (bytes, from, to) => {
    const entry = ipv4.read(bytes, from, to)
    if (entry >= 0 && !isEnd(bytes, ipv4.end, to)) return readRange(entry, bytes, to)
    if (entry >= 0) {
      sink.ipv4(entry)
      return true
    }
    const text = ipv6.read(bytes, from, to)
    if (text === undefined || !isEnd(bytes, ipv6.end, to)) return false
    sink.ipv6(text)
    return true
  }
}

/** Creates an {@link EntryReader} of lines that begin with their entry. */
export function createPlainReader(sink: EntrySink): EntryReader {
  const readEntry = createEntryReader(sink, isEndOfEntry)
  return (bytes, from, to) => readEntry(bytes, skipBlanks(bytes, from, to), to)
}

/** Returns whether an entry ends here, and is not the beginning of a range or of something else. */
function isEndOfEntry(bytes: Uint8Array, end: number, to: number): boolean {
  if (end >= to) return true
  const next = bytes[end]
  if (next === COMMA || next === HASH || next === SEMICOLON || next === BAR) return true
  if (!isBlank(next)) return false
  const at = skipBlanks(bytes, end, to)
  // a hyphen, or the long one that word processors make of it
  return at >= to || (bytes[at] !== HYPHEN && bytes[at] !== 0xe2)
}
