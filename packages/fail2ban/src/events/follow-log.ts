import { findByInode, findCopy, findSuccessor } from './find-log.ts'
import {
  growHead,
  hasHead,
  NotAFileError,
  openLog,
  readHead,
  type LogHead,
  type OpenLog,
} from './log-files.ts'
import { createSkippedLogs, type SkippedLogs } from './skipped-logs.ts'
import { createLineSplitter } from './split-lines.ts'

/** How far a reader has read a log and its rotated predecessors, as JSON. */
export interface LogCursor {
  readonly inode: string
  /** bytes that were read */
  readonly offset: number
  readonly head: LogHead
  /** the beginning of a line whose end was not there yet, in base64 */
  readonly rest: string
  /** a line that is too long is under way */
  readonly skipping: boolean
}

/** Whether a log can be read. */
export interface LogState {
  readonly state: 'ok' | 'missing' | 'unreadable' | 'unsupported'
  /** the system's own code, such as `EACCES` */
  readonly code: string | null
}

/** Follows one log through its rotations, and returns every line once. */
export interface LogFollower {
  /** Returns the next lines, perhaps none; undefined at the end. Never rejects for the state of the log. */
  read(): Promise<string[] | undefined>
  /** Returns undefined before the log existed. */
  cursor(): LogCursor | undefined
  state(): LogState
  /** Returns the rotated log that was skipped last, since it could not be unpacked. */
  skipped(): ReturnType<SkippedLogs['last']>
  close(): Promise<void>
}

/** How much is read of a log that was never read before. */
export const FIRST_READ_BYTES = 32 * 1024 * 1024
const CHUNK_BYTES = 32 * 1024

interface Current extends OpenLog {
  offset: number
  head: LogHead
  /** a copy by `copytruncate`: the line at its end goes on in the log itself */
  readonly isCopy: boolean
}

/** Follows the log at `path` from a cursor, or from its beginning (its last 32 MB). Reads nothing before the first {@link LogFollower.read}. */
export function createLogFollower(path: string, resumeAt?: LogCursor): LogFollower {
  const lines = createLineSplitter(
    resumeAt && { rest: Buffer.from(resumeAt.rest, 'base64'), skipping: resumeAt.skipping },
  )
  let current: Current | undefined
  const skipped = createSkippedLogs()
  const search = { path, skipped }
  let lastCursor = resumeAt
  let state: LogState = { state: 'missing', code: 'ENOENT' }

  const cursor = (): LogCursor | undefined => {
    if (!current) return lastCursor
    const { inode, offset, head } = current
    return { inode, offset, head, rest: lines.rest.toString('base64'), skipping: lines.skipping }
  }

  const goTo = async (opened: OpenLog, options: { offset: number; isCopy: boolean }) => {
    const head = await readHead(opened.handle)
    lastCursor = undefined
    await current?.handle.close()
    current = { ...opened, ...options, head }
  }

  const openFirst = async () => {
    const opened = await openLog(path)
    const { size } = await opened.handle.stat()
    const offset = Math.max(0, size - FIRST_READ_BYTES)
    // a line that is cut there is not a line
    lines.reset({ skip: offset > 0 })
    await goTo(opened, { offset, isCopy: false })
  }

  /**
   * Opens the log of the cursor, under its current name; the next log if that one cannot be unpacked, and the current
   * log from its beginning if that one is gone.
   */
  const resume = async (at: LogCursor) => {
    const before = skipped.last()
    const found = (await findByInode(search, at)) ?? (await findCopy(search, at))
    if (found) return goTo(found.opened, { offset: at.offset, isCopy: found.isCopy })
    // one that was packed is known by its head: its inode is another file's by now
    const own = { inode: '', head: at.head }
    const next = skipped.last() === before ? undefined : await findSuccessor(search, own)
    const opened = next ?? (await openLog(path))
    lines.reset()
    await goTo(opened, { offset: 0, isCopy: false })
  }

  const readOn = async (log: Current): Promise<string[] | undefined> => {
    const bytes = await readChunk(log)
    return bytes && lines.push(bytes)
  }

  const step = async (): Promise<string[] | undefined> => {
    const at = cursor()
    if (!current) await (at ? resume(at) : openFirst())
    else if (at && (await isTruncated(current))) await resume(at)
    if (!current) return undefined
    const next = await readOn(current)
    if (next) return next
    const successor = await findSuccessor(search, current)
    if (!successor) return undefined
    // what was written to the old one before the new one came
    const last = await readOn(current)
    if (last) {
      await successor.handle.close()
      return last
    }
    if (!current.isCopy) lines.reset()
    await goTo(successor, { offset: 0, isCopy: false })
    return []
  }

  return {
    async read() {
      try {
        const found = await step()
        state = { state: 'ok', code: null }
        return found
      } catch (error) {
        state = describe(error)
        return undefined
      }
    },
    cursor,
    state: () => state,
    skipped: () => skipped.last(),
    async close() {
      lastCursor = cursor()
      await current?.handle.close()
      current = undefined
    },
  }
}

/** Returns the next bytes of a log, and moves its offset; undefined at the end. */
async function readChunk(log: Current): Promise<Buffer | undefined> {
  const { buffer, bytesRead } = await log.handle.read(Buffer.alloc(CHUNK_BYTES), 0, CHUNK_BYTES, log.offset)
  if (bytesRead === 0) return undefined
  log.offset += bytesRead
  log.head = await growHead(log.handle, log.head)
  return buffer.subarray(0, bytesRead)
}

const isTruncated = async (log: Current): Promise<boolean> =>
  (await log.handle.stat()).size < log.offset || !(await hasHead(log.handle, log.head))

function describe(error: unknown): LogState {
  if (error instanceof NotAFileError) return { state: 'unsupported', code: null }
  const code = error instanceof Error && 'code' in error ? String(error.code) : null
  return { state: code === 'ENOENT' ? 'missing' : 'unreadable', code }
}
