import { constants } from 'node:fs'
import { lstat, open, readdir, realpath, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type ConfigFile, type ConfigFiles, isPathInside } from '@bangui/shared'
import { whyUnreadable } from '../config/file-source.ts'
import { hashOf } from '../hash-of.ts'
import { isInside, ownFolders } from '../config/stage.ts'
import { isMissing } from '../config/writable-file.ts'
import { ConfigUnreadableError } from '../errors.ts'
import type { LocalHostContext } from './local-host-context.ts'

const MAX_FILES = 3000
const MAX_DEPTH = 3
/** No file of a configuration is longer; what follows is not shown. */
const SHOWN_BYTES = 512 * 1024

type Folder = Pick<LocalHostContext, 'configDir'>

/** Returns the regular files of the configuration folder and its subfolders, by path. @throws ConfigUnreadableError */
export async function listConfigFiles({ configDir }: Folder): Promise<ConfigFiles> {
  const paths = await listIn(configDir, '', 0).catch((error: unknown) => refuse(configDir, error))
  const shown = paths.slice(0, MAX_FILES)
  const sizes = await Promise.all(shown.map((path) => stat(join(configDir, path)).catch(() => undefined)))
  const files = shown.flatMap((path, index) => {
    const found = sizes[index]
    return found?.isFile() === true && isPathInside(path) ? [{ path, size: found.size }] : []
  })
  return { configDir, files, isCut: paths.length > MAX_FILES }
}

async function listIn(configDir: string, folder: string, depth: number): Promise<string[]> {
  const entries = await readdir(join(configDir, folder), { withFileTypes: true })
  const paths: string[] = []
  for (const entry of entries.toSorted((one, other) => (one.name < other.name ? -1 : 1))) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`
    if (paths.length > MAX_FILES || entry.name === '.git') continue
    if (entry.isDirectory() || (entry.isSymbolicLink() && ownFolders.includes(path))) {
      // a folder that may not be entered hides no other
      if (depth < MAX_DEPTH) paths.push(...(await listIn(configDir, path, depth + 1).catch(() => [])))
    } else if (entry.isFile() || entry.isSymbolicLink()) paths.push(path)
  }
  return paths
}

/**
 * Returns the text of a file in the configuration folder, its first 512 KiB. Null: there is no such file.
 * @throws ConfigUnreadableError for a link out of the folder, for what is no regular file or may not be read
 */
export async function readConfigFile({ configDir }: Folder, path: string): Promise<ConfigFile | null> {
  if (!isPathInside(path)) return null
  try {
    const real = await realpath(join(configDir, path))
    await assertInFolder(configDir, path, real)
    // looked at first: opening a device can have effects
    if (!(await lstat(real)).isFile()) throw new ConfigUnreadableError(`${path} is not a regular file.`)
    return { path, ...(await readBeginning(real)) }
  } catch (error) {
    if (isMissing(error)) return null
    return refuse(join(configDir, path), error)
  }
}

/** A link may lead anywhere in the folder, and in one of fail2ban's own folders that is a link itself. */
async function assertInFolder(configDir: string, path: string, real: string): Promise<void> {
  const [first = ''] = path.split('/')
  const folders = [configDir, ...(ownFolders.includes(first) ? [join(configDir, first)] : [])]
  for (const folder of folders) if (isInside(await realpath(folder), real)) return
  throw new ConfigUnreadableError(
    `${path} is a link to ${real}, outside of ${configDir}. BanGUI shows files of that folder only.`,
  )
}

async function readBeginning(real: string): Promise<Omit<ConfigFile, 'path'>> {
  const handle = await open(real, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  try {
    const { size } = await handle.stat()
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(SHOWN_BYTES), 0, SHOWN_BYTES, 0)
    const isCut = size > SHOWN_BYTES
    const bytes = buffer.subarray(0, bytesRead)
    const sha256 = isCut ? null : hashOf(bytes)
    return { ...decode(bytes, isCut), size, isCut, sha256 }
  } finally {
    await handle.close()
  }
}

function decode(bytes: Buffer, isCut: boolean): Pick<ConfigFile, 'text' | 'encoding'> {
  try {
    // a character that is cut in two is left out
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes, { stream: isCut })
    return { text, encoding: 'utf-8' }
  } catch {
    // the decoder throws for nothing but invalid UTF-8
    return { text: bytes.toString('latin1'), encoding: 'latin1' }
  }
}

async function refuse(path: string, error: unknown): Promise<never> {
  if (error instanceof ConfigUnreadableError) throw error
  const [problem] = await whyUnreadable(path, error)
  const what = problem === undefined ? `${path} does not exist.` : `${problem.file}: ${problem.message}`
  throw new ConfigUnreadableError(what, { cause: error })
}
