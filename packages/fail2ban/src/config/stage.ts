import { chmod, copyFile, lstat, mkdir, readdir, realpath, rm, stat, writeFile } from 'node:fs/promises'
import type { Stats } from 'node:fs'
import { dirname, isAbsolute, join, relative, sep } from 'node:path'
import { ConfigUnreadableError } from '../errors.ts'
import { makeTemporaryFolder, removeTemporaryFolder } from './temporary-folder.ts'

const MAX_FILES = 5000
const MAX_BYTES = 100 * 1024 * 1024
const MAX_DEPTH = 12

/** A folder that stands for the live one when fail2ban's tools read it. */
export interface ConfigFolder {
  /** the folder that is read */
  readonly path: string
  /** the live folder, which messages name */
  readonly configDir: string
  /** files that only the live folder has, by path */
  readonly uncopied?: ReadonlyMap<string, UncopiedFile>
}

/** Why a file is not in the copy. */
export interface UncopiedFile {
  /** a sentence that names the file */
  readonly reason: string
  /** opening it may block forever */
  readonly waits: boolean
}

/** A private copy of the configuration folder; disposing removes it. */
export interface StagedConfig extends ConfigFolder, AsyncDisposable {
  /** files that are left out, and that fail2ban skips as well, as sentences */
  readonly skipped: readonly string[]
  /**
   * Configuration files that fail2ban would open but that cannot be copied. In the copy each is a file that fail2ban
   * refuses, so that fail2ban's own programs show whether it is opened at all.
   */
  readonly uncopied: ReadonlyMap<string, UncopiedFile>
  /** Writes a file of the copy; `null` removes it. The path is relative to the folder and must stay inside. */
  write(relativePath: string, text: string | Uint8Array | null): Promise<void>
}

interface Copy {
  readonly root: string
  readonly skipped: string[]
  readonly uncopied: Map<string, UncopiedFile>
  files: number
  bytes: number
}

/** A folder to copy, and its depth. */
interface Place {
  readonly from: string
  readonly to: string
  readonly depth: number
}

/**
 * Copies the configuration folder into one that only this user may enter. Links are followed where they lead to a regular
 * file, a folder inside, or one of fail2ban's own folders: the copy contains no link, and writing into it never reaches the
 * live folder. Sockets are left out, as fail2ban skips them.
 * @throws ConfigUnreadableError when the folder is missing, or has more than 5,000 files or 100 MB
 */
export async function stageConfig(configDir: string): Promise<StagedConfig> {
  const root = await realpath(configDir).catch((cause: unknown) => {
    throw new ConfigUnreadableError(
      `The folder ${configDir} does not exist, or BanGUI has no permission to read it.`,
      { cause },
    )
  })
  const path = await makeTemporaryFolder('bangui-stage')
  const dispose = () => removeTemporaryFolder(path)
  try {
    await chmod(path, 0o700)
    const copy: Copy = { root, skipped: [], uncopied: new Map(), files: 0, bytes: 0 }
    await copyFolder(copy, { from: root, to: path, depth: 0 })
    const write = (relativePath: string, text: string | Uint8Array | null) =>
      writeInside(path, relativePath, text)
    const { skipped, uncopied } = copy
    return { path, configDir, skipped, uncopied, write, [Symbol.asyncDispose]: dispose }
  } catch (error) {
    await dispose()
    throw error
  }
}

async function copyFolder(copy: Copy, { from, to, depth }: Place): Promise<void> {
  if (depth > MAX_DEPTH)
    throw new ConfigUnreadableError(
      `${from} is more than ${MAX_DEPTH} folders deep, or a link that leads back to itself.`,
    )
  const names = (await readdir(from)).filter((name) => name !== '.git')
  const copies = names.map((name) => copyEntry(copy, { from: join(from, name), to: join(to, name), depth }))
  // all have ended before the copy is removed, so that nothing is written into it afterwards
  for (const [index, result] of (await Promise.allSettled(copies)).entries()) {
    if (result.status === 'fulfilled') continue
    const error: NodeJS.ErrnoException = result.reason
    if (error instanceof ConfigUnreadableError) throw error
    const name = names[index] ?? ''
    await noteFailure(copy, error, { from: join(from, name), to: join(to, name), depth })
  }
}

