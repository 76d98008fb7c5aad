import { glob, readdir, realpath, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { logLimits, parseReference } from '@bangui/shared'
import type { JournalSource, LogFile } from '@bangui/shared'
import type { Fail2banConfig } from '../config/config-model.ts'
import { readDefinitions, type Definitions } from '../config/definitions.ts'
import { interpolate } from '../config/interpolate.ts'
import { configuredJails } from '../config/list-jails.ts'
import { findLogSettings, type LogTarget } from '../events/log-target.ts'
import type { LocalHostContext } from '../host/local-host-context.ts'
import {
  isInFolders,
  isOwnLog,
  LogRefusedError,
  noLog,
  resolveLog,
  type ReadableLogs,
} from './readable-log.ts'

/** What is needed to find logs. */
export interface LogContext extends Pick<LocalHostContext, 'connection' | 'configDir' | 'configReader'> {
  /** the folders of `BANGUI_LOG_DIRS` */
  readonly logDirs: readonly string[]
}

/** The logs of a host. */
export interface FoundLogs extends ReadableLogs {
  /** where fail2ban itself logs to */
  readonly target: LogTarget
  /** what jails read as it is configured, with wildcards */
  readonly patterns: ReadonlySet<string>
  /** by path, with the jails that read it */
  readonly jailsOf: ReadonlyMap<string, readonly string[]>
  /** the matches of the journal, with the jails that read these entries */
  readonly journals: readonly JournalSource[]
}

/** How many files one pattern of a `logpath` stands for at most. */
const MAX_OF_PATTERN = 50
const MAX_DEPTH = 2

/** Finds out which logs there are, and which of them may be read. @throws ConfigUnreadableError */
export async function findLogs(context: LogContext): Promise<FoundLogs> {
  const [{ config }, { target }, folders] = await Promise.all([
    context.configReader.read(),
    findLogSettings(context),
    Promise.all(context.logDirs.map((folder) => realpath(folder).catch(() => null))),
  ])
  const patterns = new Set<string>()
  const jailsOf = await findJailLogs(config, patterns)
  return {
    target,
    own: target.kind === 'file' ? await realpath(target.path).catch(() => target.path) : null,
    folders: folders.filter((folder) => folder !== null),
    ofJails: new Set(jailsOf.keys()),
    patterns,
    jailsOf,
    journals: findJournals(config, await readDefinitions(config, journalJails(config))),
  }
}

/** Returns which jails read which file; `seen` collects the paths as they are configured. */
async function findJailLogs(config: Fail2banConfig, seen: Set<string>): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>()
  const expanded = new Map<string, Promise<string[]>>()
  const expand = (pattern: string) => {
    const paths = expanded.get(pattern) ?? expandPattern(pattern)
    expanded.set(pattern, paths)
    return paths
  }
  for (const { name, logPaths } of configuredJails(config)) {
    const patterns = logPaths.filter((path) => path.startsWith('/') && !path.includes('\0'))
    for (const pattern of patterns) seen.add(pattern)
    const paths = new Set((await Promise.all(patterns.map(expand))).flat())
    for (const path of paths) found.set(path, [...(found.get(path) ?? []), name])
  }
  return found
}

