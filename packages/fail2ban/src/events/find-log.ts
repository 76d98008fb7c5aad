import { stat } from 'node:fs/promises'
import {
  hasHead,
  listRotated,
  openLog,
  packedHasHead,
  readHead,
  type LogHead,
  type OpenLog,
  type RotatedLog,
} from './log-files.ts'
import { isPacked } from './packed-log.ts'
import type { SkippedLogs } from './skipped-logs.ts'

/** A place in a log. */
export interface LogPlace {
  readonly inode: string
  readonly offset: number
  readonly head: LogHead
}

/** A log in which a place was found again. */
export interface Found {
  readonly opened: OpenLog
  /** what `copytruncate` left: the line at its end goes on in the log itself */
  readonly isCopy: boolean
}

/** Where a log is looked for. */
export interface Search {
  readonly path: string
  readonly skipped: SkippedLogs
}

/** Returns the log of the cursor: the one at `path`, or a rotated one. */
export async function findByInode({ path, skipped }: Search, at: LogPlace): Promise<Found | undefined> {
  const isIt = ({ inode }: OpenLog) => inode === at.inode
  const live = await openIf(() => openLog(path), at, isIt)
  if (live) return { opened: live, isCopy: false }
  for (const log of await listRotated(path)) {
    if (log.inode !== at.inode) continue
    const opened = await openIf(() => openRotated(log, at, skipped), at, isIt)
    if (opened) return { opened, isCopy: false }
  }
  return undefined
}

/** Returns the copy that `copytruncate` made of the log of the cursor. */
export async function findCopy({ path, skipped }: Search, at: LogPlace): Promise<Found | undefined> {
  if (at.head.length === 0) return undefined
  for (const log of (await listRotated(path)).toReversed()) {
    const opened = await openIf(
      () => openRotated(log, at, skipped),
      at,
      () => true,
    )
    if (opened) return { opened, isCopy: true }
  }
  return undefined
}

async function openIf(
  open: () => Promise<OpenLog | undefined>,
  at: LogPlace,
  fits: (opened: OpenLog) => boolean,
): Promise<OpenLog | undefined> {
  const opened = await open().catch((error: unknown) => {
    // a log that may not be read could be the one; a log that was removed is not
    if (isDenied(error)) throw error
    return undefined
  })
  if (!opened) return undefined
  const { size } = await opened.handle.stat()
  if (fits(opened) && size >= at.offset && (await hasHead(opened.handle, at.head))) return opened
  await opened.handle.close()
  return undefined
}

const openRotated = async (
  log: RotatedLog,
  { head }: LogPlace,
  skipped: SkippedLogs,
): Promise<OpenLog | undefined> => {
  if (!isPacked(log.path)) return openLog(log.path)
  return (await packedHasHead(log.path, head)) ? openPacked(log, skipped) : undefined
}

/** Undefined: it cannot be unpacked, and is passed over. */
async function openPacked(log: RotatedLog, skipped: SkippedLogs): Promise<OpenLog | undefined> {
  if (skipped.has(log)) return undefined
  try {
    return await openLog(log.path)
  } catch (error) {
    skipped.add(log, error)
    return undefined
  }
}

/** Returns the log that follows a rotated one, once it has content: until then fail2ban writes to the old one. */
export async function findSuccessor(
  { path, skipped }: Search,
  current: Pick<LogPlace, 'inode' | 'head'>,
): Promise<OpenLog | undefined> {
  const live = await stat(path, { bigint: true })
  if (String(live.ino) === current.inode) return undefined
  const rotated = await listRotated(path)
  const own = await findOwn(rotated, current)
  const later = own === -1 ? [] : rotated.slice(own + 1)
  // a copy of one of them has nothing new
  const known = [current.head, await headAt(path)].filter(({ length }) => length > 0)
  for (const log of later) {
    if (log.size === 0 || log.inode === String(live.ino)) continue
    const opened = await openUnless(log, known, skipped)
    if (opened) return opened
  }
  return live.size === 0n ? undefined : openLog(path)
}

/** Returns the index of the current log in a list of rotated logs; -1: it was removed. A packed log is another file. */
async function findOwn(
  rotated: readonly RotatedLog[],
  { inode, head }: Pick<LogPlace, 'inode' | 'head'>,
): Promise<number> {
  const own = rotated.findIndex((log) => log.inode === inode)
  if (own !== -1 || head.length === 0) return own
  const isOwn = await Promise.all(
    rotated.map(async (log) => isPacked(log.path) && packedHasHead(log.path, head)),
  )
  return isOwn.lastIndexOf(true)
}

/** Opens a log, unless it begins as one of these does. */
async function openUnless(
  log: RotatedLog,
  known: readonly LogHead[],
  skipped: SkippedLogs,
): Promise<OpenLog | undefined> {
  const { path } = log
  if (isPacked(path)) {
    const isKnown = await Promise.all(known.map((head) => packedHasHead(path, head)))
    return isKnown.includes(true) ? undefined : openPacked(log, skipped)
  }
  const opened = await openLog(path)
  const isKnown = await Promise.all(known.map((head) => hasHead(opened.handle, head)))
  if (!isKnown.includes(true)) return opened
  await opened.handle.close()
  return undefined
}

async function headAt(path: string): Promise<LogHead> {
  const { handle } = await openLog(path)
  try {
    return await readHead(handle)
  } finally {
    await handle.close()
  }
}

const isDenied = (error: unknown) =>
  error instanceof Error && 'code' in error && (error.code === 'EACCES' || error.code === 'EPERM')
