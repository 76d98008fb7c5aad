import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { makeFolder, withSimulator } from '../test/with-simulator.ts'
import { readDaemonInstance, readPid } from './daemon-instance.ts'

test('the id of a daemon instance stays while it runs, and changes with a restart or another process', async () => {
  await using host = await withSimulator()
  const folder = await makeFolder()
  onTestFinished(() => rm(folder, { recursive: true }))
  const pidFile = join(folder, 'pid')
  await writeFile(pidFile, '4711\n')
  const first = await readDaemonInstance(host.socketPath, pidFile)
  expect(first.pid).toBe(4711)
  expect(await readDaemonInstance(host.socketPath, pidFile)).toEqual(first)
  await writeFile(pidFile, '4712\n')
  const second = await readDaemonInstance(host.socketPath, pidFile)
  await host.simulator.restart()
  const third = await readDaemonInstance(host.socketPath, pidFile)
  expect(new Set([first, second, third].map(({ id }) => id)).size).toBe(3)
})

test.each(['', '-1', '0', 'abc', '1; rm', '99999999999'])(
  'a file with %j holds no process id',
  async (text) => {
    const folder = await makeFolder()
    onTestFinished(() => rm(folder, { recursive: true }))
    await writeFile(join(folder, 'pid'), text)
    expect(await readPid(join(folder, 'pid'))).toBeNull()
  },
)
