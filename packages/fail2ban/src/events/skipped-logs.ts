import type { RotatedLog } from './log-files.ts'

/** The rotated logs that could not be unpacked and are skipped: each is tried once, or again after a minute if that may help. */
export interface SkippedLogs {
  /** Returns whether a log is skipped now. */
  has(log: RotatedLog): boolean
  add(log: RotatedLog, error: unknown): void
  /** Returns the log that was skipped last, and why; null: none was. */
  last(): { readonly path: string; readonly reason: string } | null
}

/** After this, a log is tried again that could not be unpacked for want of space or permission. */
const RETRY_MS = 60_000
const MAX_LOGS = 1_000

/** Creates {@link SkippedLogs}, empty. */
export function createSkippedLogs(now: () => number = () => performance.now()): SkippedLogs {
  const tried = new Map<string, number>()
  let last: { path: string; reason: string } | null = null
  return {
    has: (log) => (tried.get(keyOf(log)) ?? 0) > now(),
    add(log, error) {
      if (tried.size >= MAX_LOGS) tried.clear()
      tried.set(keyOf(log), isFinal(error) ? Number.POSITIVE_INFINITY : now() + RETRY_MS)
      last = { path: log.path, reason: reasonOf(error) }
    },
    last: () => last,
  }
}

const keyOf = ({ inode, changedAt, size }: RotatedLog) => `${inode} ${changedAt} ${size}`

/** Returns whether another try cannot help: the log is damaged, or too long. */
const isFinal = (error: unknown) => error instanceof RangeError || codeOf(error).startsWith('Z_')

function reasonOf(error: unknown): string {
  if (error instanceof RangeError) return 'it is too long'
  const code = codeOf(error)
  if (code.startsWith('Z_')) return 'it is damaged'
  return code === '' ? 'unknown error' : code
}

const codeOf = (error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : '')
