import { constants } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import type { ConfigProblem } from './config-model.ts'
import { MAX_FILE_BYTES, readIni } from './ini-file.ts'
import type { IniFile } from './ini-file.ts'

const MAX_FILES = 2000
const MAX_TOTAL_BYTES = 50 * 1024 * 1024

/** Reads configuration files, each once, within bounds; what goes wrong is in `problems`. */
export interface FileSource {
  /** Gives undefined for what is not there, is no regular file, or cannot be read. */
  read(path: string): Promise<IniFile | undefined>
  readonly problems: readonly ConfigProblem[]
  addProblem(problem: ConfigProblem): void
}

/** Makes a {@link FileSource}: at most 2,000 files of 10 MB, 50 MB in all. */
export function createFileSource(): FileSource {
  const files = new Map<string, Promise<IniFile | undefined>>()
  const problems: ConfigProblem[] = []
  let total = 0

  const addProblem = (problem: ConfigProblem) => {
    if (problems.length < 1000) problems.push(problem)
  }

  const load = async (path: string): Promise<IniFile | undefined> => {
    if (files.size > MAX_FILES || total > MAX_TOTAL_BYTES) {
      addProblem({
        file: path,
        line: null,
        message: 'Too many configuration files, or too large: this one was not read.',
        kind: 'bounds',
      })
      return undefined
    }
    const bytes = await readRegularFile(path).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined
      addProblem(unreadable(path, error))
      return undefined
    })
    if (bytes === undefined) return undefined
    total += bytes.length
    const ini = readIni(bytes)
    for (const problem of ini.problems) addProblem({ file: path, ...problem })
    return ini.problems.some(({ kind }) => kind !== 'syntax') ? undefined : ini
  }

  const read = (path: string) => {
    let file = files.get(path)
    if (file === undefined) {
      file = load(path)
      files.set(path, file)
    }
    return file
  }
  return { read, problems, addProblem }
}

/** The problem of a file or a folder that may not be read. */
export const unreadable = (path: string, error: NodeJS.ErrnoException): ConfigProblem => ({
  file: path,
  line: null,
  message:
    error.code === 'EACCES' || error.code === 'EPERM'
      ? 'BanGUI may not read it. Give the user that BanGUI runs as read access to it.'
      : `It cannot be read (${error.code ?? error.message}).`,
  kind: 'unreadable',
})

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
