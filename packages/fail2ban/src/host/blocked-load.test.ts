import { resultOf } from '@bangui/async'
import { spawnSync } from 'node:child_process'
import { chmod, mkdir, readFile, realpath, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import {
  loaded,
  previewSwitch,
  reloadAll,
  reloadJail,
  stageSettings,
  stageSwitch,
} from '../../test/changes.ts'
import { isRoot, openToOrdinaryUser, runAsOrdinaryUser } from '../../test/as-ordinary-user.ts'
import { createTestHost, runningJails, type TestHost } from '../../test/with-host.ts'
import { ConfigRefusedError, LoadCancelledError, StartFailedError } from '../errors.ts'
import { createLocalHost } from './local-host.ts'

const inConfig = ({ daemon }: TestHost, ...names: string[]) => join(daemon.configDir, ...names)
const makePipe = (path: string) => spawnSync('mkfifo', [path])

test('a pipe that fail2ban would wait for is refused before any load, with file and reason', async () => {
  await using at = await createTestHost()
  const { daemon, host } = at
  await daemon.start()
  const pipe = inConfig(at, 'jail.d', 'x.local')
  makePipe(pipe)
  const reason = new RegExp(`${pipe} is a named pipe: fail2ban would wait for it`)
  expect(await previewSwitch(host, 'spare', true)).toMatchObject({
    refused: expect.stringMatching(reason),
    refusedReason: 'config_refused',
  })
  const loads = [
    () => stageSwitch(host, 'spare', true),
    () => stageSettings(host, 'app', { bantime: 60 }),
    () => reloadJail(host, 'app'),
    () => reloadAll(host),
    () => resultOf(host.daemon.restart()),
  ]
  for (const load of loads) {
    const loading = load()
    await expect(loading).rejects.toThrow(ConfigRefusedError)
    await expect(loading).rejects.toThrow(reason)
  }
  expect(await runningJails(host)).toEqual(['app', 'web'])
  await host.daemon.stop()
  await expect(host.daemon.start()).rejects.toThrow(StartFailedError)
  await rm(pipe)
  expect(await host.daemon.start()).toMatchObject({ ok: true })
})

test('a pipe that fail2ban does not open is no reason to refuse anything, nor is a file that is masked', async () => {
  await using at = await createTestHost()
  await at.daemon.start()
  makePipe(inConfig(at, 'filter.d', 'unused.local'))
  await symlink('/dev/null', inConfig(at, 'jail.d', 'masked.local'))
  await symlink('/nowhere', inConfig(at, 'jail.d', 'dangling.local'))
  expect(await reloadAll(at.host)).toEqual(loaded)
  const change = await stageSwitch(at.host, 'spare', true)
  expect(await at.host.config.apply(change?.changeId ?? '')).toMatchObject({ applied: true })
})

test('a pipe for the filter of another jail stops that jail alone', async () => {
  await using at = await createTestHost()
  await at.daemon.start()
  makePipe(inConfig(at, 'filter.d', 'web.local'))
  expect(await previewSwitch(at.host, 'spare', true)).toMatchObject({
    refused: null,
    warnings: [expect.stringContaining('web.local is a named pipe')],
  })
  await expect(reloadJail(at.host, 'web')).rejects.toThrow(/web\.local is a named pipe/)
})

test.runIf(isRoot)(
  'a file that BanGUI may not read and fail2ban may is refused, since it cannot be tested',
  async () => {
    await using at = await createTestHost()
    await at.daemon.start()
    await writeFile(inConfig(at, 'jail.d', 'secret.local'), '[web]\nbantime = 1h\n')
    await chmod(inConfig(at, 'jail.d', 'secret.local'), 0o600)
    await openToOrdinaryUser(at)
    const { socketPath, configDir, clientProgram } = at.daemon
    const script = new URL('../../test/children/preview-switch.ts', import.meta.url)
    expect(await runAsOrdinaryUser(script, socketPath, configDir, clientProgram)).toMatchObject({
      refused: expect.stringMatching(/BanGUI has no permission to read .*secret\.local \(EACCES\)/),
      refusedReason: 'config_refused',
    })
  },
)

/** A host whose loads hang: the program says in a file that it does. */
async function hostWhoseLoadsHang(at: TestHost, times: number) {
  const tools = join(at.daemon.folder, 'bin')
  await mkdir(tools)
  const real = await realpath('/usr/bin/fail2ban-client')
  await symlink(await realpath('/usr/bin/fail2ban-server'), join(tools, 'fail2ban-server'))
  const hang = Array.from({ length: times }, (_, n) => `mkdir '${tools}/${n}' 2>/dev/null && exec sleep 600`)
  const client = join(tools, 'fail2ban-client')
  const script = `#!/bin/sh\ncase "$*" in *reload*) ${hang.join('\n')}\n;; esac\nexec ${real} "$@"\n`
  await writeFile(client, script, { mode: 0o755 })
  const { socketPath, configDir } = at.daemon
  const host = createLocalHost({ socketPath, configDir, client, configWrite: 'jails', stateDir: at.stateDir })
  const hangs = (n = 0) =>
    expect
      .poll(() =>
        stat(join(tools, String(n))).then(
          () => true,
          () => false,
        ),
      )
      .toBe(true)
  return { host, hangs, [Symbol.asyncDispose]: () => host.close() }
}

test('a load that hangs can be cancelled: the files and the jail are as before, and the next change goes through', async () => {
  await using at = await createTestHost()
  await at.daemon.start()
  await using hanging = await hostWhoseLoadsHang(at, 1)
  const { host } = hanging
  expect(await host.config.cancelLoad()).toBe(false)
  const own = inConfig(at, 'jail.d', 'zz-bangui.local')
  const change = await stageSettings(host, 'app', { bantime: 7200 })
  const applying = host.config.apply(change?.changeId ?? '')
  await hanging.hangs()
  expect(await readFile(own, 'utf8')).toContain('bantime = 7200')
  expect(await host.config.cancelLoad()).toBe(true)
  expect(await applying).toMatchObject({ applied: false, failure: null, output: 'The load was cancelled.' })
  await expect(stat(own)).rejects.toThrow('ENOENT')
  expect(await host.jails.getTuning('app')).toMatchObject({ bantime: 600 })
  const again = await stageSettings(host, 'app', { bantime: 7200 })
  expect(await host.config.apply(again?.changeId ?? '')).toMatchObject({ applied: true })
  expect(await runningJails(host)).toEqual(['app', 'web'])
})

test('a second cancel ends the load of the restored files as well, and that is said', async () => {
  await using at = await createTestHost()
  await at.daemon.start()
  await using hanging = await hostWhoseLoadsHang(at, 2)
  const { host } = hanging
  const change = await stageSettings(host, 'app', { bantime: 7200 })
  const applying = host.config.apply(change?.changeId ?? '')
  await hanging.hangs(0)
  await host.config.cancelLoad()
  await hanging.hangs(1)
  await host.config.cancelLoad()
  expect(await applying).toMatchObject({
    applied: false,
    failure: null,
    output: expect.stringMatching(/The previous files were restored, but reloading them failed/),
  })
  await expect(stat(inConfig(at, 'jail.d', 'zz-bangui.local'))).rejects.toThrow('ENOENT')
})

test('a reload of one jail or of all that is cancelled says so', async () => {
  await using at = await createTestHost()
  await at.daemon.start()
  await using hanging = await hostWhoseLoadsHang(at, 2)
  const { host } = hanging
  for (const [n, load] of [() => reloadJail(host, 'app'), () => reloadAll(host)].entries()) {
    const loading = load().catch((error: unknown) => error)
    await hanging.hangs(n)
    await host.config.cancelLoad()
    expect(await loading).toBeInstanceOf(LoadCancelledError)
  }
  expect(await runningJails(host)).toEqual(['app', 'web'])
})
