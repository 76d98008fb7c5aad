import { constants } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { nextTurn } from '@bangui/async'
import type { OwnLogSeen } from '../seen/own-log-seen.ts'
import { createLogFacts } from './log-facts.ts'
import { createRecordReader, type LogRecord } from './log-record.ts'

/** So much of a log is read at first. */
const MAX_FIRST_BYTES = 4 * 1024 * 1024
/** So much is read at a time: about 2 ms of work. */
const CHUNK_BYTES = 64 * 1024
/** So much is read in a run. */
const MAX_RUN_BYTES = 16 * 1024 * 1024

/** Reads a local time of the daemon: the moment in milliseconds since the epoch; undefined: it is none. */
export type ReadTime = (text: string, pid: number) => number | undefined

/** Reads fail2ban's log, each time from where it stopped. */
export interface OwnLogReader {
  /** @throws an error of the file system where it cannot be read */
  read(path: string, readTime: ReadTime): Promise<OwnLogSeen>
}

/** Creates the reader. Another path, and a log that became smaller, are read from the beginning. */
export function createOwnLogReader(clock: () => number): OwnLogReader {
  let path: string | undefined
  let inode = 0n
  let offset = 0
  let rest = ''
  let facts = createLogFacts()
  let records = createRecordReader()
  return {
    async read(wanted, readTime) {
      if (wanted !== path) {
        facts = createLogFacts()
        records = createRecordReader()
        path = wanted
        inode = 0n
      }
      const { ino, size } = await stat(wanted, { bigint: true })
      if (ino !== inode || Number(size) < offset) {
        offset = inode === 0n ? Math.max(0, Number(size) - MAX_FIRST_BYTES) : 0
        inode = ino
        rest = ''
      }
      const momentOf = ({ time, milliseconds, pid }: LogRecord): number => {
        const second = time === null ? undefined : readTime(time, pid)
        return second === undefined ? clock() : second + milliseconds
      }
      const addAll = (all: readonly LogRecord[]) => {
        for (const record of all) facts.add(record, momentOf(record))
      }
      const end = Math.min(Number(size), offset + MAX_RUN_BYTES)
      for await (const chunk of chunksOf(wanted, offset, end)) {
        const lines = `${rest}${chunk.toString('utf8')}`.split('\n')
        rest = lines.pop() ?? ''
        offset += chunk.length
        for (const line of lines) addAll(records.add(line.replace(/\r$/, '')))
        await nextTurn()
      }
      addAll(records.close())
      facts.endAt(clock())
      return facts.seen(wanted)
    },
  }
}

async function* chunksOf(path: string, from: number, end: number): AsyncGenerator<Buffer> {
  // a pipe in the place of a log would keep a blocking open waiting for ever
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    if (!(await handle.stat()).isFile()) throw new Error('It is not a regular file.')
    for (let at = from; at < end;) {
      const buffer = Buffer.alloc(Math.min(CHUNK_BYTES, end - at))
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, at)
      if (bytesRead === 0) return
      yield buffer.subarray(0, bytesRead)
      at += bytesRead
    }
  } finally {
    await handle.close()
  }
}
