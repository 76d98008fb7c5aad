import { MAX_LINE_BYTES } from './parse-log-line.ts'

/** Cuts bytes into lines, however they arrive. A line that is too long is skipped without being kept. */
export interface LineSplitter {
  /** Takes in bytes and gives the lines that are whole by now. */
  push(bytes: Buffer): string[]
  /** The beginning of a line whose end has not come; empty where it is skipped. */
  readonly rest: Buffer
  /** A line that is too long is under way. */
  readonly skipping: boolean
  /** Forgets the line that is under way; `skip`: the rest of that line follows and is ignored. */
  reset(options?: { skip: boolean }): void
}

const NEWLINE = 0x0a

/** Creates a splitter, or one that goes on in the middle of a line. */
export function createLineSplitter(
  start: { rest: Buffer; skipping: boolean } = { rest: empty(), skipping: false },
): LineSplitter {
  let { rest, skipping } = start
  return {
    push(bytes) {
      const lines: string[] = []
      let from = 0
      for (let end = bytes.indexOf(NEWLINE); end !== -1; end = bytes.indexOf(NEWLINE, from)) {
        const isShort = rest.length + end - from <= MAX_LINE_BYTES
        // invalid UTF-8 becomes U+FFFD: it can stand inside a message only
        if (!skipping && isShort) lines.push(Buffer.concat([rest, bytes.subarray(from, end)]).toString())
        rest = empty()
        skipping = false
        from = end + 1
      }
      if (!skipping && rest.length + bytes.length - from > MAX_LINE_BYTES) skipping = true
      rest = skipping ? empty() : Buffer.concat([rest, bytes.subarray(from)])
      return lines
    },
    get rest() {
      return rest
    },
    get skipping() {
      return skipping
    },
    reset({ skip } = { skip: false }) {
      rest = empty()
      skipping = skip
    },
  }
}

const empty = () => Buffer.alloc(0)
