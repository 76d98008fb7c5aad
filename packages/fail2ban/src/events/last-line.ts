import { stat } from 'node:fs/promises'
import { readEnd } from '../host/log-tail.ts'
import { parseLogHead } from './parse-log-line.ts'
import type { LastLine } from './timestamp-lines.ts'

const END_BYTES = 16 * 1024
/** From the time of a line until it is in the file. */
const WRITE_DELAY_MS = 10_000
const ROUNDING_MS = 2_000

/** Returns the last line of a log that has a time, with the modification time of the file; undefined: there is none. */
export async function findLastLine(path: string): Promise<LastLine | undefined> {
  try {
    const { mtimeMs } = await stat(path)
    const { text } = await readEnd(path, END_BYTES)
    const last = text
      .split('\n')
      .toReversed()
      .flatMap((line) => parseLogHead(line) ?? [])
      .find(({ time }) => time !== null)
    if (!last?.time) return undefined
    return {
      time: last.time,
      pid: last.pid,
      written: { from: mtimeMs - WRITE_DELAY_MS, to: mtimeMs + ROUNDING_MS },
    }
  } catch {
    return undefined
  }
}
