import {
  chmodSync,
  closeSync,
  existsSync,
  fchmodSync,
  lstatSync,
  mkdirSync,
  openSync,
  statSync,
} from 'node:fs'
import { dirname, resolve } from 'node:path'

/** Creates an empty file of mode 0600 whatever the umask. False: it was there already and is left as it is. */
export function createPrivateFile(path: string): boolean {
  const file = openExclusively(path)
  if (file === undefined) return false
  try {
    fchmodSync(file, 0o600)
  } finally {
    closeSync(file)
  }
  return true
}

function openExclusively(path: string): number | undefined {
  try {
    return openSync(path, 'wx', 0o600)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return undefined
    throw error
  }
}

/**
 * Takes other users' access away from a file that may be there. False: it is open to others, and belongs to another user
 * or is behind a symbolic link: a link could lead to any file of this machine. By path, never through a descriptor: closing one would drop every lock that this process holds on the file
 * (fcntl(2), "record locks are automatically released").
 */
export function makePrivate(path: string): boolean {
  const file = statSync(path, { throwIfNoEntry: false })
  if (!file || (file.mode & 0o077) === 0) return true
  const user = process.geteuid?.()
  const isOthers = user !== 0 && user !== file.uid
  if (isOthers || lstatSync(path).isSymbolicLink()) return false
  chmodSync(path, file.mode & 0o700)
  return true
}

/** Creates a folder of mode 0700 and those above it; one that is there keeps its mode, it may hold more than this. */
export function createPrivateFolder(path: string): void {
  const missing: string[] = []
  for (let folder = resolve(path); !existsSync(folder); folder = dirname(folder)) missing.unshift(folder)
  // one by one: asked for all at once, Node tries for ever where a folder takes none, such as /proc
  for (const folder of missing) createFolder(folder)
}

function createFolder(path: string): void {
  try {
    mkdirSync(path, { mode: 0o700 })
    chmodSync(path, 0o700)
  } catch (error) {
    // somebody else may have come first
    if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) throw error
  }
}
