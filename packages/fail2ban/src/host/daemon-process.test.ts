import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { findDaemonProcess } from './daemon-process.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'f2b-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function pidfile(name: string, text: string): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, text)
  return path
}

test('a missing pidfile, one with nonsense, and one of a dead process name no process', async () => {
  expect(await findDaemonProcess(join(folder, 'missing'))).toEqual({ state: 'none' })
  for (const text of ['', 'x', '-1', '0', '1', '1.5', '99999999999', '4194304']) {
    expect(await findDaemonProcess(await pidfile('nonsense', text))).toEqual({ state: 'none' })
  }
})

test('a number that belongs to another program by now is not the daemon', async () => {
  expect(await findDaemonProcess(await pidfile('other', String(process.pid)))).toEqual({ state: 'none' })
})

test('a process is found running, stopped by a signal, and ended', async () => {
  // the second word stands where the script's name stands in a real one
  const child = spawn('python3', ['-c', 'import time; time.sleep(60)', '/usr/bin/fail2ban-server'])
  const pid = child.pid ?? 0
  const path = await pidfile('child', `${pid}\n`)
  await vi.waitFor(async () => expect(await findDaemonProcess(path)).toEqual({ state: 'running', pid }))
  process.kill(pid, 'SIGSTOP')
  await vi.waitFor(async () => expect(await findDaemonProcess(path)).toEqual({ state: 'stopped', pid }))
  process.kill(pid, 'SIGKILL')
  await vi.waitFor(async () => expect(await findDaemonProcess(path)).toEqual({ state: 'none' }))
})

test('a zombie counts as ended', async () => {
  const parent = spawn('python3', [
    '-c',
    'import os, sys, time\npid = os.fork()\nif pid == 0: os._exit(0)\nprint(pid, flush=True)\ntime.sleep(60)',
    'fail2ban-server',
  ])
  const pid = await new Promise<string>((resolve) =>
    parent.stdout.once('data', (chunk: Buffer) => resolve(String(chunk))),
  )
  try {
    await vi.waitFor(() => expect(() => process.kill(Number(pid), 0)).not.toThrow())
    await vi.waitFor(async () =>
      expect(await findDaemonProcess(await pidfile('zombie', pid))).toEqual({ state: 'none' }),
    )
  } finally {
    parent.kill('SIGKILL')
  }
})
