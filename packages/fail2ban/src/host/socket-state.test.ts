import { spawnSync } from 'node:child_process'
import { chmod, lstat, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { inspectSocket, removeStaleSocket } from './socket-state.ts'

const leaveSocket = `require('node:net').createServer().listen(process.argv[1], () => process.kill(process.pid, 'SIGKILL'))`

/** A folder with the socket of a process that was killed, which anybody may look into. */
async function createStaleSocket() {
  const folder = await mkdtemp('/tmp/bgs-')
  const path = join(folder, 's')
  spawnSync(process.execPath, ['-e', leaveSocket, path])
  await chmod(folder, 0o755)
  return { path, folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) }
}

/** Runs `work` as a user who owns nothing: root may write whatever the modes say. */
async function asNobody(work: () => Promise<void>): Promise<void> {
  if (process.geteuid?.() !== 0) return work()
  process.seteuid?.(65_534)
  try {
    await work()
  } finally {
    process.seteuid?.(0)
  }
}

test('the socket of a process that was killed is removed', async () => {
  await using stale = await createStaleSocket()
  expect(await inspectSocket(stale.path)).toBe('refused')
  await removeStaleSocket(stale.path)
  expect(await inspectSocket(stale.path)).toBe('missing')
  await removeStaleSocket(stale.path)
})

test('a socket that may not be removed is left to the start command', async () => {
  await using stale = await createStaleSocket()
  await chmod(stale.folder, 0o555)
  await asNobody(() => removeStaleSocket(stale.path))
  await chmod(stale.folder, 0o755)
  expect((await lstat(stale.path)).isSocket()).toBe(true)
})

test('a file that is no socket stays', async () => {
  await using stale = await createStaleSocket()
  await rm(stale.path)
  await writeFile(stale.path, 'x')
  await removeStaleSocket(stale.path)
  expect((await lstat(stale.path)).isFile()).toBe(true)
})
