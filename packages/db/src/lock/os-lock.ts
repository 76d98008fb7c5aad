import { sleep } from '@bangui/async'
import BetterSqlite3 from 'better-sqlite3'
import { toDatabaseError } from '../database-error.ts'
import { createPrivateFile, makePrivate } from '../private-file.ts'

/** The longest wait for another process's lock: the kernel takes the lock of a killed process back within a few ms. */
const MAX_WAIT_MS = 300
const RETRY_INTERVAL_MS = 30

/** Keeps the connections reachable: the garbage collector would close one that is not, and so give its lock away. */
const held = new Set<BetterSqlite3.Database>()

/** A lock that the kernel takes back when this process ends, however it ends. */
export interface OsLock {
  release(): void
}

/**
 * Takes the lock of a database: a transaction that is never committed, on the file `<path>.lock`. Undefined: another
 * process holds it. The file stays when the lock is released, since removing it would let two hold "the" lock.
 */
export async function takeOsLock(path: string): Promise<OsLock | undefined> {
  const file = `${path}.lock`
  const deadline = performance.now() + MAX_WAIT_MS
  for (;;) {
    const lock = tryLock(file)
    if (lock || performance.now() >= deadline) return lock
    await sleep(RETRY_INTERVAL_MS)
  }
}

function tryLock(file: string): OsLock | undefined {
  let sqlite: BetterSqlite3.Database | undefined
  try {
    if (!createPrivateFile(file)) makePrivate(file)
    sqlite = new BetterSqlite3(file, { timeout: 0 })
    sqlite.exec('begin exclusive')
    return keep(sqlite)
  } catch (error) {
    sqlite?.close()
    if (error instanceof BetterSqlite3.SqliteError && error.code.startsWith('SQLITE_BUSY')) return undefined
    throw toDatabaseError(error, file)
  }
}

function keep(sqlite: BetterSqlite3.Database): OsLock {
  held.add(sqlite)
  return {
    release: () => {
      sqlite.close()
      held.delete(sqlite)
    },
  }
}
