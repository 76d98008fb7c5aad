import { chmodSync, closeSync, fchmodSync, mkdirSync, openSync, statSync } from 'node:fs'

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
 * Takes other users' access away from a file that may be there. False: it is open to others and belongs to another
 * user. By path, never through a descriptor: closing one would drop every lock that this process holds on the file
 * (fcntl(2), "record locks are automatically released").
 */
export function makePrivate(path: string): boolean {
  const file = statSync(path, { throwIfNoEntry: false })
  if (!file || (file.mode & 0o077) === 0) return true
  const user = process.geteuid?.()
  if (user !== 0 && user !== file.uid) return false
  chmodSync(path, file.mode & 0o700)
  return true
}

/** Creates a folder of mode 0700 and those above it; one that is there keeps its mode, it may hold more than this. */
export function createPrivateFolder(path: string): void {
  if (mkdirSync(path, { recursive: true, mode: 0o700 }) !== undefined) chmodSync(path, 0o700)
}