/** Returns the files of a pattern (`glob` of Python); a path without a wildcard is itself, whether it exists or not. */
export async function expandPattern(pattern: string): Promise<string[]> {
  if (!/[*?[]/.test(pattern)) return [pattern]
  const paths: string[] = []
  for await (const path of glob(pattern.replaceAll('**', '*'))) {
    paths.push(path)
    if (paths.length >= MAX_OF_PATTERN) break
  }
  return paths.sort()
}

/**
 * Returns the files of a pattern as far as they may be listed: those of a jail's pattern, or those in the folders of `BANGUI_LOG_DIRS`.
 * @throws LogRefusedError where it is for neither
 */
export async function expandLogPattern(logs: FoundLogs, pattern: string): Promise<string[]> {
  if (logs.patterns.has(pattern)) return expandPattern(pattern)
  const [beginning = ''] = pattern.split(/[*?[]/, 1)
  const leadsUp = pattern.split('/').includes('..') || pattern.includes('\0')
  if (leadsUp || !(await isInFolders(logs, `${beginning}-`))) throw noLog(pattern)
  const paths = await expandPattern(pattern)
  // a link below may lead elsewhere
  const isOurs = await Promise.all(paths.map((path) => isInFolders(logs, path)))
  return paths.filter((_, index) => isOurs[index])
}

const journalJails = (config: Fail2banConfig): string[] =>
  configuredJails(config)
    .filter(({ backend }) => backend?.startsWith('systemd') === true)
    .map(({ name }) => name)

/** The matches of a jail are its own, else those of its filter. */
function findJournals(config: Fail2banConfig, definitions: Definitions): JournalSource[] {
  const found = new Map<string, string[]>()
  for (const name of journalJails(config)) {
    const own = interpolate(config.jail, name, 'journalmatch')?.value
    const reference = parseReference(interpolate(config.jail, name, 'filter')?.value ?? '')
    const tree = 'problem' in reference ? undefined : definitions.get(`filter.d/${reference.name}`)?.tree
    const matches = own ?? (tree && interpolate(tree, 'Definition', 'journalmatch')?.value)
    for (const line of (matches ?? '').split('\n').filter((each) => isJournalMatch(each)))
      found.set(line, [...(found.get(line) ?? []), name])
  }
  return [...found].map(([matches, jails]) => ({ matches, jails }))
}

/** Returns whether a text is fields of the journal with their values, and `+` between alternatives: no option of journalctl. */
export const isJournalMatch = (text: string): boolean =>
  text.trim() !== '' &&
  text
    .trim()
    .split(/\s+/)
    .every((word) => word === '+' || /^[A-Z_][A-Z0-9_]*=[^\0]*$/.test(word))

/** Returns the files of the list: fail2ban's own log, those of jails, then others of the folders. */
export async function listLogFiles(logs: FoundLogs): Promise<LogFile[]> {
  const listed = new Map<string, { kind: LogFile['kind']; jails: readonly string[] }>()
  if (logs.target.kind === 'file') listed.set(logs.target.path, { kind: 'own', jails: [] })
  for (const [path, jails] of logs.jailsOf)
    listed.set(path, { kind: listed.get(path)?.kind ?? 'jail', jails })
  for (const folder of logs.folders)
    for (const path of await listFolder(folder, 1))
      if (!listed.has(path)) listed.set(path, { kind: 'folder', jails: [] })
  const files = [...listed].slice(0, logLimits.files)
  return Promise.all(
    files.map(([path, { kind, jails }]) => describeFile(logs, { path, kind, jails: [...jails] })),
  )
}

async function describeFile(
  logs: FoundLogs,
  file: Pick<LogFile, 'path' | 'kind' | 'jails'>,
): Promise<LogFile> {
  try {
    const real = await resolveLog(logs, file.path)
    const found = await stat(real)
    const kind = isOwnLog(logs, real) ? 'own' : file.kind
    const problem = found.isFile() ? null : `${file.path} is not a regular file.`
    return { ...file, kind, size: found.size, changedAt: Math.round(found.mtimeMs), problem }
  } catch (error) {
    const problem = error instanceof LogRefusedError ? error.message : `${file.path} cannot be read.`
    return { ...file, size: null, changedAt: null, problem }
  }
}

/** What rotation has compressed cannot be shown; the journal's own files are no text. */
const isText = (name: string) =>
  !/\.(?:gz|xz|bz2|zst|lz4|journal|pcap|db|sqlite3?)$|~$/.test(name) && !name.startsWith('.')

async function listFolder(folder: string, depth: number): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  const paths: string[] = []
  for (const entry of entries.sort((one, other) => one.name.localeCompare(other.name, 'en'))) {
    if (paths.length >= logLimits.files) break
    const path = join(folder, entry.name)
    if (entry.isFile() && isText(entry.name)) paths.push(path)
    if (entry.isDirectory() && entry.name !== 'journal' && depth < MAX_DEPTH)
      paths.push(...(await listFolder(path, depth + 1)))
  }
  return paths
}
