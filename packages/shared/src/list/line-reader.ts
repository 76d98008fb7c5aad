import { createPlainReader } from './entry-reader.ts'
import { isComment, parseLine, type ListLayout } from './list-line.ts'
import type { EntrySink } from './parse-entry.ts'
import { createRowReader } from './row-reader.ts'

/** A longer line is no entry. */
const MAX_LINE_BYTES = 4_096
const MAX_SAMPLES = 20
const MAX_SAMPLE_LENGTH = 120

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

/** Creates a {@link LineReader}; no text is made of lines that have their entry where it is expected. */
export function createLineReader(
  layout: ListLayout,
  { newline, decoder, sink, skippedLines }: Reading,
): LineReader {
  const readBytes = layout.format === 'csv' ? createRowReader(sink, layout) : createPlainReader(sink)
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
    if (readBytes(bytes, from, to)) counts.lines += 1
    else readText(bytes, from, to)
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
