import { randomBytes } from 'node:crypto'
import type { Database } from '../database.ts'
import { ExecutorLockHeldError } from './executor-lock-held-error.ts'
import { deleteExecutor, readExecutor, touchExecutor, writeExecutor, type Executor } from './executor-row.ts'
import { takeOsLock } from './os-lock.ts'

/** How often a holder notes that it lives. */
export const HEARTBEAT_SECONDS = 10

/** The right to run the jobs of a database. */
export interface ExecutorLock {
  /** when the holder before was cut off at the latest, epoch milliseconds, by its last heartbeat; null: it handed the lock over */
  readonly cutOffBy: number | null
  /** Notes that this process lives. False: another one took over, so stop every job and exit. */
  heartbeat(now: number): Promise<boolean>
  /** Hands the lock over, before the database is closed. Safe to call twice. */
  release(): Promise<void>
}

export interface ExecutorLockOptions {
  readonly pid: number
  readonly hostname: string
  /** epoch milliseconds */
  readonly now: number
}

/**
 * Takes the executor lock of a database, or says within a second who holds it. The kernel's lock decides; the row
 * only names it, and is taken whatever its heartbeat says. Nothing but the lock's own table is created.
 * @throws ExecutorLockHeldError, DatabaseError
 */
export async function acquireExecutorLock(
  database: Database,
  options: ExecutorLockOptions,
): Promise<ExecutorLock> {
  const { db, path } = database
  const osLock = path === ':memory:' ? { release: () => undefined } : await takeOsLock(path)
  if (!osLock) throw new ExecutorLockHeldError(path, await readExecutor(db), options.now)
  const ownerToken = randomBytes(16).toString('hex')
  let before: Executor | undefined
  try {
    before = await readExecutor(db)
    await writeExecutor(db, { ...options, ownerToken })
  } catch (error) {
    osLock.release()
    throw error
  }
  return {
    cutOffBy: before ? before.heartbeatAt + 2 * HEARTBEAT_SECONDS * 1_000 : null,
    heartbeat: (now) => touchExecutor(db, ownerToken, now),
    release: once(async () => {
      try {
        await deleteExecutor(db, ownerToken)
      } finally {
        osLock.release()
      }
    }),
  }
}

function once(work: () => Promise<void>): () => Promise<void> {
  let result: Promise<void> | undefined
  return () => (result ??= work())
}