/** fail2ban skips a file that does not exist when it is opened; a file that BanGUI may not read, fail2ban may. */
async function noteFailure(copy: Copy, error: NodeJS.ErrnoException, place: Place): Promise<void> {
  const code = error.code ?? error.message
  if (code === 'EACCES' || code === 'EPERM') {
    const reason = `BanGUI has no permission to read ${place.from} (${code}), so it cannot test the configuration. Give the user that BanGUI runs as read access to it.`
    return leaveOut(copy, { reason, waits: false }, place)
  }
  copy.skipped.push(`${place.from} could not be copied (${code}).`)
}

/** A line that no parser of fail2ban takes, in the place of a configuration file that cannot be copied. */
const REFUSED_LINE = 'BanGUI could not copy this file.\n'

async function leaveOut(copy: Copy, found: UncopiedFile, { from, to }: Place): Promise<void> {
  if (!/\.(?:conf|local)$/.test(from)) {
    copy.skipped.push(found.reason)
    return
  }
  copy.uncopied.set(from, found)
  await writeFile(to, REFUSED_LINE, { mode: 0o600 })
}

async function copyEntry(copy: Copy, { from, to, depth }: Place): Promise<void> {
  const found = await stat(from)
  if (found.isDirectory()) {
    if (await leadsAstray(copy, from)) {
      copy.skipped.push(`${from} is a link out of the folder, so BanGUI did not follow it.`)
      return
    }
    await mkdir(to, { mode: 0o700 })
    return copyFolder(copy, { from, to, depth: depth + 1 })
  }
  if (!found.isFile()) return copySpecial(copy, found, { from, to, depth })
  copy.files += 1
  copy.bytes += found.size
  if (copy.files > MAX_FILES || copy.bytes > MAX_BYTES) {
    throw new ConfigUnreadableError(
      `${copy.root} has more than ${MAX_FILES} files or 100 MB, so it is not a fail2ban configuration. Set BANGUI_FAIL2BAN_CONFIG_DIR to the right folder.`,
    )
  }
  await copyFile(from, to)
  await chmod(to, 0o600)
}

/** `/dev/null` is an empty file to fail2ban, and a socket cannot be opened; on all else it may wait for ever. */
async function copySpecial(copy: Copy, found: Stats, place: Place): Promise<void> {
  if (found.isSocket()) {
    copy.skipped.push(`${place.from} is a socket, which fail2ban cannot read.`)
    return
  }
  const { rdev } = await stat('/dev/null')
  if (found.isCharacterDevice() && found.rdev === rdev) return writeFile(place.to, '', { mode: 0o600 })
  const kind = found.isFIFO() ? 'a named pipe' : 'a device'
  const reason = `${place.from} is ${kind}: fail2ban would wait for it, perhaps forever. Remove it.`
  await leaveOut(copy, { reason, waits: true }, place)
}

/** The folders that fail2ban reads, also where one is a link. */
export const ownFolders: readonly string[] = ['jail.d', 'fail2ban.d', 'filter.d', 'action.d']

/** A link to a folder outside could bring in anything, except those that fail2ban reads. */
async function leadsAstray(copy: Copy, path: string): Promise<boolean> {
  if (!(await lstat(path)).isSymbolicLink()) return false
  const isRead = ownFolders.includes(relative(copy.root, path))
  return !isRead && !isInside(copy.root, await realpath(path))
}

async function writeInside(
  root: string,
  relativePath: string,
  text: string | Uint8Array | null,
): Promise<void> {
  const path = join(root, relativePath)
  if (isAbsolute(relativePath) || relativePath.includes('\0') || !isInside(root, path) || path === root) {
    throw new TypeError('A staged file must be inside the staged folder.')
  }
  if (text === null) return rm(path, { force: true })
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  await writeFile(path, text, { mode: 0o600 })
}

/** Returns whether a path is a folder or lies in it; both absolute and without links. */
export function isInside(folder: string, path: string): boolean {
  const inside = relative(folder, path)
  return !isAbsolute(inside) && inside.split(sep)[0] !== '..'
}
