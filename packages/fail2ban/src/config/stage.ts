import {
  chmod,
  copyFile,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  realpath,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, isAbsolute, join, relative, sep } from 'node:path'
import { ConfigUnreadableError } from '../errors.ts'

const MAX_FILES = 5000
const MAX_BYTES = 100 * 1024 * 1024
const MAX_DEPTH = 12

/** A folder that stands for the live one when fail2ban's tools read it. */
export interface ConfigFolder {
  /** the folder that is read */
  readonly path: string
  /** the live folder, which messages name */
  readonly configDir: string
}

/** A private copy of the configuration folder; disposing removes it. */
export interface StagedConfig extends ConfigFolder, AsyncDisposable {
  /** what could not be copied, in words */
  readonly skipped: readonly string[]
  /** Writes a file of the copy; `null` removes it. The path is relative to the folder and must stay inside. */
  write(relativePath: string, text: string | Uint8Array | null): Promise<void>
}

interface Copy {
  readonly root: string
  readonly skipped: string[]
  files: number
  bytes: number
}

/**
 * Copies the configuration folder into one that only this user may enter. Links are followed where they lead to a regular
 * file or a folder, so the copy holds no link and writing into it can never reach the live folder; pipes, sockets and devices
 * are left out.
 * @throws ConfigUnreadableError when the folder is missing, or has more than 5,000 files or 100 MB
 */
export async function stageConfig(configDir: string): Promise<StagedConfig> {
  const root = await realpath(configDir).catch((cause: unknown) => {
    throw new ConfigUnreadableError(`The folder ${configDir} does not exist or may not be read.`, { cause })
  })
  const path = await mkdtemp(join(tmpdir(), 'bangui-stage-'))
  const dispose = () => rm(path, { recursive: true, force: true })
  try {
    await chmod(path, 0o700)
    const copy: Copy = { root, skipped: [], files: 0, bytes: 0 }
    await copyFolder(copy, root, path, 0)
    const write = (relativePath: string, text: string | Uint8Array | null) =>
      writeInside(path, relativePath, text)
    return { path, configDir, skipped: copy.skipped, write, [Symbol.asyncDispose]: dispose }
  } catch (error) {
    await dispose()
    throw error
  }
}

async function copyFolder(copy: Copy, from: string, to: string, depth: number): Promise<void> {
  if (depth > MAX_DEPTH)
    throw new ConfigUnreadableError(
      `${from} is more than ${MAX_DEPTH} folders deep, or a link that goes in circles.`,
    )
  const names = (await readdir(from)).filter((name) => name !== '.git')
  await Promise.all(
    names.map((name) =>
      copyEntry(copy, join(from, name), join(to, name), depth).catch((error: NodeJS.ErrnoException) => {
        if (error instanceof ConfigUnreadableError) throw error
        copy.skipped.push(`${join(from, name)} could not be copied (${error.code ?? error.message}).`)
      }),
    ),
  )
}

async function copyEntry(copy: Copy, from: string, to: string, depth: number): Promise<void> {
  const found = await stat(from)
  if (found.isDirectory()) {
    // a link to a folder outside could bring in anything
    if ((await lstat(from)).isSymbolicLink() && !isInside(copy.root, await realpath(from))) {
      copy.skipped.push(`${from} is a link out of the folder and was not followed.`)
      return
    }
    await mkdir(to, { mode: 0o700 })
    return copyFolder(copy, from, to, depth + 1)
  }
  if (!found.isFile()) {
    copy.skipped.push(`${from} is no regular file.`)
    return
  }
  copy.files += 1
  copy.bytes += found.size
  if (copy.files > MAX_FILES || copy.bytes > MAX_BYTES) {
    throw new ConfigUnreadableError(
      `${copy.root} has more than ${MAX_FILES} files or 100 MB, which is no configuration of fail2ban. Set BANGUI_FAIL2BAN_CONFIG_DIR to the right folder.`,
    )
  }
  await copyFile(from, to)
  await chmod(to, 0o600)
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

/** Whether a path is a folder or lies in it; both absolute and without links. */
export function isInside(folder: string, path: string): boolean {
  const inside = relative(folder, path)
  return !isAbsolute(inside) && inside.split(sep)[0] !== '..'
}
