import { constants } from 'node:fs'
import { access, open, readdir, stat } from 'node:fs/promises'
import { basename, dirname, normalize, relative, sep } from 'node:path'
import type { ConfigProblem } from './config-model.ts'
import { MAX_FILE_BYTES } from './ini-file.ts'
import type { IniFile } from './ini-file.ts'
import { readIniOnce } from './parse-cache.ts'

const MAX_FILES = 2000
const MAX_TOTAL_BYTES = 50 * 1024 * 1024

/** Reads configuration files, each once, within bounds; what goes wrong is in `problems`. */
export interface FileSource {
  /** Returns undefined for a file that does not exist, is not regular, or cannot be read. */
  read(path: string): Promise<IniFile | undefined>
  /** Returns false where nothing of that name is in its folder. */
  mayHave(path: string): Promise<boolean>
  list(folder: string): Promise<string[]>
  isFile(path: string): Promise<boolean>
  readonly problems: readonly ConfigProblem[]
  addProblem(problem: ConfigProblem): void
}

/** Files that are read instead of those on disk, by absolute path; null: the file counts as missing. */
export type Overlay = ReadonlyMap<string, Uint8Array | null>

/** Reads files, each once: at most 2,000 files of 10 MB, 50 MB in all. */
export interface FileStore {
  read(path: string): Promise<StoredFile>
  /** Returns false where nothing of that name is in its folder, which is listed once. */
  mayHave(path: string): Promise<boolean>
  /** Returns the names in a folder, or rejects as `readdir` does. */
  list(folder: string): Promise<string[]>
  /** Returns whether a path is a regular file. */
  isFile(path: string): Promise<boolean>
}

interface StoredFile {
  /** undefined: not there, no regular file, or not read */
  readonly file: IniFile | undefined
  readonly problems: readonly ConfigProblem[]
}

/** Creates a {@link FileStore}, which several sources can share. */
export function createFileStore(overlay: Overlay = new Map()): FileStore {
  const files = new Map<string, Promise<StoredFile>>()
  const folders = new Map<string, Promise<ReadonlySet<string> | null>>()
  let total = 0

  // a folder that only an overlay has is no way to another one
  const onDisk = (path: string): string => (overlay.size === 0 ? path : normalize(path))
  const laid = (path: string): Uint8Array | null | undefined => overlay.get(normalize(path))

  const list = async (folder: string): Promise<string[]> => {
    const inside = [...overlay].flatMap(([path, bytes]) => {
      const [name = '', ...rest] = relative(folder, path).split(sep)
      return name === '..' ? [] : [{ name, isThere: bytes !== null, isDirect: rest.length === 0 }]
    })
    const added = inside.filter(({ isThere }) => isThere).map(({ name }) => name)
    const names = await readdir(onDisk(folder)).catch((error: unknown) => {
      if (added.length === 0) throw error
      return []
    })
    const removed = new Set(
      inside.filter(({ isThere, isDirect }) => isDirect && !isThere).map(({ name }) => name),
    )
    return [...new Set([...names.filter((name) => !removed.has(name)), ...added])]
  }

  const isFile = async (path: string): Promise<boolean> => {
    const own = laid(path)
    return own === undefined ? isRegularFile(onDisk(path)) : own !== null
  }

  const mayHave = async (path: string): Promise<boolean> => {
    const folder = dirname(path)
    const listed = folders.get(folder) ?? listNames(list, folder)
    folders.set(folder, listed)
    const names = await listed
    return names === null || names.has(basename(path))
  }

  const load = async (path: string): Promise<StoredFile> => {
    if (!(await mayHave(path))) return notRead()
    if (files.size > MAX_FILES || total > MAX_TOTAL_BYTES) return notRead(tooMuch(path))
    try {
      const own = laid(path)
      const bytes = own === undefined ? await readRegularFile(onDisk(path)) : own
      if (bytes === undefined || bytes === null) return notRead()
      total += bytes.length
      const ini = readIniOnce(bytes)
      const problems = ini.problems.map((problem) => ({ file: path, ...problem }))
      return { file: problems.some(({ kind }) => kind !== 'syntax') ? undefined : ini, problems }
    } catch (error) {
      return notRead(...(await whyUnreadable(path, error)))
    }
  }
  const read = (path: string) => {
    const file = files.get(path) ?? load(path)
    files.set(path, file)
    return file
  }
  return { read, mayHave, list, isFile }
}

