import { appendFileSync, writeFileSync } from 'node:fs'
import {
  appendFile,
  copyFile,
  mkdir,
  mkdtemp,
  open,
  rename,
  rm,
  rmdir,
  symlink,
  truncate,
  writeFile,
  type FileHandle,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { createLogFollower, type LogCursor, type LogFollower } from './follow-log.ts'

interface Log extends AsyncDisposable {
  readonly path: string
  write(text: string): Promise<void>
  follow(cursor?: LogCursor): LogFollower
}

async function createLog(): Promise<Log> {
  const folder = await mkdtemp(join(tmpdir(), 'bangui-log-'))
  const path = join(folder, 'fail2ban.log')
  const followers: LogFollower[] = []
  return {
    path,
    write: (text) => appendFile(path, text),
    follow(cursor) {
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

async function readAll(follower: LogFollower): Promise<string[]> {
  const all: string[] = []
  for (let lines = await follower.read(); lines !== undefined; lines = await follower.read())
    all.push(...lines)
  return all
}

const numbered = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => `line ${from + index} of the log`)
const text = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join('')

/** Lets something happen once, right after a log was read to its end. */
async function atTheEnd(path: string, happen: () => void): Promise<Disposable> {
  const handle = await open(path)
  const prototype = Object.getPrototypeOf(handle) as {
    read: (...args: unknown[]) => ReturnType<FileHandle['read']>
  }
  await handle.close()
  const { read } = prototype
  const spy = vi.spyOn(prototype, 'read').mockImplementation(async function (this: unknown, ...args) {
    const result = await read.apply(this, args)
    if (result.bytesRead > 0 || args[3] === 0) return result
    spy.mockRestore()
    happen()
    return result
  })
  return spy
}

/** as it comes back out of the database */
const saved = (follower: LogFollower): LogCursor => JSON.parse(JSON.stringify(follower.cursor()))

describe('a log', () => {
  it('is read to its end, and on when it grows', async () => {
    await using log = await createLog()
    await log.write('one\ntwo\nthr')
    const follower = log.follow()
    expect(await readAll(follower)).toEqual(['one', 'two'])
    await log.write('ee\nfour\n')
    expect(await readAll(follower)).toEqual(['three', 'four'])
    expect(follower.state().state).toBe('ok')
  })

  it('is read on from every place of it, nothing lost, nothing twice', async () => {
    await using log = await createLog()
    const lines = numbered(0, 5000)
    await log.write(text(lines))
    let follower = log.follow()
    const all: string[] = []
    for (let read = await follower.read(); read !== undefined; read = await follower.read()) {
      all.push(...read)
      follower = log.follow(saved(follower))
    }
    expect(all).toEqual(lines)
  })

  it('that is not there yet is read once it is', async () => {
    await using log = await createLog()
    const follower = log.follow()
    expect(await follower.read()).toBeUndefined()
    expect(follower.state()).toEqual({ state: 'missing', code: 'ENOENT' })
    await log.write('one\n')
    expect(await readAll(follower)).toEqual(['one'])
    expect(follower.state().state).toBe('ok')
  })

  it('that cannot be opened says why', async () => {
    await using log = await createLog()
    await symlink(log.path, log.path)
    const follower = log.follow()
    expect(await follower.read()).toBeUndefined()
    expect(follower.state()).toEqual({ state: 'unreadable', code: 'ELOOP' })
  })

  it('that is no regular file says so, and is followed when it becomes one', async () => {
    await using log = await createLog()
    await mkdir(log.path)
    const follower = log.follow()
    expect(await follower.read()).toBeUndefined()
    expect(follower.state()).toEqual({ state: 'unsupported', code: null })
    await rmdir(log.path)
    await log.write('one\n')
    expect(await readAll(follower)).toEqual(['one'])
  })

  it('is read from its last 32 MB on when it was never read before, without the line that is cut there', async () => {
    await using log = await createLog()
    const line = `${'x'.repeat(1023)}\n`
    await writeFile(log.path, `first\n${line.repeat(33 * 1024)}last\n`)
    const lines = await readAll(log.follow())
    expect(lines.length).toBeGreaterThan(32_700)
    expect(lines.length).toBeLessThan(32 * 1024 + 2)
    expect(new Set(lines)).toEqual(new Set(['x'.repeat(1023), 'last']))
  })

  it('has lines without end, which are skipped and not kept', async () => {
    await using log = await createLog()
    await log.write(`one\n${'y'.repeat(1_000_000)}`)
    const follower = log.follow()
    expect(await readAll(follower)).toEqual(['one'])
    expect(JSON.stringify(follower.cursor()).length).toBeLessThan(500)
    await log.write('y\ntwo\n')
    expect(await readAll(log.follow(saved(follower)))).toEqual(['two'])
    expect(await readAll(follower)).toEqual(['two'])
  })
})

describe('a log that is renamed', () => {
  it('is read to its end before the new one', async () => {
    await using log = await createLog()
    await log.write('one\n')
    const follower = log.follow()
    await readAll(follower)
    await rename(log.path, `${log.path}.1`)
    await appendFile(`${log.path}.1`, 'two\nthr')
    expect(await readAll(follower)).toEqual(['two'])
    await writeFile(log.path, '')
    await appendFile(`${log.path}.1`, 'ee\n')
    expect(await readAll(follower)).toEqual(['three'])
    await appendFile(`${log.path}.1`, 'four\n')
    await log.write('five\n')
    expect(await readAll(follower)).toEqual(['four', 'five'])
  })

  it('loses nothing that is written to it after it was read to its end, until the new one is there', async () => {
    await using log = await createLog()
    await log.write('one\n')
    const follower = log.follow()
    await readAll(follower)
    await rename(log.path, `${log.path}.1`)
    using _end = await atTheEnd(`${log.path}.1`, () => {
      appendFileSync(`${log.path}.1`, 'two\n')
      writeFileSync(log.path, 'three\n')
    })
    expect(await readAll(follower)).toEqual(['two', 'three'])
  })

  it('after it had been empty when BanGUI stopped is found under its new name', async () => {
    await using log = await createLog()
    await log.write('')
    const follower = log.follow()
    await readAll(follower)
    await log.write('one\n')
    await rename(log.path, `${log.path}.1`)
    await log.write('two\n')
    expect(await readAll(log.follow(saved(follower)))).toEqual(['one', 'two'])
  })

  it('in the middle of a line that never ended spoils no line of the new one', async () => {
    await using log = await createLog()
    await log.write('one\ntw')
    const follower = log.follow()
    expect(await readAll(follower)).toEqual(['one'])
    await rename(log.path, `${log.path}.1`)
    await log.write('three\n')
    expect(await readAll(follower)).toEqual(['three'])
  })

  it('is found under its new name after a restart, with all that were rotated since', async () => {
    await using log = await createLog()
    await log.write('one\n')
    const follower = log.follow()
    await readAll(follower)
    await log.write('two\n')
    await rename(log.path, `${log.path}.1`)
    await log.write('three\n')
    await rename(`${log.path}.1`, `${log.path}.2`)
    await rename(log.path, `${log.path}.1`)
    await log.write('four\n')
    expect(await readAll(log.follow(saved(follower)))).toEqual(['two', 'three', 'four'])
  })

  it('has no line twice when somebody made a copy of it', async () => {
    await using log = await createLog()
    await log.write('one\n')
    const follower = log.follow()
    await readAll(follower)
    await log.write('two\n')
    await rename(log.path, `${log.path}.1`)
    await copyFile(`${log.path}.1`, `${log.path}.backup`)
    await log.write('three\n')
    await copyFile(log.path, `${log.path}.other`)
    expect(await readAll(log.follow(saved(follower)))).toEqual(['two', 'three'])
  })

  it('and lost is gone, and the new one is read whole', async () => {
    await using log = await createLog()
    await log.write('one\n')
    const follower = log.follow()
    await readAll(follower)
    const cursor = saved(follower)
    await follower.close()
    await rm(log.path)
    await log.write('two\n')
    expect(await readAll(log.follow(cursor))).toEqual(['two'])
  })
})

describe('a log that is truncated', () => {
  const copyTruncate = async (log: Log, name: string) => {
    await copyFile(log.path, `${log.path}.${name}`)
    await truncate(log.path)
  }

  it('is read on from its beginning', async () => {
    await using log = await createLog()
    await log.write('one\ntwo\n')
    const follower = log.follow()
    await readAll(follower)
    await truncate(log.path)
    await log.write('three\n')
    expect(await readAll(follower)).toEqual(['three'])
  })

  it('is seen to be another even when it is longer than before', async () => {
    await using log = await createLog()
    await log.write('one\ntwo\n')
    const follower = log.follow()
    await readAll(follower)
    await truncate(log.path)
    await log.write(text(numbered(0, 100)))
    expect(await readAll(follower)).toEqual(numbered(0, 100))
  })

  it('loses nothing that was copied away before it was read, nor the line that was cut in two', async () => {
    await using log = await createLog()
    await log.write('one\n')
    const follower = log.follow()
    await readAll(follower)
    await log.write('two\nthr')
    await copyTruncate(log, '1')
    await log.write('ee\nfour\n')
    expect(await readAll(follower)).toEqual(['two', 'three', 'four'])
  })

  it('is found after a restart, with the copies that were made of it', async () => {
    await using log = await createLog()
    await log.write('one\n')
    const follower = log.follow()
    await readAll(follower)
    await log.write('two\n')
    await copyTruncate(log, '20260101')
    await log.write('three\n')
    await copyTruncate(log, '20260102')
    await log.write('four\n')
    expect(await readAll(log.follow(saved(follower)))).toEqual(['two', 'three', 'four'])
  })
})
