import { resultOf } from '@bangui/async'
import { chmod, chown, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { RollbackStep } from '@bangui/shared'
import { expect, test, vi } from 'vitest'
import { stageSwitch } from '../../test/changes.ts'
import { someOwner } from '../../test/as-ordinary-user.ts'
import { ban, createTestHost, runningJails, type TestHost } from '../../test/with-host.ts'
import type { DaemonConnection } from '../connection.ts'
import { createDaemonConnection } from '../wire/daemon-connection.ts'
import { createLocalHost } from './local-host.ts'

const ended = (at: TestHost) =>
  vi.waitFor(async () => expect(await at.daemon.pid()).toBeUndefined(), { timeout: 5000 })

async function crash(at: TestHost): Promise<string> {
  await at.daemon.addCrashingJail('crasher')
  await at.daemon.start()
  const change = await stageSwitch(at.host, 'crasher', true)
  const id = change?.changeId ?? ''
  expect(await at.host.config.apply(id)).toMatchObject({
    applied: false,
    failure: { cause: 'crashed', missingJails: [] },
  })
  await ended(at)
  return id
}

const request = (changeId: string | null, missingJails: string[] = []) => ({
  changeId,
  jailName: 'crasher',
  missingJails,
})

test.concurrent('a daemon that an activation killed is brought back, its configuration byte for byte as before', async () => {
  await using at = await createTestHost()
  const own = join(at.daemon.configDir, 'jail.d', 'zz-bangui.local')
  const odd = Buffer.from(
    '# caf\u00e9\r\n[spare]\r\nenabled = false\r\n\r\n[crasher]\r\nenabled = no ; not yet\r\n# no end',
  )
  await writeFile(own, odd)
  await chmod(own, 0o640)
  await chown(own, someOwner.uid, someOwner.gid)
  const changeId = await crash(at)
  expect(await readFile(own)).not.toEqual(odd)
  expect(await stat(own)).toMatchObject(someOwner)
  const steps: RollbackStep[] = []
  const result = await resultOf(at.host.config.rollback(request(changeId)), (step) => steps.push(step))
  expect(result).toMatchObject({ restored: [own], started: true, online: true })
  expect(steps).toEqual(['restoring', 'testing', 'starting', 'waiting'])
  expect(await readFile(own)).toEqual(odd)
  const { mode, uid, gid } = await stat(own)
  expect([mode & 0o7777, uid, gid]).toEqual([0o640, someOwner.uid, someOwner.gid])
  expect(await runningJails(at.host)).toEqual(['app', 'web'])
  expect((await at.changes.get(changeId))?.state).toBe('reverted')
})

test.concurrent('a daemon that ends while its jails are listed after a load counts as one that the change killed', async () => {
  await using plain = await createTestHost()
  const { daemon, stateDir } = plain
  await daemon.start()
  const inner = createDaemonConnection({ socketPath: daemon.socketPath })
  let lists = 0
  // before the load, for the loaded jail, and to compare
  const ask: DaemonConnection['request'] = async (args, options) => {
    if (args[0] === 'status' && args.length === 1 && ++lists === 3) await daemon.kill('SIGKILL')
    return inner.request(args, options)
  }
  const options = { socketPath: daemon.socketPath, configDir: daemon.configDir, client: daemon.clientProgram }
  const connection = { ...inner, request: ask, close: () => inner.close() }
  const host = createLocalHost({ ...options, configWrite: 'jails', stateDir, connection })
  const change = await stageSwitch(host, 'spare', true)
  lists = 0
  const outcome = await host.config.apply(change?.changeId ?? '')
  expect(lists).toBeGreaterThanOrEqual(3)
  expect(outcome).toMatchObject({ applied: false, failure: { cause: 'crashed' } })
  await host.close()
  await inner.close()
})

test.concurrent('a rollback that runs twice leaves the same state and the daemon alone', async () => {
  await using at = await createTestHost()
  const changeId = await crash(at)
  await resultOf(at.host.config.rollback(request(changeId)))
  const pid = await at.daemon.pid()
  await ban(at, 'app', '192.0.2.7')
  const again = await resultOf(at.host.config.rollback(request(changeId)))
  expect(again).toMatchObject({ started: false, online: true, output: null })
  expect(await at.daemon.pid()).toBe(pid)
  expect(await at.daemon.ask('get', 'app', 'banip')).toContain('192.0.2.7')
  await expect(stat(join(at.daemon.configDir, 'jail.d', 'zz-bangui.local'))).rejects.toThrow('ENOENT')
})

test.concurrent('without saved files the jail is switched off and the daemon started', async () => {
  await using at = await createTestHost()
  await crash(at)
  const result = await resultOf(at.host.config.rollback(request(null)))
  expect(result).toMatchObject({
    started: true,
    online: true,
    output: expect.stringContaining('deactivated'),
  })
  expect(await runningJails(at.host)).toEqual(['app', 'web'])
})

test.concurrent('an edit made after the change is kept beside the restored file', async () => {
  await using at = await createTestHost()
  const own = join(at.daemon.configDir, 'jail.d', 'zz-bangui.local')
  const changeId = await crash(at)
  await writeFile(own, '[crasher]\nenabled = true\n# a note of somebody\n')
  const result = await resultOf(at.host.config.rollback(request(changeId)))
  const copy = /kept that version as (\S+)\.$/m.exec(result.output ?? '')?.[1] ?? ''
  expect(await readFile(copy, 'utf8')).toContain('a note of somebody')
  expect(result.online).toBe(true)
})

test.concurrent('rolling back under a running daemon takes the jail away and loads the missing ones, nothing else', async () => {
  await using at = await createTestHost()
  await at.daemon.start()
  await ban(at, 'app', '192.0.2.7')
  const change = await stageSwitch(at.host, 'spare', true)
  await at.host.config.apply(change?.changeId ?? '')
  await at.daemon.ask('stop', 'web')
  const steps: RollbackStep[] = []
  const wanted = { changeId: change?.changeId ?? '', jailName: 'spare', missingJails: ['web'] }
  const result = await resultOf(at.host.config.rollback(wanted), (step) => steps.push(step))
  expect(result).toMatchObject({ started: false, online: true, output: null })
  expect(steps).toEqual(['restoring', 'testing', 'loading', 'waiting'])
  expect(await runningJails(at.host)).toEqual(['app', 'web'])
  expect(await at.daemon.ask('get', 'app', 'banip')).toContain('192.0.2.7')
})

test.concurrent('a jail that is missing for no change of ours is loaded again, its configuration left alone', async () => {
  await using at = await createTestHost()
  await at.daemon.start()
  await at.daemon.ask('stop', 'web')
  const wanted = { changeId: null, jailName: 'web', missingJails: ['web'] }
  const result = await resultOf(at.host.config.rollback(wanted))
  expect(result).toEqual({ restored: [], started: false, online: true, output: null })
  expect(await runningJails(at.host)).toEqual(['app', 'web'])
})

test.concurrent('after a reload that cost every jail, all come back, and the one to blame is named', async () => {
  await using at = await createTestHost()
  await at.daemon.start()
  await at.daemon.addJail({ name: 'bad', failregex: '^(unclosed <HOST>$' })
  await at.daemon.client('reload')
  expect(await runningJails(at.host)).not.toContain('app')
  const wanted = { changeId: null, jailName: 'app', missingJails: ['app', 'web'] }
  const result = await resultOf(at.host.config.rollback(wanted))
  expect(result).toMatchObject({ restored: [], started: false, online: true })
  expect(result.output).toMatch(/^bad: .*regex/im)
  expect(await runningJails(at.host)).toEqual(expect.arrayContaining(['app', 'web']))
})

test.concurrent('a missing jail that fail2ban refuses is switched off, so that it can cost no other', async () => {
  await using at = await createTestHost()
  await at.daemon.start()
  await at.daemon.addJail({ name: 'bad', failregex: '^(unclosed <HOST>$' })
  const wanted = { changeId: null, jailName: 'bad', missingJails: ['bad'] }
  const result = await resultOf(at.host.config.rollback(wanted))
  expect(result.restored).toEqual([join(at.daemon.configDir, 'jail.d', 'zz-bangui.local')])
  expect(result.output).toContain('bad was deactivated')
  expect((await at.daemon.client('reload')).ok).toBe(true)
  expect(await runningJails(at.host)).toEqual(['app', 'web'])
})

test.concurrent('a missing jail that kills the daemon when it is loaded is switched off, and the daemon started', async () => {
  await using at = await createTestHost()
  await at.daemon.start()
  await at.daemon.addJail({ name: 'crasher', options: { action: 'crash' } })
  const steps: RollbackStep[] = []
  const result = await resultOf(at.host.config.rollback(request(null, ['crasher'])), (step) =>
    steps.push(step),
  )
  expect(result).toMatchObject({ started: true, online: true })
  expect(result.output).toContain('crasher was deactivated')
  expect(steps).toEqual(['restoring', 'testing', 'loading', 'starting', 'waiting'])
  expect(await runningJails(at.host)).toEqual(['app', 'web'])
})

test.concurrent('switching off the crashing jail under a dead daemon only writes the file, and the start then works', async () => {
  await using at = await createTestHost()
  await crash(at)
  const change = await stageSwitch(at.host, 'crasher', false)
  const outcome = await at.host.config.apply(change?.changeId ?? '')
  expect(outcome).toMatchObject({ applied: true, output: expect.stringContaining('is not running') })
  expect(await at.host.daemon.start()).toEqual({ ok: true, missingJails: [], output: null })
})
