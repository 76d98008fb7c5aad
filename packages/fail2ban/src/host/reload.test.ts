import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { loaded, reloadAll } from '../../test/changes.ts'
import { ban, createTestHost, runningJails, type TestHost } from '../../test/with-host.ts'
import { Fail2banUnavailableError } from '../errors.ts'

const edit = (at: TestHost, text: string) =>
  writeFile(join(at.daemon.configDir, 'jail.d', 'edit.local'), text)

test('a reload takes in what was edited by hand, and every ban stays', async () => {
  await using at = await createTestHost()
  await at.daemon.start()
  await ban(at, 'app', '192.0.2.7')
  await edit(at, '[spare]\nenabled = true\n[web]\nenabled = false\n[app]\nbantime = 1d\n')
  expect(await reloadAll(at.host)).toEqual(loaded)
  expect(await runningJails(at.host)).toEqual(['app', 'spare'])
  expect(await at.daemon.ask('get', 'app', 'banip')).toContain('192.0.2.7')
  expect((await at.daemon.client('get', 'app', 'bantime')).output).toBe('86400')
})

test('a daemon that does not run cannot be reloaded, and is not started by it', async () => {
  await using at = await createTestHost()
  await expect(reloadAll(at.host)).rejects.toThrow(Fail2banUnavailableError)
  expect(await at.daemon.pid()).toBeUndefined()
})

test('each run of the daemon has its own instance id, and its end is an event', async () => {
  await using at = await createTestHost()
  const events: string[] = []
  const collect = async () => {
    for await (const event of at.host.daemon.connectionEvents()) events.push(event)
  }
  void collect()
  await at.daemon.start()
  const first = await at.host.daemon.probe()
  expect(first).toMatchObject({
    ok: true,
    jails: ['app', 'web'],
    version: expect.stringMatching(/^\d+\.\d+/),
  })
  expect(await at.host.daemon.probe()).toMatchObject({ instance: first.ok ? first.instance : null })
  await at.daemon.kill('SIGKILL')
  await vi.waitFor(() => expect(events).toEqual(['closed']))
  expect(await at.host.daemon.probe()).toMatchObject({ ok: false, connected: false })
  await at.host.daemon.start()
  const second = await at.host.daemon.probe()
  expect(second.ok && second.instance.id).not.toBe(first.ok && first.instance.id)
})

test('of two starts at once after a crash one starts the daemon and the other is refused', async () => {
  await using at = await createTestHost()
  await at.daemon.start()
  await at.daemon.kill('SIGKILL')
  const [one, other] = await Promise.allSettled([at.host.daemon.start(), at.host.daemon.start()])
  expect([one.status, other.status].sort()).toEqual(['fulfilled', 'rejected'])
  expect(await runningJails(at.host)).toEqual(['app', 'web'])
})
