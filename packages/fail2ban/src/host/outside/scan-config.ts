import { constants } from 'node:fs'
import { lstat, open, readdir, readlink } from 'node:fs/promises'
import { join } from 'node:path'
import { ConfigUnreadableError } from '../../errors.ts'
import { hashOf } from '../../hash-of.ts'

/** The most files that are looked at; Debian's configuration has 180. */
const MAX_FILES = 3000
const MAX_DEPTH = 3
/** A file that is larger is compared by its size and time alone. */
const MAX_HASHED_BYTES = 8 * 1024 * 1024
/** How many files are looked at at once. */
const BATCH = 64

/** The files that decide what fail2ban does. */
const isWatched = (path: string) => /\.(?:conf|local)$/.test(path) || /^action\.d\/[^/]+\.py$/.test(path)

/** What can be seen of a file without reading it: the same as long as nobody writes it. */
export interface FileStamp {
  readonly stamp: string
  readonly size: number
  readonly mode: number
  readonly uid: number
  readonly gid: number
  readonly isLink: boolean
}

/**
 * Returns the stamps of the files of a configuration, by path relative to the folder; null for a file or a folder (with a slash at its
 * end) that cannot be looked at. @throws ConfigUnreadableError where the folder cannot be
 */
export async function scanConfig(configDir: string): Promise<ReadonlyMap<string, FileStamp | null>> {
  const found = new Map<string, FileStamp | null>()
  const paths = await listIn({ configDir, found }, '').catch((error: unknown) => {
    throw new ConfigUnreadableError(`${configDir} cannot be read: ${reasonOf(error)}`, { cause: error })
  })
  const watched = paths.slice(0, MAX_FILES)
  for (let from = 0; from < watched.length; from += BATCH) {
    const batch = watched.slice(from, from + BATCH)
    const stamps = await Promise.all(batch.map((path) => stampOf(join(configDir, path))))
    for (const [index, path] of batch.entries()) {
      const stamp = stamps[index]
      if (stamp !== undefined) found.set(path, stamp)
    }
  }
  return found
}

interface Scan {
  readonly configDir: string
  readonly found: Map<string, FileStamp | null>
}

async function listIn({ configDir, found }: Scan, folder: string, depth = 0): Promise<string[]> {
  const entries = await readdir(join(configDir, folder), { withFileTypes: true })
  const paths: string[] = []
  for (const entry of entries.toSorted((one, other) => (one.name < other.name ? -1 : 1))) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`
    const isFolder = entry.isDirectory() || (entry.isSymbolicLink() && /^[^/]+\.d$/.test(path))
    if (isFolder && depth < MAX_DEPTH && entry.name !== '.git' && paths.length < MAX_FILES) {
      const inside = await listIn({ configDir, found }, path, depth + 1).catch(() => {
        found.set(`${path}/`, null)
        return []
      })
      paths.push(...inside)
    } else if (!isFolder && isWatched(path)) paths.push(path)
  }
  return paths
}

/** Undefined: the file went away meanwhile, or is neither a file nor a link. */
async function stampOf(path: string): Promise<FileStamp | null | undefined> {
  try {
    const stat = await lstat(path, { bigint: true })
    const isLink = stat.isSymbolicLink()
    if (!isLink && !stat.isFile()) return undefined
    const stamp = `${stat.ino} ${stat.size} ${stat.mtimeNs} ${stat.ctimeNs}`
    const [mode, uid, gid] = [Number(stat.mode) & 0o7777, Number(stat.uid), Number(stat.gid)]
    return { stamp, size: Number(stat.size), mode, uid, gid, isLink }
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? undefined : null
  }
}

/** What a file has in it. */
export interface FileContent {
  readonly hash: string
  /** null: it is a link, or too large to be kept */
  readonly content: Buffer | null
}

/** Reads a file for its hash; undefined: it cannot be read. A link counts as the path that it leads to. */
export async function readContent(
  path: string,
  { isLink, size, stamp }: FileStamp,
  maxKept: number,
): Promise<FileContent | undefined> {
  try {
    if (isLink) return { hash: hashOf(`link ${await readlink(path)}`), content: null }
    if (size > MAX_HASHED_BYTES) return { hash: hashOf(`large ${stamp}`), content: null }
    const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
    try {
      const stat = await handle.stat()
      // it was replaced in this moment: the next look sees it
      if (!stat.isFile() || stat.size > MAX_HASHED_BYTES) return undefined
      const content = await handle.readFile()
      return { hash: hashOf(content), content: content.length > maxKept ? null : content }
    } finally {
      await handle.close()
    }
  } catch {
    return undefined
  }
}

const reasonOf = (error: unknown) => (error instanceof Error ? error.message : String(error))
