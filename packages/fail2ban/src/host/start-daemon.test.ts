import { resultOf } from '@bangui/async'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { createTestHost, runningJails } from '../../test/with-host.ts'
import { createSimulator } from '../simulator/create-simulator.ts'
import { DaemonRunsError, StartFailedError } from '../errors.ts'

test.concurrent('a daemon starts, is left alone by a second start, stops, and starts again', async () => {
  await using at = await createTestHost()
  expect(await at.host.daemon.start()).toEqual({ ok: true, missingJails: [], output: null })
  const pid = await at.daemon.pid()
  await expect(at.host.daemon.start()).rejects.toThrow(DaemonRunsError)
  expect(await at.daemon.pid()).toBe(pid)
  await at.host.daemon.stop()
  expect(await at.daemon.pid()).toBeUndefined()
  await at.host.daemon.stop()
  expect(await at.host.daemon.start()).toMatchObject({ ok: true })
})

test.concurrent('the socket that a killed daemon left does not hinder the next start', async () => {
  await using at = await createTestHost()
  await at.daemon.start()
  await at.daemon.kill('SIGKILL')
  expect(await at.host.daemon.probe()).toMatchObject({ ok: false, reason: 'refused' })
  expect(await at.host.daemon.start()).toMatchObject({ ok: true })
  expect(await runningJails(at.host)).toEqual(['app', 'web'])
})

test.concurrent('whoever listens on the socket is never started over, pidfile or not', async () => {
  await using at = await createTestHost()
  await using simulator = await createSimulator({ socketPath: at.daemon.socketPath })
  simulator.setFault({ kind: 'hang' })
  await expect(at.host.daemon.start()).rejects.toMatchObject({
    name: 'DaemonRunsError',
    params: { responding: false, pid: null },
  })
  expect(await at.daemon.pid()).toBeUndefined()
})

test.concurrent('a daemon that a signal holds is never started over', async () => {
  await using at = await createTestHost()
  await at.daemon.start()
  const pid = await at.daemon.pid()
  await at.daemon.kill('SIGSTOP')
  await expect(at.host.daemon.start()).rejects.toMatchObject({
    name: 'DaemonRunsError',
    params: { responding: false, pid },
  })
  await expect(at.host.daemon.stop()).rejects.toThrow(/does not answer/)
  const request = { changeId: null, jailName: 'spare', missingJails: [] }
  const result = await resultOf(at.host.config.rollback(request))
  expect(result).toMatchObject({
    online: false,
    started: false,
    output: expect.stringContaining(`process ${pid}`),
  })
  await at.daemon.kill('SIGCONT')
  expect(await at.daemon.pid()).toBe(pid)
  expect(await runningJails(at.host)).toEqual(['app', 'web'])
})

test.concurrent('a daemon that dies right after its start is no success, whatever the tool says', async () => {
  await using at = await createTestHost()
  await at.daemon.addCrashingJail('crasher')
  await writeFile(join(at.daemon.configDir, 'jail.d', 'on.local'), '[crasher]\nenabled = true\n')
  // on a busy machine the daemon can die before the tool has seen it ready
  await vi.waitFor(async () => {
    const failed = await at.host.daemon.start().catch((error: unknown) => error)
    expect(failed).toBeInstanceOf(StartFailedError)
    expect(String(failed)).toContain('Server ready')
    expect(String(failed)).toContain("Jail 'crasher' started")
  })
})

test.concurrent('a bad value costs its own jail only, even at a start', async () => {
  await using at = await createTestHost({
    jails: [{ name: 'app' }, { name: 'bad', bantime: 'nonsense' }, { name: 'web', maxretry: 1 }],
  })
  const outcome = await at.host.daemon.start()
  expect(outcome).toMatchObject({
    ok: false,
    missingJails: ['bad'],
    output: expect.stringContaining('nonsense'),
  })
  expect(await runningJails(at.host)).toEqual(['app', 'web'])
  await at.daemon.logFailure('web', '192.0.2.9')
  await vi.waitFor(async () => expect((await at.daemon.client('banned')).output).toContain('192.0.2.9'), {
    timeout: 10_000,
    interval: 200,
  })
})

test.concurrent('a start that fail2ban refuses gives its reason', async () => {
  await using at = await createTestHost({
    jails: [{ name: 'app' }, { name: 'web', logPath: '/nonexistent/web.log' }],
  })
  await expect(at.host.daemon.start()).rejects.toThrow(/Have not found any log file for web jail/)
})

test.concurrent('a restart gives a new process with the same jails, and says when the old one is gone', async () => {
  await using at = await createTestHost()
  await at.daemon.start()
  const pid = await at.daemon.pid()
  let gone = 0
  const outcome = await resultOf(at.host.daemon.restart(), () => {
    gone += 1
  })
  expect(outcome).toEqual({ ok: true, missingJails: [], output: null })
  expect(gone).toBe(1)
  expect(await at.daemon.pid()).not.toBe(pid)
})
