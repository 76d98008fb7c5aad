import { randomBytes } from 'node:crypto'
import { constants, mkdir, open, rename, stat, unlink } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { isMissing, whyNotOurs, whyUnwritable, WRITABLE_FILE_BYTES } from '../config/writable-file.ts'
import { ConfigChangedError, ConfigUnwritableError } from '../errors.ts'
import { syncFolder } from './private-files.ts'
import { runTool } from './run-tool.ts'
import type { SavedFile } from './saved-change.ts'

/** How long copying the attributes of a file may take, in milliseconds: a remote file system may hang. */
const COPY_DEADLINE_MS = 5_000

/**
 * Reads a file of the live configuration with its mode and owner, or its absence; then mode and owner are what a new
 * file there should have. @throws ConfigUnwritableError when BanGUI cannot write it
 */
export async function saveFile(configDir: string, path: string): Promise<SavedFile> {
  assertNone(await whyUnwritable(configDir, path))
  const found = await readIfThere(path)
  return found ? { path, ...found } : { path, content: null, ...(await newFileAttributes(configDir)) }
}

/** Returns whether a live file still has this content; null: it is not there. */
export async function hasContent(path: string, content: Uint8Array | null): Promise<boolean> {
  const live = await readIfThere(path)
  if (live === undefined || content === null) return live === undefined && content === null
  return live.content.equals(content)
}

/**
 * Writes a file, or removes it (`content` null): atomically, durably, with mode and owner as far as this user may, and with the access
 * lists and extended attributes of the file that it replaces. `expected`: what the file has to be until then (null: not there).
 * @throws ConfigUnwritableError, ConfigChangedError; the file is unchanged then
 */
export async function putFile(
  configDir: string,
  file: SavedFile,
  expected?: Uint8Array | null,
): Promise<void> {
  await requireOurs(configDir, file.path)
  const validate = async () => {
    if (expected === undefined || (await hasContent(file.path, expected))) return
    throw new ConfigChangedError(
      `Somebody else has just changed ${file.path}. Check the new version and try again.`,
    )
  }
  try {
    if (file.content === null) {
      await validate()
      await removeFile(file.path)
    } else await writeAtomically(file, file.content, { like: file.path, validate })
  } catch (error) {
    if (error instanceof ConfigChangedError) throw error
    const reason = error instanceof Error ? error.message : String(error)
    throw new ConfigUnwritableError(`${file.path} could not be written: ${reason}`, { cause: error })
  }
}

/** Refuses a path that is not BanGUI's to write. @throws ConfigUnwritableError */
export async function requireOurs(configDir: string, path: string): Promise<void> {
  assertNone(await whyNotOurs(configDir, path))
}

/** Copies a live file beside itself under a name that fail2ban does not read, and gives that name. */
export async function keepCopy(path: string, now: number): Promise<string | undefined> {
  const found = await readIfThere(path)
  if (!found) return undefined
  const copy = `${path}.before-rollback-${now}`
  await writeAtomically({ ...found, path: copy }, found.content, { like: path })
  return copy
}

/** A new file gets the owner of the folder's own files, and is no more open than they are. */
async function newFileAttributes(configDir: string): Promise<Attributes> {
  const sibling = await stat(join(configDir, 'jail.conf')).catch(() => stat(configDir))
  return { mode: 0o600 | (sibling.mode & 0o044), uid: sibling.uid, gid: sibling.gid }
}

/** The name of a file that is being written, beside the one that it replaces: fail2ban reads `*.conf` and `*.local` only. */
export const TEMPORARY = /^(.+)\.bangui-[0-9a-f]{12}$/

interface Writing {
  /** the file whose access lists and extended attributes the new one gets, where there is one */
  readonly like: string
  /** called before the file gets its place; throws where it must not */
  readonly validate?: () => Promise<void>
}

async function writeAtomically(
  file: Omit<SavedFile, 'content'>,
  content: Uint8Array,
  { like, validate }: Writing,
): Promise<void> {
  const folder = dirname(file.path)
  await mkdir(folder, { recursive: true, mode: 0o755 })
  const temporary = `${file.path}.bangui-${randomBytes(6).toString('hex')}`
  const handle = await open(temporary, 'wx', 0o600)
  try {
    await handle.writeFile(content)
    await copyAttributes(like, temporary)
    await setAttributes(handle, file)
    await handle.sync()
    await validate?.()
    await rename(temporary, file.path)
  } catch (error) {
    await unlink(temporary).catch(() => undefined)
    throw error
  } finally {
    await handle.close()
  }
  await syncFolder(folder)
}

/** Gives a file the access lists and extended attributes of another one, as far as the file system has them. */
async function copyAttributes(from: string, to: string): Promise<void> {
  if ((await stat(from).catch(() => undefined)) === undefined) return
  const command = ['cp', '--attributes-only', '--preserve=mode,ownership,xattr', '--', from, to]
  // the content matters more than what a file system or this user cannot keep
  await runTool(command, { deadline: COPY_DEADLINE_MS }).catch(() => undefined)
}

/**
 * Sets owner, group and mode of a new file as far as this user may: only root may give a file to another user, and a
 * file system may have no owners at all. The content matters more, so a failure here does not fail the write.
 */
async function setAttributes(handle: FileHandle, { mode, uid, gid }: Attributes): Promise<void> {
  const own = await handle.stat()
  const isKept = (own.uid === uid && own.gid === gid) || (await isAllowed(handle.chown(uid, gid)))
  // a user may still give it to each group that it is in
  if (!isKept) await isAllowed(handle.chown(own.uid, gid))
  // set-id bits must not pass to another owner
  await isAllowed(handle.chmod(isKept ? mode : mode & 0o777))
}

const isAllowed = (work: Promise<void>): Promise<boolean> =>
  work.then(
    () => true,
    () => false,
  )

async function removeFile(path: string): Promise<void> {
  try {
    await unlink(path)
  } catch (error) {
    if (isMissing(error)) return
    throw error
  }
  await syncFolder(dirname(path))
}

type Attributes = Pick<SavedFile, 'mode' | 'uid' | 'gid'>

type Found = Attributes & { readonly content: Buffer }

/** Opens a file once, through no link and without waiting for a pipe: the file that is checked is the one that is read. */
async function readIfThere(path: string): Promise<Found | undefined> {
  const handle = await openIfThere(path)
  if (!handle) return undefined
  try {
    const { mode, uid, gid, size } = await handle.stat()
    if ((mode & constants.S_IFMT) !== constants.S_IFREG) throw notRegular(path)
    if (size > WRITABLE_FILE_BYTES)
      throw new ConfigUnwritableError(`${path} is larger than 1 MiB, so BanGUI does not change it.`)
    return { content: await handle.readFile(), mode: mode & 0o7777, uid, gid }
  } finally {
    await handle.close()
  }
}

async function openIfThere(path: string) {
  try {
    return await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  } catch (error) {
    if (isMissing(error)) return undefined
    const { code = '' } = error as NodeJS.ErrnoException
    // a link, or a socket
    if (['ELOOP', 'ENXIO'].includes(code)) throw notRegular(path)
    throw new ConfigUnwritableError(`${path} cannot be read (${code}), so BanGUI does not write it.`, {
      cause: error,
    })
  }
}

const notRegular = (path: string) =>
  new ConfigUnwritableError(`${path} is not a regular file. BanGUI does not write through links.`)

function assertNone(reason: string | null): void {
  if (reason !== null) throw new ConfigUnwritableError(reason)
}
