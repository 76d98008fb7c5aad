import type { RotatedLog } from './log-files.ts'

/** The rotated logs that could not be unpacked: each is tried once, or again after a while where that may help. */
export interface PassedOver {
  /** Whether it is not worth a try now. */
  has(log: RotatedLog): boolean
  add(log: RotatedLog, error: unknown): void
  /** The last one, and why; null: none. */
  last(): { readonly path: string; readonly reason: string } | null
}

/** Milliseconds until a log is tried again that only wants for room, or rights. */
const AGAIN = 60_000
const MOST = 1_000

/** Creates it, empty. */
export function createPassedOver(now: () => number = () => performance.now()): PassedOver {
  const tried = new Map<string, number>()
  let last: { path: string; reason: string } | null = null
  return {
    has: (log) => (tried.get(keyOf(log)) ?? 0) > now(),
    add(log, error) {
      if (tried.size >= MOST) tried.clear()
      tried.set(keyOf(log), isFinal(error) ? Number.POSITIVE_INFINITY : now() + AGAIN)
      last = { path: log.path, reason: reasonOf(error) }
    },
    last: () => last,
  }
}

const keyOf = ({ inode, changedAt, size }: RotatedLog) => `${inode} ${changedAt} ${size}`

/** What is in it will not change: it is damaged, or too long. */
const isFinal = (error: unknown) => error instanceof RangeError || codeOf(error).startsWith('Z_')

function reasonOf(error: unknown): string {
  if (error instanceof RangeError) return 'it is too long'
  const code = codeOf(error)
  if (code.startsWith('Z_')) return 'it is damaged'
  return code === '' ? 'unknown error' : code
}

const codeOf = (error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : '')
