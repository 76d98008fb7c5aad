import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { open, readdir, stat, type FileHandle } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { isPacked, readPackedHead, unpackLog } from './packed-log.ts'

/** The first bytes of a log, by which it is known again: a log that was truncated and written anew begins otherwise. */
export interface LogHead {
  readonly length: number
  readonly hash: string
}

/** A log that is open. */
export interface OpenLog {
  readonly handle: FileHandle
  readonly inode: string
}

const HEAD_BYTES = 256
/** The names that rotation gives packed logs: a copy made by hand has another name. */
const rotatedName = /(?:\.\d{1,4}|-\d{8}(?:-\d{1,12})?)\.gz$/
/** More rotated logs than anybody keeps; a folder that has more is not searched through. */
const MAX_ROTATED = 200

/** Opens a log for reading; a packed log is unpacked. @throws NodeJS.ErrnoException, NotAFileError */
export async function openLog(path: string): Promise<OpenLog> {
  // a pipe would keep a blocking open waiting for ever
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    const found = await handle.stat({ bigint: true })
    if (!found.isFile()) throw new NotAFileError(`${path} is not a regular file`)
    const inode = String(found.ino)
    if (!isPacked(path)) return { handle, inode }
    const unpacked = await unpackLog(handle)
    await handle.close()
    return { handle: unpacked, inode }
  } catch (error) {
    await handle.close()
    throw error
  }
}

/** A log target that cannot be followed: a pipe, a terminal, a folder. */
export class NotAFileError extends Error {
  override readonly name = 'NotAFileError'
}

/** Reads the first bytes of a log, at most `length`. */
export async function readHead(handle: FileHandle, length = HEAD_BYTES): Promise<LogHead> {
  if (length === 0) return headOf(Buffer.alloc(0))
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, 0)
  return headOf(buffer.subarray(0, bytesRead))
}

/** Returns whether a log begins with these bytes. */
export async function hasHead(handle: FileHandle, head: LogHead): Promise<boolean> {
  const found = await readHead(handle, head.length)
  return found.length === head.length && found.hash === head.hash
}

/** Returns whether a packed log begins with these bytes; it is not unpacked for that. */
export async function packedHasHead(path: string, head: LogHead): Promise<boolean> {
  const found = headOf(await readPackedHead(path, head.length).catch(() => Buffer.alloc(0)))
  return found.length === head.length && found.hash === head.hash
}

/** The head of a log that has grown; the old one where it is whole already, or no longer that of this log. */
export async function growHead(handle: FileHandle, head: LogHead): Promise<LogHead> {
  if (head.length >= HEAD_BYTES) return head
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0)
  const begins = headOf(buffer.subarray(0, Math.min(head.length, bytesRead)))
  return begins.hash === head.hash ? headOf(buffer.subarray(0, bytesRead)) : head
}

const headOf = (bytes: Buffer): LogHead => ({
  length: bytes.length,
  hash: createHash('sha256').update(bytes).digest('base64url'),
})

/** A rotated log, by its present name. */
export interface RotatedLog {
  readonly path: string
  readonly inode: string
  readonly size: number
  readonly changedAt: number
}

/**
 * The logs beside `path` that rotation made of it (`fail2ban.log.1`, `fail2ban.log-20260131`, `fail2ban.log.2.gz`), the
 * oldest first.
 */
export async function listRotated(path: string): Promise<RotatedLog[]> {
  const folder = dirname(path)
  const prefix = basename(path)
  const all = await readdir(folder).catch((): string[] => [])
  const names = all.filter((name) => {
    if (!name.startsWith(prefix) || !/^[.-]/.test(name.slice(prefix.length))) return false
    // a log that is being packed still exists unpacked
    if (isPacked(name)) return rotatedName.test(name) && !all.includes(name.slice(0, -'.gz'.length))
    return !/\.(?:xz|bz2|zst)$/.test(name)
  })
  if (names.length > MAX_ROTATED) return []
  const logs = await Promise.all(names.map((name) => describe(join(folder, name))))
  return logs.flat().toSorted(byAge)
}

/** The kernel's times are some milliseconds coarse: of two at once `.2` is older than `.1`, `-20260101` than `-20260102`. */
function byAge(one: RotatedLog, other: RotatedLog): number {
  if (one.changedAt !== other.changedAt) return one.changedAt - other.changedAt
  const byName = one.path.localeCompare(other.path, 'en', { numeric: true })
  return /\.\d{1,4}(?:\.gz)?$/.test(one.path) ? -byName : byName
}

async function describe(path: string): Promise<RotatedLog[]> {
  const found = await stat(path, { bigint: true }).catch(() => undefined)
  if (!found?.isFile()) return []
  return [{ path, inode: String(found.ino), size: Number(found.size), changedAt: Number(found.mtimeNs) }]
}
