import { readFileSync, statSync, watch } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import type { Logger } from '../../lib/logger.ts'
import { openMmdb, type Mmdb } from './mmdb.ts'

/** Far above the size of any such file. */
const MAX_BYTES = 1_073_741_824
const POLL_MS = 30_000

/** A MaxMind-format file on disk, read when it is first needed and again whenever it changes. */
export interface GeoFile {
  /** the file as last read well; undefined: it was never readable */
  current(): Mmdb | undefined
  /** why it is not, or not as it is on disk now; null: all is well */
  problem(): string | null
  /** Looks whether it changed and reads it then. Never rejects: a file that cannot be read leaves the one before. */
  check(): Promise<void>
  close(): void
}

/** Follows a file: by its folder's events, and by a look every 30 s where these do not come. */
export function createGeoFile(path: string, log: Logger): GeoFile {
  let mmdb: Mmdb | undefined
  let problem: string | null = null
  let seen: string | undefined
  let isDue = false
  let checking: Promise<void> | null = null

  const take = (bytes: Buffer) => {
    mmdb = openMmdb(bytes)
    problem = null
    log.info({ event: 'geo_file_loaded', path, builtAt: mmdb.builtAt }, 'the location file was read')
  }
  const refuse = (error: unknown) => {
    problem = `${path} cannot be used: ${wordsOf(error)}.${mmdb ? ' The previous file is still in use.' : ''}`
    log.warn({ event: 'geo_file_unusable', path, err: error }, problem)
  }
  const load = () => {
    try {
      seen = stampOf(statSync(path))
      take(readFileSync(path))
    } catch (error) {
      seen ??= wordsOf(error)
      refuse(error)
    }
  }
  const look = async () => {
    const found: unknown = await stat(path)
      .then(stampOf)
      .catch((error: unknown) => error)
    const stamp = typeof found === 'string' ? found : wordsOf(found)
    if (stamp === seen) return
    seen = stamp
    try {
      if (typeof found !== 'string') throw found
      take(await readFile(path))
    } catch (error) {
      refuse(error)
    }
  }
  // this check may not have seen a change that comes meanwhile
  const lookAgain = async () => {
    while (isDue) {
      isDue = false
      await look()
    }
  }
  const check = () => {
    isDue = true
    checking ??= lookAgain().finally(() => (checking = null))
    return checking
  }
  const stop = follow(path, () => {
    if (seen !== undefined) void check()
  })

  return {
    current() {
      // synchronous: the first caller cannot wait, and it takes a few milliseconds once
      if (seen === undefined) load()
      return mmdb
    },
    problem: () => problem,
    check,
    close: stop,
  }
}

/** Calls back when the file may have changed. */
function follow(path: string, onChange: () => void): () => void {
  const timer = setInterval(onChange, POLL_MS)
  timer.unref()
  let stop: () => void = () => undefined
  try {
    const watcher = watch(dirname(path), { persistent: false }, (_event, name) => {
      if (name === null || name === basename(path)) onChange()
    })
    // the folder was removed: the timer goes on
    watcher.on('error', () => watcher.close())
    stop = () => watcher.close()
  } catch {
    // no such folder yet, or no more watches: the timer is enough
  }
  return () => {
    clearInterval(timer)
    stop()
  }
}

/** Returns a fingerprint of a file. @throws where it is no file of reasonable size */
function stampOf(found: { isFile(): boolean; size: number; mtimeMs: number; ino: number }): string {
  if (!found.isFile()) throw new Error('it is not a file')
  if (found.size > MAX_BYTES) throw new Error('it is larger than 1 GiB')
  return `${found.ino} ${found.size} ${found.mtimeMs}`
}

function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  const code = 'code' in error ? error.code : undefined
  if (code === 'ENOENT') return 'there is no such file'
  if (code === 'EACCES') return 'this user may not read it'
  return error.message
}
