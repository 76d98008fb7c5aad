import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { testMachine } from '../test/create-test-deps.ts'
import { createTestLog } from '../test/silent-log.ts'
import { startApp } from './app.ts'
import { loadConfig } from './config.ts'

it('starts nothing where it was asked to end before it began', async () => {
  const folder = await mkdtemp('/tmp/app-')
  onTestFinished(() => rm(folder, { recursive: true }))
  const config = loadConfig({ BANGUI_DATA_DIR: join(folder, 'data') }, testMachine)
  const { log } = createTestLog()
  const start = startApp({ config, demo: false, webDir: folder, log, signal: AbortSignal.abort() })
  await expect(start).rejects.toThrow('The start was interrupted.')
  expect(await readdir(folder)).toEqual([])
})
