import { lstat, readdir, realpath } from 'node:fs/promises'
import { basename, dirname, join, relative } from 'node:path'
import { isInside } from '../stage.ts'
import { isMissing } from '../writable-file.ts'

/** How many files a wildcard may match: each of them is looked at. */
const MAX_MATCHES = 1000

/** Which log files a jail may be given. */
export interface AllowedLogs {
  /** folders under which a log may lie, by real path */
  readonly logDirs: readonly string[]
  /** the lines of `logpath` that jails have already */
  readonly known: ReadonlySet<string>
}

/**
 * Returns why a value of `logpath` is not allowed, as a part of a sentence, or null: fail2ban reads each file as root, and the lines
 * that match come to its database and to BanGUI's pages.
 */
export async function whyNotAllowedLogs(
  value: string,
  { logDirs, known }: AllowedLogs,
): Promise<string | null> {
  const roots = await Promise.all(
    logDirs.map(async (named) => ({ named, real: await realpath(named).catch(() => named) })),
  )
  for (const line of value.split('\n')) {
    if (line === '' || known.has(line)) continue
    const reason = await whyNotLog(line.replace(/ (?:head|tail)$/, ''), roots)
    if (reason !== null) return reason
  }
  return null
}

/** A folder of logs as it is named, and its real path. */
interface Root {
  readonly named: string
  readonly real: string
}

async function whyNotLog(path: string, roots: readonly Root[]): Promise<string | null> {
  const folder = await realpath(dirname(path)).catch(() => null)
  if (folder === null) return `the folder ${dirname(path)} does not exist`
  if (!roots.some(({ real }) => isInside(real, folder)))
    return `${path} is not in a folder of BANGUI_LOG_DIRS (${roots.map(({ real }) => real).join(', ')})`
  if (!roots.some((root) => isWithoutLinks(path, folder, root)))
    return `the folder ${dirname(path)} is reached through a link`
  if (!/[*?]/.test(path)) return whyNotFile(join(folder, basename(path)))
  const pattern = matcherOf(basename(path))
  const matches = (await readdir(folder)).filter((name) => pattern.test(name))
  if (matches.length > MAX_MATCHES) return `${path} matches more than ${MAX_MATCHES} files`
  for (const name of matches) {
    const reason = await whyNotFile(join(folder, name))
    if (reason !== null) return reason
  }
  return null
}

/** A link below could lead elsewhere later; that a folder of `BANGUI_LOG_DIRS` is a link itself is the host's business. */
function isWithoutLinks(path: string, folder: string, { named, real }: Root): boolean {
  const written = dirname(path)
  if (isInside(real, written)) return written === folder
  return isInside(named, written) && join(real, relative(named, written)) === folder
}

async function whyNotFile(path: string): Promise<string | null> {
  const found = await lstat(path).catch((error: unknown) => {
    if (isMissing(error)) return null
    throw error
  })
  if (found?.isSymbolicLink() === true) return `${path} is a link`
  return found === null || found.isFile() ? null : `${path} is not a regular file`
}

/** As Python's `glob` matches one name, without its brackets. */
const matcherOf = (name: string) =>
  new RegExp(
    `^${name
      .replaceAll(/[.+@:-]/g, String.raw`\$&`)
      .replaceAll(/\*+/g, '.*')
      .replaceAll('?', '.')}$`,
    's',
  )
