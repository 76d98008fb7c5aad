import { access, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { ToolMissingError } from './errors.ts'
import { inspectProcess } from './host/daemon-process.ts'
import { createPrivateDaemon } from './private-daemon.ts'
import { findFail2banVersions } from './testing.ts'

test.each(findFail2banVersions())(
  'a private fail2ban $version starts, bans what its log shows, and leaves nothing behind',
  async ({ version, ...programs }) => {
    const daemon = await createPrivateDaemon({
      ...programs,
      jails: [
        { name: 'app', maxretry: 2 },
        { name: 'off', enabled: false },
      ],
    })
    try {
      await daemon.start()
      expect((await daemon.client('version')).output).toBe(version)
      expect((await daemon.client('status')).output).toMatch(/Jail list:\s+app$/)
      await daemon.logFailure('app', '192.0.2.7')
      await daemon.logFailure('app', '192.0.2.7')
      await vi.waitFor(async () => expect((await daemon.client('banned')).output).toContain('192.0.2.7'), {
        timeout: 10_000,
        interval: 200,
      })
      await daemon.stop()
      expect(await daemon.pid()).toBeUndefined()
    } finally {
      await daemon.dispose()
    }
    await expect(access(daemon.folder)).rejects.toThrow('ENOENT')
  },
)

test('a crashing jail kills the daemon at every start, however far its start has got', async () => {
  await using daemon = await createPrivateDaemon({ jails: [{ name: 'app' }] })
  await daemon.addCrashingJail('crasher')
  await daemon.start()
  await writeFile(join(daemon.configDir, 'jail.d', 'on.local'), '[crasher]\nenabled = true\n')
  expect(await daemon.client('-t')).toMatchObject({ ok: true })
  const crashes = async () =>
    (await readFile(daemon.logfile, 'utf8')).split("Creating new jail 'crasher'").length - 1
  // on a busy machine the client may hear of the crash before it hears that the jail was loaded
  await daemon.client('reload', '--if-exists', 'crasher')
  await vi.waitFor(async () => expect(await daemon.pid()).toBeUndefined())
  expect(await crashes()).toBe(1)
  await daemon.client('-x', 'start')
  await vi.waitFor(async () => expect(await daemon.pid()).toBeUndefined())
  expect(await crashes()).toBe(2)
})

test('dispose ends a daemon that a signal holds', async () => {
  const daemon = await createPrivateDaemon({ jails: [{ name: 'app' }] })
  await daemon.start()
  await daemon.kill('SIGSTOP')
  const pid = await daemon.pid()
  await daemon.dispose()
  expect(await inspectProcess(pid ?? 0)).toEqual({ state: 'none' })
})

test('a private daemon on a machine without fail2ban is an error of its own', async () => {
  await expect(createPrivateDaemon({ binDir: '/nonexistent' })).rejects.toThrow(ToolMissingError)
})
