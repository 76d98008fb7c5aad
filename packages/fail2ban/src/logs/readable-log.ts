import { constants } from 'node:fs'
import { open, readlink, realpath, stat, type FileHandle } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { isInside } from '../config/stage.ts'

/** Which files may be read as logs. */
export interface ReadableLogs {
  /** fail2ban's own log, by real path; null: it is no file */
  readonly own: string | null
  /** the folders of `BANGUI_LOG_DIRS`, by real path */
  readonly folders: readonly string[]
  /** what the jails read, by the path in the configuration */
  readonly ofJails: ReadonlySet<string>
}

/** Why a log is not read, as a sentence for people. */
export class LogRefusedError extends Error {
  override readonly name = 'LogRefusedError'
}

/**
 * Returns the real path of a log that may be read. A log of a jail outside of the folders must have no link in its path: whoever writes
 * the log could lead it to any file of the machine. @throws LogRefusedError
 */
export async function resolveLog(logs: ReadableLogs, path: string): Promise<string> {
  if (path.includes('\0')) throw new LogRefusedError('A path has no NUL character.')
  const isNamed = logs.ofJails.has(path) || path === logs.own
  const real = await realpath(path).catch(async (error: unknown) => {
    // whether there is something in other places is not said either
    throw isNamed || (await isInFolders(logs, path))
      ? new LogRefusedError(describe(path, error))
      : noLog(path)
  })
  if (logs.folders.some((folder) => isInside(folder, real) && real !== folder)) return real
  if (isNamed && real === path) return real
  if (isNamed)
    throw new LogRefusedError(
      `${path} is reached by a link to ${real}, which is outside of the folders in BANGUI_LOG_DIRS. BanGUI does not follow such links.`,
    )
  throw noLog(path)
}

/** Why a path is not read, whatever is there. */
export const noLog = (path: string) =>
  new LogRefusedError(
    `${path} is neither the log of a jail nor in a folder of BANGUI_LOG_DIRS, so BanGUI does not read it.`,
  )

/** Returns whether a path, which need not exist, leads into one of the folders. */
export async function isInFolders(
  { folders }: Pick<ReadableLogs, 'folders'>,
  path: string,
): Promise<boolean> {
  for (let above = dirname(path); above !== dirname(above); above = dirname(above)) {
    const real = await realpath(above).catch(() => null)
    if (real !== null) return folders.some((folder) => isInside(folder, real))
  }
  return false
}

/** Opens a log by its real path: a regular file that is still at that place. @throws LogRefusedError */
export async function openLog(real: string): Promise<FileHandle> {
  // looked at first: opening a device can have effects
  const found = await stat(real).catch((error: unknown) => {
    throw new LogRefusedError(describe(real, error))
  })
  if (!found.isFile()) throw new LogRefusedError(`${real} is not a regular file.`)
  const flags = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW
  const handle = await open(real, flags).catch((error: unknown) => {
    throw new LogRefusedError(describe(real, error))
  })
  try {
    const opened = await readlink(`/proc/self/fd/${handle.fd}`).catch(() => real)
    if (!(await handle.stat()).isFile() || opened !== real)
      throw new LogRefusedError(`${real} was replaced while it was opened. Try again.`)
    return handle
  } catch (error) {
    await handle.close()
    throw error
  }
}

/** Returns whether a real path is fail2ban's own log, or what a rotation left of it. */
export const isOwnLog = ({ own }: ReadableLogs, real: string): boolean =>
  own !== null && (real === own || /^[.-]/.test(suffixOf(own, real)))

const suffixOf = (own: string, real: string) => (real.startsWith(own) ? real.slice(own.length) : '')

function describe(path: string, error: unknown): string {
  const { code } = error as NodeJS.ErrnoException
  if (code === 'ENOENT') return `${path} does not exist.`
  if (code === 'EACCES' || code === 'EPERM')
    return `BanGUI may not read ${path}. Give the user that BanGUI runs as read access to it.`
  if (code === 'ELOOP') return `${basename(path)} is a link that leads to itself, or became one.`
  return `${path} cannot be read (${code ?? 'unknown error'}).`
}
