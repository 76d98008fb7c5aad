import { MAX_LIST_ENTRIES, type ListLook } from '../blocklist.ts'
import { LINE_FEED, RETURN, SPACE } from './ascii.ts'
import { collectEntries } from './collect-entries.ts'
import { createLineReader, joined, type LineReader } from './line-reader.ts'
import type { ListEntries } from './list-entries.ts'
import { lookAtList, type FoundLook, type ListExpectation } from './look-at-list.ts'

/** What a list has. */
export interface ParsedList {
  readonly look: ListLook
  /** lines with a content */
  readonly lines: number
  /** lines that should have an entry and have none */
  readonly invalid: number
  readonly invalidSamples: readonly { readonly line: number; readonly text: string }[]
  readonly duplicates: number
  readonly entries: ListEntries
  /** it has more entries than are read */
  readonly isTooLong: boolean
}

/** Reads a list as it comes, in bounded memory. */
export interface ListParser {
  /** Takes in bytes; returns false once nothing more is wanted, since this is no list, or too long. */
  push(bytes: Uint8Array): boolean
  /** Returns what the list has. */
  end(): ParsedList
}

export interface ListParserOptions extends ListExpectation {
  /** @default MAX_LIST_ENTRIES */
  readonly maxEntries?: number
}

/** How much of a list is looked at to recognize its format, in bytes. */
const BEGINNING_BYTES = 65_536

// browsers and Node have it; this package has the types of neither
declare const TextDecoder: new (label: string) => { decode(bytes: Uint8Array): string }

/** Creates a {@link ListParser}. */
export function createListParser(options: ListParserOptions): ListParser {
  const decoder = new TextDecoder('utf-8')
  const collected = collectEntries(options.maxEntries ?? MAX_LIST_ENTRIES)
  const beginning = gather(BEGINNING_BYTES)
  let found: { readonly look: ListLook; readonly reader: LineReader | null } | undefined

  let skippedLines = 0

  const lookAt = (bytes: Uint8Array) => lookAtList(decoder.decode(bytes), options)
  const begin = (bytes: Uint8Array, { look, layout }: FoundLook) => {
    const newline = bytes.includes(LINE_FEED) || !bytes.includes(RETURN) ? LINE_FEED : RETURN
    const reading = { newline, decoder, sink: collected, skippedLines }
    const reader = layout && createLineReader(layout, reading)
    reader?.push(withoutMark(bytes))
    return (found = { look, reader })
  }
  const tryToBegin = () => {
    const bytes = beginning.bytes()
    const end = lastLineEnd(bytes)
    const isBlank = bytes.every((byte) => byte <= SPACE && byte > 0)
    const looked = isBlank ? undefined : lookAt(bytes.subarray(0, end))
    if (looked && looked.look.format !== 'empty') return begin(bytes, looked)
    // comments only so far, which say nothing about the format
    skippedLines += countLines(bytes.subarray(0, end))
    beginning.drop(end)
    return undefined
  }

  return {
    push(bytes) {
      if (found) found.reader?.push(bytes)
      else if (beginning.add(bytes)) tryToBegin()
      return found?.reader !== null && !collected.isFull
    },
    end() {
      const rest = beginning.bytes()
      const { look, reader } = found ?? begin(rest, lookAt(rest))
      reader?.end()
      const { entries, duplicates } = collected.take()
      return {
        look,
        lines: reader?.lines ?? 0,
        invalid: reader?.invalid ?? 0,
        invalidSamples: reader?.samples ?? [],
        duplicates,
        entries,
        isTooLong: collected.isFull,
      }
    },
  }
}

/** Collects the first bytes; `add` tells whether there are enough. */
function gather(enough: number) {
  let kept: Uint8Array[] = []
  let size = 0
  return {
    add(bytes: Uint8Array): boolean {
      kept.push(bytes.slice())
      size += bytes.length
      return size >= enough
    },
    bytes(): Uint8Array {
      const all = joined(kept, size)
      kept = [all]
      return all
    },
    drop(bytes: number): void {
      kept = kept.map((all) => all.slice(bytes))
      size -= bytes
    },
  }
}

function countLines(bytes: Uint8Array): number {
  let count = 0
  for (let at = bytes.indexOf(LINE_FEED); at >= 0; at = bytes.indexOf(LINE_FEED, at + 1)) count += 1
  return count
}

/** Where the last complete line ends: a line that was cut says nothing about the format. */
function lastLineEnd(bytes: Uint8Array): number {
  const end = Math.max(bytes.lastIndexOf(LINE_FEED), bytes.lastIndexOf(RETURN))
  return end < 0 ? bytes.length : end
}

/** Returns the bytes without a mark of UTF-8 at their beginning. */
const withoutMark = (bytes: Uint8Array) =>
  bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes
