import { hostname } from 'node:os'
import { join } from 'node:path'
import { statSync } from 'node:fs'
import { sql } from 'kysely'
import { describe, expect, it, vi } from 'vitest'
import { acquireExecutorLock } from './executor-lock.ts'
import { ExecutorLockHeldError } from './executor-lock-held-error.ts'
import { readExecutor, writeExecutor } from './executor-row.ts'
import type { Database } from '../database.ts'
import { migrations } from '../migrations/index.ts'
import { versionAfter } from '../schema-version.ts'
import { startChild } from '../testing/child.ts'
import { createTempFolder, openTempDatabase } from '../testing/temp-folder.ts'

const me = { pid: process.pid, hostname: 'here', now: 1_000_000 }

async function refusalOf(database: Database, now: number): Promise<ExecutorLockHeldError> {
  const error = await acquireExecutorLock(database, { ...me, now }).then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (error instanceof ExecutorLockHeldError) return error
  throw new Error(`not refused: ${String(error)}`)
}

describe('the executor lock', () => {
  it('writes who holds it', async () => {
    const database = await openTempDatabase()
    expect(await readExecutor(database.db)).toBeUndefined()
    const lock = await acquireExecutorLock(database, me)
    expect(await readExecutor(database.db)).toEqual({
      pid: process.pid,
      hostname: 'here',
      createdAt: 1_000_000,
      heartbeatAt: 1_000_000,
    })
    expect(await lock.heartbeat(1_010_000)).toBe(true)
    expect(await readExecutor(database.db)).toMatchObject({ createdAt: 1_000_000, heartbeatAt: 1_010_000 })
    await lock.release()
    expect(await readExecutor(database.db)).toBeUndefined()
  })

  it('creates nothing of the database but its own table', async () => {
    const database = await openTempDatabase()
    const lock = await acquireExecutorLock(database, me)
    const { rows } = await sql`select name from sqlite_schema`.execute(database.db)
    expect(rows).toEqual([{ name: 'scheduler_lock' }])
    await expect(database.migrate()).resolves.toEqual({ from: 0, to: versionAfter(migrations.length) })
    expect(await lock.heartbeat(2)).toBe(true)
    await lock.release()
  })

  it('refuses a second process, naming the first', async () => {
    const path = join(createTempFolder(), 'bangui.db')
    const child = startChild('hold-lock', path)
    expect(await child.next()).toBe('held')
    const database = await openTempDatabase({ path })
    const error = await refusalOf(database, Date.now() + 42_000)
    expect(error).toMatchObject({ pid: child.pid, hostname: hostname() })
    expect(error.heartbeatAgeSeconds).toBeGreaterThanOrEqual(42)
    expect(error.message).toContain(`process ${child.pid} on ${hostname()}`)
    expect(error.message).toContain(path)
    expect(error.message).toMatch(/heartbeat \d+ s ago\. Stop it/)
  })

  it('is taken at once when its holder was killed, however fresh its heartbeat', async () => {
    const path = join(createTempFolder(), 'bangui.db')
    const child = startChild('hold-lock', path)
    expect(await child.next()).toBe('held')
    const database = await openTempDatabase({ path })
    const { heartbeatAt = 0 } = (await readExecutor(database.db)) ?? {}
    await child.kill()
    const lock = await acquireExecutorLock(database, { ...me, now: Date.now() })
    expect(lock.cutOffBy).toBe(heartbeatAt + 20_000)
    expect(await readExecutor(database.db)).toMatchObject({ pid: process.pid })
    await lock.release()
  })

  it('is given to one of many that ask at once', async () => {
    const path = join(createTempFolder(), 'bangui.db')
    const children = Array.from({ length: 4 }, () => startChild('hold-lock', path))
    const results = await Promise.all(children.map((child) => child.next()))
    expect(results.filter((result) => result === 'held')).toHaveLength(1)
    expect(results.filter((result) => result === 'ExecutorLockHeldError')).toHaveLength(3)
  })

  it('is still held after the holder itself opened and closed the database again', async () => {
    const database = await openTempDatabase()
    const lock = await acquireExecutorLock(database, me)
    const again = await openTempDatabase({ path: database.path })
    await refusalOf(again, me.now)
    await again.close()
    const child = startChild('hold-lock', database.path)
    expect(await child.next()).toBe('ExecutorLockHeldError')
    await lock.release()
  })

  it('is handed over by a release', async () => {
    const path = join(createTempFolder(), 'bangui.db')
    const database = await openTempDatabase({ path })
    const lock = await acquireExecutorLock(database, me)
    expect(lock.cutOffBy).toBeNull()
    await Promise.all([lock.release(), lock.release()])
    const child = startChild('hold-lock', path)
    expect(await child.next()).toBe('held')
    await refusalOf(database, me.now)
  })

  it('waits a moment for a holder that is just going', async () => {
    const database = await openTempDatabase()
    const next = await openTempDatabase({ path: database.path })
    const lock = await acquireExecutorLock(database, me)
    const waiting = acquireExecutorLock(next, me)
    await lock.release()
    const second = await waiting
    expect(await second.heartbeat(2)).toBe(true)
    await second.release()
  })

  it('notices at its heartbeat that somebody else took over, and leaves them the row', async () => {
    const database = await openTempDatabase()
    const lock = await acquireExecutorLock(database, me)
    await writeExecutor(database.db, { pid: 4711, hostname: 'there', now: 2_000_000, ownerToken: 'theirs' })
    expect(await lock.heartbeat(2_000_001)).toBe(false)
    await lock.release()
    expect(await readExecutor(database.db)).toMatchObject({ pid: 4711, heartbeatAt: 2_000_000 })
  })

  it('notices at its heartbeat that its row is gone', async () => {
    const database = await openTempDatabase()
    const lock = await acquireExecutorLock(database, me)
    await database.db.deleteFrom('scheduler_lock').execute()
    expect(await lock.heartbeat(2)).toBe(false)
    await lock.release()
  })

  it('is given up when its row cannot be written', async () => {
    const database = await openTempDatabase()
    await sql`pragma query_only = on`.execute(database.db)
    await expect(acquireExecutorLock(database, me)).rejects.toMatchObject({ code: 'read_only' })
    await sql`pragma query_only = off`.execute(database.db)
    await (await acquireExecutorLock(database, me)).release()
  })

  it.each(['000', '777'])('keeps its files to one user with umask %s', async (umask) => {
    const path = join(createTempFolder(), 'data', 'bangui.db')
    const child = startChild('hold-lock', path, umask)
    expect(await child.next()).toBe('held')
    const modeOf = (file: string) => (statSync(file).mode & 0o777).toString(8)
    expect(modeOf(join(path, '..'))).toBe('700')
    for (const suffix of ['', '-wal', '-shm', '.lock']) expect(modeOf(path + suffix)).toBe('600')
  })

  it('works for a database in memory', async () => {
    const database = await openTempDatabase({ path: ':memory:' })
    const lock = await acquireExecutorLock(database, me)
    await vi.waitFor(async () => expect(await lock.heartbeat(2)).toBe(true))
    await lock.release()
  })
})
