import { execFile } from 'node:child_process'
import {
  appendFile,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  rmdir,
  stat,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { describe, expect, it, vi } from 'vitest'
import { createFileTail } from './file-tail.ts'
import { createLogFollower, type LogCursor, type LogFollower } from './follow-log.ts'
import { readPackedHead } from './packed-log.ts'
import { clocksIn } from '../../test/clocks-in.ts'
import { createTimestamper } from './timestamp-lines.ts'

const timestamper = createTimestamper({ clocks: clocksIn('UTC0'), clock: Date.now })

async function createLog() {
  const folder = await mkdtemp(join(tmpdir(), 'bangui-log-'))
  const path = join(folder, 'fail2ban.log')
  const followers: LogFollower[] = []
  return {
    path,
    write: (...lines: string[]) => appendFile(path, lines.map((line) => `${line}\n`).join('')),
    follow(cursor?: LogCursor) {
      const follower = createLogFollower(path, cursor)
      followers.push(follower)
      return follower
    },
    async [Symbol.asyncDispose]() {
      for (const follower of followers) await follower.close()
      await rm(folder, { recursive: true })
    },
  }
}

type Log = Awaited<ReturnType<typeof createLog>>

/** Packs a log as gzip and logrotate do: it keeps its time, and another file has its name. */
async function pack(path: string): Promise<void> {
  const { atime, mtime } = await stat(path)
  await writeFile(`${path}.gz`, gzipSync(await readFile(path)))
  await utimes(`${path}.gz`, atime, mtime)
  await rm(path)
}

/** What logrotate does with `rotate`, `compress` and `delaycompress`; the first time that there is something to pack. */
async function rotate({ path }: Log, count: number): Promise<void> {
  for (let number = count; number > 1; number -= 1)
    await rename(`${path}.${number}.gz`, `${path}.${number + 1}.gz`)
  if (count > 0) {
    await rename(`${path}.1`, `${path}.2`)
    await pack(`${path}.2`)
  }
  await rename(path, `${path}.1`)
}

async function readAll(follower: LogFollower): Promise<string[]> {
  const all: string[] = []
  for (let lines = await follower.read(); lines !== undefined; lines = await follower.read())
    all.push(...lines)
  return all
}

/** Reads a log of one line, and gives where it was read to. */
async function readFirst(log: Log): Promise<LogCursor> {
  await log.write('one')
  const follower = log.follow()
  expect(await readAll(follower)).toEqual(['one'])
  const cursor: unknown = JSON.parse(JSON.stringify(follower.cursor()))
  await follower.close()
  return cursor as LogCursor
}

describe('a log that was compressed after its rotation', () => {
  it('is read on where it was read to, with all that were rotated since, from every place on', async () => {
    await using log = await createLog()
    const cursor = await readFirst(log)
    const lines = Array.from({ length: 3000 }, (_, number) => `line ${number} of the log`)
    await log.write('two', ...lines)
    await rotate(log, 0)
    await log.write('three')
    await rotate(log, 1)
    await log.write('four')
    await rotate(log, 2)
    await log.write('five')
    const expected = ['two', ...lines, 'three', 'four', 'five']
    expect(await readAll(log.follow(cursor))).toEqual(expected)
    let follower = log.follow(cursor)
    const all: string[] = []
    for (let read = await follower.read(); read !== undefined; read = await follower.read()) {
      all.push(...read)
      const place: unknown = JSON.parse(JSON.stringify(follower.cursor()))
      follower = log.follow(place as LogCursor)
    }
    expect(all).toEqual(expected)
  })

  it('or is being compressed, or was copied, is read once', async () => {
    await using log = await createLog()
    const cursor = await readFirst(log)
    await log.write('two')
    await rotate(log, 0)
    await writeFile(`${log.path}.1.gz`, gzipSync(await readFile(`${log.path}.1`)))
    await writeFile(`${log.path}.copy.gz`, gzipSync('other\n'))
    await log.write('three')
    const follower = log.follow(cursor)
    expect(await readAll(follower)).toEqual(['two', 'three'])
    await rotate(log, 0)
    await log.write('four')
    expect(await readAll(follower)).toEqual(['four'])
  })

  it('and is damaged is passed over: what comes after is read', async () => {
    await using log = await createLog()
    const cursor = await readFirst(log)
    await rotate(log, 0)
    await log.write('two')
    await rotate(log, 1)
    await log.write('three')
    const packed = `${log.path}.1`
    await pack(packed)
    const whole = await readFile(`${packed}.gz`)
    await writeFile(`${packed}.gz`, whole.subarray(0, whole.length - 6))
    const follower = log.follow(cursor)
    expect(await readAll(follower)).toEqual(['three'])
    expect(follower.skipped()).toEqual({ path: `${packed}.gz`, reason: 'it is damaged' })
  })

  it('and cannot be unpacked for want of a place is passed over, which is told', async () => {
    await using log = await createLog()
    const cursor = await readFirst(log)
    await rotate(log, 0)
    await log.write('two')
    await rotate(log, 1)
    await log.write('three')
    await pack(`${log.path}.1`)
    vi.stubEnv('TMPDIR', '/nonexistent')
    const tail = createFileTail({
      path: log.path,
      cursor,
      timestamper,
      onChange: () => undefined,
      clock: Date.now,
    })
    while ((await tail.read()) !== undefined);
    vi.unstubAllEnvs()
    expect(tail.status()).toMatchObject({
      state: 'following',
      message: expect.stringContaining(`${log.path}.1.gz could not be unpacked (ENOENT)`) as unknown,
    })
    await tail.close()
  })

  it('and was damaged after a part of it was read is passed over alone', async () => {
    await using log = await createLog()
    const cursor = await readFirst(log)
    await rotate(log, 0)
    await log.write('two')
    await rotate(log, 1)
    await log.write('three')
    const { atime, mtime } = await stat(`${log.path}.2.gz`)
    const whole = await readFile(`${log.path}.2.gz`)
    await writeFile(`${log.path}.2.gz`, whole.subarray(0, -6))
    await utimes(`${log.path}.2.gz`, atime, mtime)
    const follower = log.follow(cursor)
    expect(await readAll(follower)).toEqual(['two', 'three'])
    expect(follower.skipped()).toEqual({ path: `${log.path}.2.gz`, reason: 'it is damaged' })
  })

  it('and is damaged is unpacked once only, however long the log itself stays empty', async () => {
    await using log = await createLog()
    const cursor = await readFirst(log)
    await rotate(log, 0)
    await log.write('two')
    await rotate(log, 1)
    await log.write('')
    const packed = `${log.path}.1`
    const text = gzipSync(await readFile(packed))
    await writeFile(`${packed}.gz`, text.subarray(0, -6))
    await rm(packed)
    await truncate(log.path)
    const follower = log.follow(cursor)
    expect(await readAll(follower)).toEqual([])
    // nothing of it is touched any more: an unpacking would fail otherwise now
    vi.stubEnv('TMPDIR', '/nonexistent')
    expect(await readAll(follower)).toEqual([])
    vi.unstubAllEnvs()
    expect(follower.skipped()).toMatchObject({ reason: 'it is damaged' })
  })

  it('has no head that is waited for where a pipe has its name', async () => {
    await using log = await createLog()
    await promisify(execFile)('mkfifo', [`${log.path}.1.gz`])
    await expect(readPackedHead(`${log.path}.1.gz`, 10)).rejects.toThrow()
  })

  it('leaves nothing behind', async () => {
    await using log = await createLog()
    const cursor = await readFirst(log)
    await log.write('two')
    await rotate(log, 0)
    await pack(`${log.path}.1`)
    await log.write('three')
    const folder = await mkdtemp(join(tmpdir(), 'bangui-'))
    vi.stubEnv('TMPDIR', folder)
    expect(await readAll(log.follow(cursor))).toEqual(['two', 'three'])
    vi.unstubAllEnvs()
    expect(await readdir(folder)).toEqual([])
    await rmdir(folder)
  })
})
