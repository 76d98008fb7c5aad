import type { FileHandle } from 'node:fs/promises'
import { logLimits } from '@bangui/shared'

/** The end of a file. */
export interface FileEnd {
  readonly lines: readonly string[]
  /** there are earlier lines */
  readonly isCut: boolean
  /** the place after the last whole line, in bytes */
  readonly offset: number
}

const NEWLINE = 0x0a

/** Returns the last whole lines of a file, at most 512 KiB of them; a line that is not finished is read when it is. */
export async function readLastLines(handle: FileHandle, limit: number): Promise<FileEnd> {
  const { size } = await handle.stat()
  const from = Math.max(0, size - logLimits.bytes)
  const bytes = await readBetween(handle, from, size)
  const end = bytes.lastIndexOf(NEWLINE) + 1
  const start = from === 0 ? 0 : bytes.indexOf(NEWLINE) + 1
  const all = linesOf(bytes.subarray(start, Math.max(start, end)))
  const lines = limit === 0 ? [] : all.slice(-limit)
  return { lines, isCut: from > 0 || lines.length < all.length, offset: from + end }
}

/** What was written after a place. */
export interface FileGrowth {
  readonly lines: readonly string[]
  /** how many bytes were passed over, because they are too many */
  readonly passedOver: number
  readonly offset: number
}

/** Returns the whole lines that were written after a place, the last 512 KiB of them. */
export async function readGrowth(handle: FileHandle, offset: number, size: number): Promise<FileGrowth> {
  const from = Math.max(offset, size - logLimits.bytes)
  const bytes = await readBetween(handle, from, size)
  const end = bytes.lastIndexOf(NEWLINE) + 1
  const start = from === offset ? 0 : bytes.indexOf(NEWLINE) + 1
  const lines = linesOf(bytes.subarray(start, Math.max(start, end)))
  return { lines, passedOver: from - offset, offset: from + end }
}

async function readBetween(handle: FileHandle, from: number, to: number): Promise<Buffer> {
  const { buffer, bytesRead } = await handle.read(
    Buffer.alloc(Math.max(0, to - from)),
    0,
    Math.max(0, to - from),
    from,
  )
  return buffer.subarray(0, bytesRead)
}

const MAX_LINE = 8192

const linesOf = (bytes: Buffer): string[] => {
  if (bytes.length === 0) return []
  const text = bytes.toString('utf8').replaceAll('\0', '\u{FFFD}')
  return text
    .replace(/\n$/, '')
    .split('\n')
    .map((line) => line.replace(/\r$/, '').slice(0, MAX_LINE))
}