const isRegularFile = (path: string) =>
  stat(path).then(
    (found) => found.isFile(),
    () => false,
  )

/** The names in a folder; null: it cannot be listed, and may have the file all the same. */
const listNames = (list: FileStore['list'], folder: string): Promise<ReadonlySet<string> | null> =>
  list(folder).then(
    (names) => new Set(names),
    (error: NodeJS.ErrnoException) =>
      error.code === 'ENOENT' || error.code === 'ENOTDIR' ? new Set<string>() : null,
  )

/** Creates a {@link FileSource}, which collects the problems of the files that are read through it. */
export function createFileSource(store: FileStore = createFileStore()): FileSource {
  const problems: ConfigProblem[] = []
  const known = new Set<string>()
  const addProblem = (problem: ConfigProblem) => {
    const key = keyOf(problem)
    if (known.has(key) || known.size >= 1000) return
    known.add(key)
    problems.push(problem)
  }
  const read = async (path: string) => {
    const { file, problems: own } = await store.read(path)
    for (const problem of own) addProblem(problem)
    return file
  }
  return { ...store, read, problems, addProblem }
}

/** Returns the problems without duplicates. */
export const uniqueProblems = (problems: readonly ConfigProblem[]): ConfigProblem[] => [
  ...new Map(problems.map((problem) => [keyOf(problem), problem])).values(),
]

/** Returns whether everything was read: else what seems wrong may be put right in a file that was not. */
export const isReadWhole = (problems: readonly ConfigProblem[]): boolean =>
  problems.every(({ kind }) => kind !== 'unreadable' && kind !== 'bounds')

const keyOf = ({ file, line, message }: ConfigProblem) => [file, line ?? '', message].join('\0')

const notRead = (...problems: ConfigProblem[]): StoredFile => ({ file: undefined, problems })

const tooMuch = (file: string): ConfigProblem => ({
  file,
  line: null,
  message: 'The configuration files are too many or too large, so BanGUI did not read this file.',
  kind: 'bounds',
})

/**
 * Returns what keeps a file or a folder from being read: where the folder that it is in is closed, that folder. None where it is
 * not there.
 */
export async function whyUnreadable(path: string, error: unknown): Promise<ConfigProblem[]> {
  const { code, message } = error as NodeJS.ErrnoException
  if (code === 'ENOENT' || code === 'ENOTDIR') return []
  const isDenied = code === 'EACCES' || code === 'EPERM'
  const what = isDenied
    ? 'BanGUI has no permission to read this file. Give the user that BanGUI runs as read access to it.'
    : `BanGUI cannot read this file (${code ?? message}).`
  const file = isDenied ? ((await findClosedFolder(path)) ?? path) : path
  return [{ file, line: null, message: what, kind: 'unreadable' }]
}

async function findClosedFolder(path: string): Promise<string | undefined> {
  let closed: string | undefined
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    const isOpen = await access(folder, constants.X_OK).then(
      () => true,
      () => false,
    )
    if (isOpen) return closed
    closed = folder
    if (folder === dirname(folder)) return closed
  }
}

/** Reads a regular file of at most {@link MAX_FILE_BYTES} and one byte; undefined for a folder, a pipe or a device. */
export async function readRegularFile(path: string): Promise<Uint8Array | undefined> {
  // looked at first: opening a device can have effects
  if (!(await stat(path)).isFile()) return undefined
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    const { size } = await handle.stat()
    const limit = Math.min(size, MAX_FILE_BYTES + 1)
    const buffer = new Uint8Array(limit)
    let length = 0
    while (length < limit) {
      const { bytesRead } = await handle.read(buffer, length, limit - length, length)
      if (bytesRead === 0) break
      length += bytesRead
    }
    return buffer.subarray(0, length)
  } finally {
    await handle.close()
  }
}
