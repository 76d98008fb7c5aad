import { access, constants, lstat, readFile, realpath } from 'node:fs/promises'
import type { Stats } from 'node:fs'
import { basename, dirname, isAbsolute, join, relative, sep } from 'node:path'
import { isPackaged } from './packaged-files.ts'

/** The largest file that is changed, in bytes: what stood before is saved, and a configuration is never that large. */
export const WRITABLE_FILE_BYTES = 1024 * 1024

/** A file of the user where packages have theirs as well. */
const ownConf = /^(?:jail|fail2ban|filter|action)\.d\/\w[\w.-]*\.conf$/

/**
 * Returns why a path is not BanGUI's to write, as a sentence, or null. Only regular files inside the folder, reached through no link,
 * are: `*.local`, and in `jail.d` and its like `*.conf` files that no package has brought.
 */
export async function whyNotOurs(configDir: string, path: string): Promise<string | null> {
  const inside = relative(configDir, path)
  const outside = inside === '' || isAbsolute(inside) || inside.split(sep).includes('..')
  if (!outside && basename(path).endsWith('.conf') && (await isPackaged(configDir, inside)))
    return `${path} comes with fail2ban, so BanGUI does not change it. Put the change into a .local file.`
  if (outside || !(/^[\w.-]+\.local$/.test(basename(path)) || ownConf.test(inside)))
    return `${path} is not a .local file of ${configDir} with a plain name, so BanGUI does not change it.`
  const folder = await realpath(dirname(path)).catch(() => undefined)
  const expected = join(await realpath(configDir), dirname(inside))
  if (folder !== undefined && folder !== expected) {
    const where = relative(expected, folder).startsWith('..') ? `, outside of ${configDir}` : ''
    return `${dirname(path)} is a link to ${folder}${where}. BanGUI does not write through links.`
  }
  const found = await lstatIfThere(path)
  if (found?.isSymbolicLink() === true) {
    const target = await realpath(path).catch(() => 'nothing')
    return `${path} is a link to ${target}. BanGUI does not write through links.`
  }
  return found === undefined || found.isFile() ? null : `${path} is not a regular file.`
}

/**
 * Returns why BanGUI cannot replace or create a file of the configuration, as a sentence, or null where it can as far as
 * can be seen without trying. A file is replaced by renaming: both the file and its folder have to be writable.
 */
export async function whyUnwritable(configDir: string, path: string): Promise<string | null> {
  const notOurs = await whyNotOurs(configDir, path)
  if (notOurs !== null) return notOurs
  const folder = (await lstatIfThere(dirname(path))) ? dirname(path) : configDir
  const found = await lstatIfThere(path)
  if (found) {
    const reason = (await whyNotReplaceable(path, found)) ?? (await whySticky(folder, found))
    if (reason !== null) return reason
  }
  const code = await refusedAccess(folder, constants.R_OK | constants.W_OK | constants.X_OK)
  return code === null ? null : `BanGUI cannot write to the folder ${folder} (${code}). ${allow(folder)}`
}

async function whyNotReplaceable(path: string, { size }: Stats): Promise<string | null> {
  if (size > WRITABLE_FILE_BYTES) return `${path} is larger than 1 MiB, so BanGUI does not change it.`
  if (await isMountPoint(path))
    return `${path} is mounted as a single file, so BanGUI cannot replace it. Mount its folder instead.`
  const code = await refusedAccess(path, constants.R_OK | constants.W_OK)
  return code === null ? null : `BanGUI cannot write ${path} (${code}). ${allow(path)}`
}

/** In a sticky folder only the owner of a file, or of the folder, may replace it. */
async function whySticky(folder: string, file: Stats): Promise<string | null> {
  const user = process.geteuid?.() ?? 0
  const { mode, uid } = (await lstatIfThere(folder)) ?? { mode: 0, uid: user }
  if (user === 0 || (mode & 0o1000) === 0 || [file.uid, uid].includes(user)) return null
  return `In ${folder}, only the owner of a file can replace it (sticky bit), and BanGUI’s user owns neither the file nor the folder.`
}

const allow = (path: string) => {
  const user = process.geteuid?.() ?? 0
  return user === 0
    ? 'It is read-only or immutable.'
    : `Give the user that BanGUI runs as (${user}) write access, for example with: setfacl -m u:${user}:rwX ${path}`
}

async function refusedAccess(path: string, mode: number): Promise<string | null> {
  try {
    await access(path, mode)
    return null
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error)
  }
}

/** Returns whether something is mounted on exactly this path: renaming over it fails with EBUSY (proc_pid_mountinfo(5)). */
async function isMountPoint(path: string): Promise<boolean> {
  const table = await readFile('/proc/self/mountinfo', 'utf8').catch(() => '')
  const real = await realpath(path)
  return table.split('\n').some((line) => unescapeMount(line.split(' ')[4] ?? '') === real)
}

const unescapeMount = (text: string) =>
  text.replaceAll(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)))

async function lstatIfThere(path: string): Promise<Stats | undefined> {
  try {
    return await lstat(path)
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}

/** Returns whether an error means that a file, or a folder above it, does not exist. */
export const isMissing = (error: unknown): boolean =>
  ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')
