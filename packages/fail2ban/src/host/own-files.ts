import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { backupLimits, type OwnFile } from '@bangui/shared'
import { findPackaged } from '../config/packaged-files.ts'
import { listConfigFiles } from './config-files.ts'
import { TEMPORARY } from './live-files.ts'
import type { LocalHostContext } from './local-host-context.ts'
import { isUpgradeFile } from './upgrade-files.ts'

/** What editors and a rollback leave: copies of other files, which fail2ban does not read. */
const leftover = /(?:~|\.sw[op]|\.orig|\.rej|\.pyc|\.before-rollback-\d+)$/

/**
 * Yields the files of the configuration that no package owns, by path: every `.local`, and what somebody made here. A file that cannot be
 * read has a problem instead of its content. @throws ConfigUnreadableError
 */
export async function* readOwnFiles({
  configDir,
}: Pick<LocalHostContext, 'configDir'>): AsyncGenerator<OwnFile> {
  let left: number = backupLimits.bytes
  for (const path of await listOwnFiles(configDir)) {
    const file = await readFileOf(configDir, path, Math.min(left, backupLimits.fileBytes))
    left -= file.content?.length ?? 0
    yield { ...file, content: file.content?.toString('base64') ?? null }
  }
}

async function listOwnFiles(configDir: string): Promise<string[]> {
  const { files } = await listConfigFiles({ configDir })
  const paths = files.map(({ path }) => path)
  const packaged = await findPackaged(configDir, paths)
  const isOwn = (path: string) =>
    !packaged.has(path) && !leftover.test(path) && !TEMPORARY.test(path) && !isUpgradeFile(path)
  return paths.filter((path) => path.endsWith('.local') || isOwn(path)).slice(0, backupLimits.files)
}

interface ReadOwnFile extends Omit<OwnFile, 'content'> {
  readonly content: Buffer | null
}

/** Opened once, through no link and without waiting for a pipe: the file that is looked at is the one that is read. */
async function readFileOf(configDir: string, path: string, maxBytes: number): Promise<ReadOwnFile> {
  const unread = (problem: string) => ({ path, content: null, mode: 0, changedAt: 0, problem })
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK
  try {
    await using handle = await open(join(configDir, path), flags)
    const { mode, mtimeMs, size } = await handle.stat()
    if ((mode & constants.S_IFMT) !== constants.S_IFREG) return unread(`${path} is not a regular file.`)
    if (size > maxBytes)
      return unread(`${path} is too large: a backup holds at most 1 MiB of each file, and 8 MiB in all.`)
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(size), 0, size, 0)
    const content = buffer.subarray(0, bytesRead)
    return { path, content, mode: mode & 0o777, changedAt: Math.round(mtimeMs), problem: null }
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException
    return unread(code === 'ELOOP' ? `${path} is a link.` : `${path} cannot be read (${code}).`)
  }
}
