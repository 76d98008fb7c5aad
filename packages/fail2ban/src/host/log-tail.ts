import { open, stat } from 'node:fs/promises'
import { cleanText } from './clean-text.ts'

/** A place in a log, to read from later. */
export interface LogPosition {
  readonly path: string
  readonly offset: number
}

const TAIL_LIMIT = 16 * 1024

/** The file that a log target names, undefined for one that is none; options may follow (`/var/log/x[format=…]`). */
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

/** What was written to a log since the mark, at most its last 16 KiB, cleaned; empty when it cannot be read. */
export async function readLogSince(position: LogPosition | undefined): Promise<string> {
  if (!position) return ''
  try {
    const handle = await open(position.path, 'r')
    try {
      const { size } = await handle.stat()
      // smaller than before: rotated meanwhile
      const from = Math.max(size < position.offset ? 0 : position.offset, size - TAIL_LIMIT)
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(size - from), 0, size - from, from)
      return cleanText(buffer.subarray(0, bytesRead).toString())
    } finally {
      await handle.close()
    }
  } catch {
    // the log only helps to explain; without it the tool's own output stands alone
    return ''
  }
}
