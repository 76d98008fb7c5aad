import { resultOf } from '@bangui/async'
import { chmod, mkdir, readdir, readFile, realpath, rename, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { previewSwitch, stageSwitch } from '../../test/changes.ts'
import { ban, createTestHost, runningJails, type TestHost } from '../../test/with-host.ts'
import {
  ConfigChangedError,
  ConfigReadOnlyError,
  Fail2banUnavailableError,
  HostBusyError,
} from '../errors.ts'
import { createLocalHost } from './local-host.ts'

const ownFile = (at: TestHost) => join(at.daemon.configDir, 'jail.d', 'zz-bangui.local')

async function prepare(at: TestHost, name: string, enabled: boolean): Promise<string> {
  const change = await stageSwitch(at.host, name, enabled)
  if (!change) throw new Error('There was nothing to prepare.')
  return change.changeId
}

test('a file that somebody edits between the preparation and the change stays as it is', async () => {
  await using at = await createTestHost()
  await at.daemon.start()
  const id = await prepare(at, 'spare', true)
  await writeFile(ownFile(at), '[web]\nbantime = 1h\n')
  const applying = at.host.config.apply(id)
  await expect(applying).rejects.toThrow(ConfigChangedError)
  await expect(applying).rejects.toThrow(/Somebody else changed/)
  expect(await readFile(ownFile(at), 'utf8')).toBe('[web]\nbantime = 1h\n')
  expect(await runningJails(at.host)).toEqual(['app', 'web'])
  expect((await at.changes.get(id))?.state).toBe('abandoned')
})

test('a load that fail2ban refuses is undone at once, and the reason is returned', async () => {
  await using at = await createTestHost()
  await at.daemon.start()
  await ban(at, 'app', '192.0.2.7')
  const id = await prepare(at, 'spare', true)
  await rename(join(at.daemon.folder, 'logs', 'spare.log'), join(at.daemon.folder, 'logs', 'gone'))
  const outcome = await at.host.config.apply(id)
  expect(outcome).toMatchObject({
    applied: false,
    failure: null,
    output: expect.stringContaining('log file'),
  })
  await expect(stat(ownFile(at))).rejects.toThrow('ENOENT')
  expect(await runningJails(at.host)).toEqual(['app', 'web'])
  expect(await at.daemon.ask('get', 'app', 'banip')).toContain('192.0.2.7')
  expect((await at.changes.get(id))?.state).toBe('failed')
})

test('a load that costs another jail is undone, and what stays missing is a failed change', async () => {
  await using at = await createTestHost()
  await at.daemon.start()
  const tools = join(at.daemon.folder, 'bin')
  await mkdir(tools)
  const real = await realpath('/usr/bin/fail2ban-client')
  await symlink(await realpath('/usr/bin/fail2ban-server'), join(tools, 'fail2ban-server'))
  const stopWeb = `case "$*" in *reload*) ${real} -s ${at.daemon.socketPath} stop web;; esac`
  await writeFile(join(tools, 'fail2ban-client'), `#!/bin/sh\n${real} "$@" || exit $?\n${stopWeb}\n`)
  await chmod(join(tools, 'fail2ban-client'), 0o755)
  const { socketPath, configDir } = at.daemon
  const client = join(tools, 'fail2ban-client')
  const host = createLocalHost({ socketPath, configDir, client, configWrite: 'jails', stateDir: at.stateDir })
  const change = await stageSwitch(host, 'spare', true)
  const outcome = await host.config.apply(change?.changeId ?? '')
  await host.close()
  expect(outcome).toMatchObject({
    applied: false,
    failure: { cause: 'jails_missing', missingJails: ['web'] },
  })
  expect(await runningJails(at.host)).toEqual(['app'])
  const request = { changeId: change?.changeId ?? '', jailName: 'spare', missingJails: ['web'] }
  expect(await resultOf(at.host.config.rollback(request))).toMatchObject({
    online: true,
    started: false,
  })
  expect(await runningJails(at.host)).toEqual(['app', 'web'])
})

test('a jail that a load cost is loaded again at once, and the change has not failed then', async () => {
  await using at = await createTestHost()
  await at.daemon.start()
  const tools = join(at.daemon.folder, 'bin')
  await mkdir(tools)
  const real = await realpath('/usr/bin/fail2ban-client')
  await symlink(await realpath('/usr/bin/fail2ban-server'), join(tools, 'fail2ban-server'))
  const stopWeb = `case "$*" in *"reload --if-exists spare"*) ${real} -s ${at.daemon.socketPath} stop web;; esac`
  await writeFile(join(tools, 'fail2ban-client'), `#!/bin/sh\n${real} "$@" || exit $?\n${stopWeb}\n`)
  await chmod(join(tools, 'fail2ban-client'), 0o755)
  const { socketPath, configDir } = at.daemon
  const client = join(tools, 'fail2ban-client')
  const host = createLocalHost({ socketPath, configDir, client, configWrite: 'jails', stateDir: at.stateDir })
  const change = await stageSwitch(host, 'spare', true)
  expect(await host.config.apply(change?.changeId ?? '')).toMatchObject({ applied: false, failure: null })
  await host.close()
  expect(await runningJails(at.host)).toEqual(['app', 'web'])
})

test('a change that BanGUI was cut off in is put back while the daemon never loaded it', async () => {
  await using at = await createTestHost()
  await at.daemon.start()
  const id = await prepare(at, 'spare', true)
  await at.changes.setState(id, 'applying')
  await writeFile(ownFile(at), (await at.changes.get(id))?.written[0]?.content ?? '')
  expect(await at.host.config.settleInterrupted()).toMatchObject([{ id, state: 'failed' }])
  await expect(stat(ownFile(at))).rejects.toThrow('ENOENT')
  expect(await at.host.config.settleInterrupted()).toEqual([])
})

test('a change that BanGUI was cut off in stays where the daemon runs as it wanted', async () => {
  await using at = await createTestHost()
  await at.daemon.start()
  const id = await prepare(at, 'spare', true)
  await at.host.config.apply(id)
  await at.changes.setState(id, 'applying')
  expect(await at.host.config.settleInterrupted()).toMatchObject([{ id, state: 'applied' }])
  expect(await readFile(ownFile(at), 'utf8')).toContain('[spare]')
})

test('with a daemon that is down, an interrupted change that was written waits for the rollback', async () => {
  await using at = await createTestHost()
  const id = await prepare(at, 'spare', true)
  await at.changes.setState(id, 'applying')
  for (const { path, content } of (await at.changes.get(id))?.written ?? [])
    await writeFile(path, content ?? '')
  expect(await at.host.config.settleInterrupted()).toMatchObject([{ id, state: 'applying' }])
})

test('nothing is switched on under a daemon that does not run, and nothing is written', async () => {
  await using at = await createTestHost()
  const id = await prepare(at, 'spare', true)
  await expect(at.host.config.apply(id)).rejects.toThrow(Fail2banUnavailableError)
  await expect(stat(ownFile(at))).rejects.toThrow('ENOENT')
})

test('one change at a time: a second one is refused, not queued', async () => {
  await using at = await createTestHost()
  const first = stageSwitch(at.host, 'spare', true)
  await expect(stageSwitch(at.host, 'web', false)).rejects.toThrow(HostBusyError)
  await first
  expect(await stageSwitch(at.host, 'web', false)).toBeDefined()
})

test('where the configuration may not be written, a change is refused and a preview still works', async () => {
  await using at = await createTestHost(undefined, { configWrite: 'off' })
  await expect(stageSwitch(at.host, 'spare', true)).rejects.toThrow(ConfigReadOnlyError)
  const preview = await previewSwitch(at.host, 'spare', true)
  expect(preview).toMatchObject({ refused: null, already: false, readOnly: true })
  expect(preview.files[0]?.diff).toContain('+enabled = true')
})

test('a name that is no jail name, or no jail, changes nothing', async () => {
  await using at = await createTestHost()
  for (const name of ['../app', 'a\nb', 'nosuch', '-x', 'DEFAULT', 'x'.repeat(10_000)]) {
    await expect(stageSwitch(at.host, name, true)).rejects.toMatchObject({ name: 'JailUnknownError' })
    await expect(previewSwitch(at.host, name, true)).rejects.toMatchObject({ name: 'JailUnknownError' })
    await expect(at.host.jails.get(name)).rejects.toMatchObject({ name: 'JailUnknownError' })
  }
})

test('an applied change leaves no temporary file beside it', async () => {
  await using at = await createTestHost()
  await at.daemon.start()
  await at.host.config.apply(await prepare(at, 'spare', true))
  expect((await readdir(join(at.daemon.configDir, 'jail.d'))).sort()).toEqual([
    'defaults.conf',
    'zz-bangui.local',
  ])
})
