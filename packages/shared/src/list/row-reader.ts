import { HASH, QUOTE, SEMICOLON, SLASH, isBlank, skipBlanks } from './ascii.ts'
import { createEntryReader, type EntryReader } from './entry-reader.ts'
import { createIpv4Reader, firstOf, prefixOf, splitIpv4Range } from './ipv4-entry.ts'
import type { ListLayout } from './list-line.ts'
import type { EntrySink } from './parse-entry.ts'

/** Creates an {@link EntryReader} of the rows of a table. */
export function createRowReader(sink: EntrySink, layout: ListLayout): EntryReader {
  const { column, lastColumn } = layout
  const delimiter = layout.delimiter.charCodeAt(0)
  const ipv4 = createIpv4Reader()
  let isQuoted = false
  let cellEnd = 0

  const beginCell = (bytes: Uint8Array, from: number, to: number): number => {
    let at = from
    while (at < to && bytes[at] !== delimiter && isBlank(bytes[at])) at += 1
    isQuoted = at < to && bytes[at] === QUOTE
    return isQuoted ? at + 1 : at
  }
  const isEndOfCell = (bytes: Uint8Array, from: number, to: number): boolean => {
    if (isQuoted && (from >= to || bytes[from] !== QUOTE)) return false
    cellEnd = isQuoted ? from + 1 : from
    while (cellEnd < to && bytes[cellEnd] !== delimiter && isBlank(bytes[cellEnd])) cellEnd += 1
    return cellEnd >= to || bytes[cellEnd] === delimiter
  }
  const readCell = createEntryReader(sink, isEndOfCell)

  /** Returns the address of a cell, as a number; -1: it has none, or something else. */
  const readEnd = (bytes: Uint8Array, from: number, to: number): number => {
    const entry = ipv4.read(bytes, beginCell(bytes, from, to), to)
    const isAddress = entry >= 0 && prefixOf(entry) === 32
    return isAddress && isEndOfCell(bytes, ipv4.end, to) ? firstOf(entry) : -1
  }
  const readRange = (bytes: Uint8Array, from: number, to: number): boolean => {
    const first = readEnd(bytes, from, to)
    if (first < 0 || cellEnd >= to) return false
    const last = readEnd(bytes, cellEnd + 1, to)
    if (last < first) return false
    splitIpv4Range(first, last, sink.ipv4)
    return true
  }

  return (bytes, from, to) => {
    const cell = findCell(bytes, { from, to, delimiter, column })
    if (cell < 0) return false
    return lastColumn === null ? readCell(bytes, beginCell(bytes, cell, to), to) : readRange(bytes, cell, to)
  }
}

interface Row {
  readonly from: number
  readonly to: number
  readonly delimiter: number
  readonly column: number
}

/** Returns where a cell of a row begins; -1: it has none, or is a comment. */
function findCell(bytes: Uint8Array, { from, to, delimiter, column }: Row): number {
  const first = bytes[skipBlanks(bytes, from, to)]
  if (first === HASH || first === SEMICOLON || first === SLASH) return -1
  let isQuoted = false
  let left = column - 1
  let at = from
  for (; at < to && left > 0; at += 1) {
    if (bytes[at] === QUOTE) isQuoted = !isQuoted
    else if (bytes[at] === delimiter && !isQuoted) left -= 1
  }
  return left > 0 ? -1 : at
}
