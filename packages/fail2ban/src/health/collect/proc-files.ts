import { opendirSync, readFileSync, readlinkSync } from 'node:fs'
import { nextTurn } from '@bangui/async'

const MAX_PROCESSES = 20_000
/** Of a folder, no more names are read: anybody can open hundreds of thousands of files. */
const MAX_NAMES = 20_000
/** So many files are read before the event loop gets its turn: a few milliseconds. */
const FILES_PER_TURN = 200

/** Reads small files of /proc, whose content is made in memory: many times cheaper at once than one after the other by threads. */
export interface ProcFiles {
  /** Returns the text of a file; empty where there is none. Not for files that wait for the memory of a process, such as `cmdline`. */
  read(path: string): string
  /** Returns the target of a link; empty where there is none. */
  readLink(path: string): string
  /** Returns names in a folder, 20,000 at most; none where there is no such folder. */
  list(path: string): string[]
  /** Lets the event loop go on when enough has been read. */
  pause(): Promise<void>
}

/** Creates what reads files of /proc during one look. */
export function createProcFiles(): ProcFiles {
  let files = 0
  const reading = <TResult>(read: () => TResult, none: TResult): TResult => {
    files += 1
    try {
      return read()
    } catch {
      // the process has ended, or belongs to somebody else
      return none
    }
  }
  return {
    read: (path) => reading(() => readFileSync(path, 'utf8'), ''),
    readLink: (path) => reading(() => readlinkSync(path), ''),
    list: (path) => reading(() => namesIn(path), []),
    async pause() {
      if (files < FILES_PER_TURN) return
      files = 0
      await nextTurn()
    },
  }
}

function namesIn(path: string): string[] {
  const folder = opendirSync(path, { bufferSize: 1024 })
  try {
    const names: string[] = []
    for (let entry = folder.readSync(); entry !== null; entry = folder.readSync()) {
      if (names.push(entry.name) >= MAX_NAMES) break
    }
    return names
  } finally {
    folder.closeSync()
  }
}

/** Returns the numbers of all processes, as texts. */
export const listPids = ({ list }: ProcFiles): string[] =>
  list('/proc')
    .filter((name) => /^\d+$/.test(name))
    .slice(0, MAX_PROCESSES)
