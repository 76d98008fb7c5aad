import { constants } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { cleanText } from '@bangui/shared'

/** A place in a log, to read from later. */
export interface LogPosition {
  readonly path: string
  readonly offset: number
}

const MAX_TAIL_BYTES = 16 * 1024

/** Returns the file of a log target, which options may follow (`/var/log/x[format=…]`); undefined: the target is no file. */
export function logPath(logTarget: string): string | undefined {
  const [path = ''] = logTarget.trim().split('[', 1)
  return path.startsWith('/') ? path : undefined
}

/** Where a log ends now; undefined when it is no file (a daemon may log to the journal, to syslog or nowhere). */
export async function markLog(logTarget: string): Promise<LogPosition | undefined> {
  const path = logPath(logTarget)
  if (path === undefined) return undefined
  const found = await stat(path).catch(() => undefined)
  if (found && !found.isFile()) return undefined
  return { path, offset: found?.size ?? 0 }
}

/** Returns the text that was written to a log since the mark, at most the last 16 KiB, cleaned; empty where it cannot be read. */
export async function readLogSince(position: LogPosition | undefined): Promise<string> {
  if (!position) return ''
  try {
    return (await readEnd(position.path, MAX_TAIL_BYTES, position.offset)).text
  } catch {
    // the log only helps to explain; without it the tool's own output stands alone
    return ''
  }
}

/**
 * The last `limit` bytes of a regular file, cleaned, and whether more stands before them; of a file that has not shrunk
 * meanwhile, nothing before `since`.
 */
export async function readEnd(
  path: string,
  limit: number,
  since = 0,
): Promise<{ readonly text: string; readonly isCut: boolean }> {
  // a pipe would keep a blocking open waiting for ever
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    const found = await handle.stat()
    if (!found.isFile()) throw new Error('it is not a regular file')
    // smaller than before: rotated meanwhile
    const start = found.size < since ? 0 : since
    const from = Math.max(start, found.size - limit)
    const length = found.size - from
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, from)
    return { text: cleanText(buffer.subarray(0, bytesRead).toString()), isCut: from > start }
  } finally {
    await handle.close()
  }
}
