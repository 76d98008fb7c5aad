import { createIpv4Reader } from './ipv4-entry.ts'
import { isComment, parseLine, type ListLayout } from './list-line.ts'
import type { EntrySink } from './parse-entry.ts'

/** A longer line is no entry. */
const MAX_LINE_BYTES = 4_096
const MAX_SAMPLES = 20
const MAX_SAMPLE_LENGTH = 120

const RETURN = 13

/** Reads the lines of a list out of bytes that come in pieces. */
export interface LineReader {
  readonly lines: number
  readonly invalid: number
  readonly samples: readonly { readonly line: number; readonly text: string }[]
  push(bytes: Uint8Array): void
  end(): void
}

export interface Reading {
  readonly newline: number
  /** lines before the first one that it reads */
  readonly skippedLines: number
  readonly decoder: { decode(bytes: Uint8Array): string }
  readonly sink: EntrySink & { readonly isFull: boolean }
}

/** Creates a {@link LineReader}; an IPv4 address at the place where it is expected is read without making a text of its line. */
export function createLineReader(
  layout: ListLayout,
  { newline, decoder, sink, skippedLines }: Reading,
): LineReader {
  const ipv4 = createIpv4Reader()
  const samples: { line: number; text: string }[] = []
  let rest: Uint8Array | undefined
  let isSkipping = false
  let number = skippedLines
  const counts = { lines: 0, invalid: 0 }

  const refuse = (text: string) => {
    // the first row of a table names its columns
    if (layout.format === 'csv' && counts.lines === 1) {
      counts.lines = 0
      return
    }
    counts.invalid += 1
    if (samples.length < MAX_SAMPLES)
      samples.push({ line: number, text: text.trim().slice(0, MAX_SAMPLE_LENGTH) })
  }

  const readText = (bytes: Uint8Array, from: number, to: number) => {
    const line = decoder.decode(bytes.subarray(from, to))
    if (isComment(line)) return
    counts.lines += 1
    if (!parseLine(line, layout, sink)) refuse(line)
  }

  const readLine = (bytes: Uint8Array, from: number, to: number) => {
    number += 1
    const start = startOf({ bytes, from, to }, layout)
    const entry = start < 0 ? -1 : ipv4.read(bytes, start, to)
    if (entry < 0 || !isEnd(bytes, ipv4.end, to)) return readText(bytes, from, to)
    counts.lines += 1
    sink.ipv4(entry)
  }

  const tooLong = (bytes: Uint8Array) => {
    number += 1
    counts.lines += 1
    refuse(decoder.decode(bytes.subarray(0, MAX_SAMPLE_LENGTH)))
  }

  return {
    get lines() {
      return counts.lines
    },
    get invalid() {
      return counts.invalid
    },
    samples,
    push(chunk) {
      const bytes = rest ? joined([rest, chunk], rest.length + chunk.length) : chunk
      rest = undefined
      let from = 0
      for (let to = bytes.indexOf(newline); to >= 0 && !sink.isFull; to = bytes.indexOf(newline, from)) {
        if (isSkipping) isSkipping = false
        else if (to - from > MAX_LINE_BYTES) tooLong(bytes.subarray(from, to))
        else readLine(bytes, from, to)
        from = to + 1
      }
      if (isSkipping || sink.isFull) return
      if (bytes.length - from > MAX_LINE_BYTES) {
        tooLong(bytes.subarray(from))
        isSkipping = true
      } else if (from < bytes.length) rest = bytes.slice(from)
    },
    end() {
      if (rest && !isSkipping && !sink.isFull) readLine(rest, 0, rest.length)
      rest = undefined
    },
  }
}

const isBlank = (byte: number | undefined) => byte === 32 || byte === 9 || byte === RETURN

interface Line {
  readonly bytes: Uint8Array
  readonly from: number
  readonly to: number
}

/** Where an address is expected; -1: the line has to be read as text. */
function startOf(line: Line, layout: ListLayout): number {
  const { bytes, to } = line
  let at = layout.format === 'csv' ? cellOf(line, layout) : line.from
  while (at >= 0 && at < to && isBlank(bytes[at])) at += 1
  return at
}

const QUOTE = 34
const HASH = 35
const SLASH = 47
const SEMICOLON = 59

/** Where the cell with the address begins; -1: a quote may hide a delimiter, and a comment may have some. */
function cellOf({ bytes, from, to }: Line, { delimiter, column, lastColumn }: ListLayout): number {
  const first = bytes[from]
  if (lastColumn !== null || first === HASH || first === SEMICOLON || first === SLASH) return -1
  const end = delimiter.charCodeAt(0)
  let at = from
  let left = column - 1
  while (at < to && left > 0) {
    if (bytes[at] === QUOTE) return -1
    if (bytes[at] === end) left -= 1
    at += 1
  }
  return left > 0 ? -1 : at
}

/** Whether an address that was read ends here, and is not the beginning of a range or of something else. */
function isEnd(bytes: Uint8Array, end: number, to: number): boolean {
  if (end >= to) return true
  const next = bytes[end]
  if (next === 44 || next === HASH || next === SEMICOLON || next === 124) return true
  if (!isBlank(next)) return false
  let at = end
  while (at < to && isBlank(bytes[at])) at += 1
  // a hyphen, or the long one that word processors make of it
  return at >= to || (bytes[at] !== 45 && bytes[at] !== 0xe2)
}

/** Returns pieces of `size` bytes in all as one. */
export function joined(parts: readonly Uint8Array[], size: number): Uint8Array {
  const all = new Uint8Array(size)
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}
