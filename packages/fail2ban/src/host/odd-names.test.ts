import { resultOf } from '@bangui/async'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import {
  loaded,
  previewSwitch,
  reloadJail,
  stageSettings,
  stageSwitch,
  startJail,
  stopJail,
} from '../../test/changes.ts'
import { createTestHost, type TestHost } from '../../test/with-host.ts'
import type { Fail2banHost } from '../host.ts'
import { findFail2banVersions } from '../testing.ts'

const names = [
  '-x',
  'a, b',
  'a+b',
  'a,b',
  'a/b',
  'a:b',
  'app',
  'c',
  "it's",
  'jäil',
  'my  jail',
  '__proto__',
  '../up',
]

async function createOddHost(
  jails: readonly string[],
  programs: { readonly binDir?: string } = {},
): Promise<TestHost> {
  const at = await createTestHost({ ...programs, jails: [{ name: 'app' }] })
  const log = join(at.daemon.folder, 'logs', 'app.log')
  const sections = jails
    .filter((name) => name !== 'app')
    .map((name) => `[${name}]\nfilter = app\nlogpath = ${log}\nenabled = true\n`)
  await writeFile(join(at.daemon.configDir, 'jail.d', 'odd.conf'), sections.join('\n'))
  await at.daemon.start()
  return at
}

const listed = async (host: Fail2banHost) =>
  (await host.jails.list()).map(({ name, running, problem }) => [name, running, problem])

test.each(findFail2banVersions())(
  'every verb takes a jail of fail2ban $version by the name that it has',
  async (programs) => {
    await using at = await createOddHost(names, programs)
    const { host } = at
    const all = (await listed(host)).toSorted(([one], [other]) => String(one).localeCompare(String(other)))
    expect(all).toEqual(
      names.toSorted((one, other) => one.localeCompare(other)).map((name) => [name, true, null]),
    )
    expect(await host.daemon.probe()).toMatchObject({ ok: true, jails: expect.arrayContaining(names) })
    for (const name of names) {
      expect(await host.jails.get(name)).toMatchObject({ name, running: true, bantime: 600 })
      expect(await host.bans.ban(name, ['192.0.2.7'])).toMatchObject({ banned: 1 })
      expect(await host.bans.list(name)).toMatchObject([{ address: '192.0.2.7' }])
      expect(new Map(await host.bans.count()).get(name)).toBe(1)
      expect(await resultOf(host.bans.unban(name, ['192.0.2.7']))).toMatchObject({ unbanned: 1 })
      await host.jails.tune(name, { bantime: 1234, addIgnored: ['198.51.100.1'] })
      expect(await host.jails.getTuning(name)).toMatchObject({ bantime: 1234 })
      expect(await host.jails.listIgnored(name)).toContain('198.51.100.1')
      expect((await host.jails.getFilter(name)).failRegex).toHaveLength(1)
      await host.jails.setIdle(name, true)
      await host.jails.setIdle(name, false)
    }
  },
)

test('a jail of any name is stopped, started, loaded again, switched off and on, and tuned for good', async () => {
  await using at = await createOddHost([...names, "-jäil's/x"])
  const { host } = at
  for (const name of ['a, b', "-jäil's/x"]) {
    const isRunning = async () => (await host.jails.get(name)).running
    await stopJail(host, name)
    expect(await isRunning()).toBe(false)
    await startJail(host, name)
    expect(await isRunning()).toBe(true)
    expect(await reloadJail(host, name)).toEqual(loaded)
    const off = await stageSwitch(host, name, false)
    expect(await host.config.apply(off?.changeId ?? '')).toMatchObject({ applied: true })
    expect(await isRunning()).toBe(false)
    expect(await previewSwitch(host, name, true)).toMatchObject({ refused: null })
    const on = await stageSwitch(host, name, true)
    expect(await host.config.apply(on?.changeId ?? '')).toMatchObject({ applied: true })
    const tuned = await stageSettings(host, name, { bantime: 4321 })
    expect(await host.config.apply(tuned?.changeId ?? '')).toMatchObject({ applied: true })
    expect(await host.jails.get(name)).toMatchObject({ running: true, bantime: 4321, problem: null })
  }
  expect((await host.jails.list()).filter(({ running }) => !running)).toEqual([])
})

test('events of a jail of any name have this name', async () => {
  await using at = await createOddHost(names)
  const { host } = at
  const told = new Map<string, Set<string>>()
  const stop = new AbortController()
  const watching = (async () => {
    for await (const { events } of host.events.follow({ position: null, signal: stop.signal }))
      for (const event of events)
        if ('jail' in event) told.set(event.jail, (told.get(event.jail) ?? new Set()).add(event.type))
  })()
  for (const name of names) {
    await host.bans.ban(name, ['192.0.2.7'])
    await resultOf(host.bans.unban(name, ['192.0.2.7']))
  }
  await vi.waitFor(() => {
    for (const name of names)
      expect([...(told.get(name) ?? [])]).toEqual(expect.arrayContaining(['ban', 'unban', 'jail']))
  })
  expect([...told.keys()].toSorted()).toEqual(names.toSorted())
  stop.abort()
  await watching
})

/** Every verb that takes the name of a jail. */
const verbsOf = (host: Fail2banHost, name: string): (() => Promise<unknown>)[] => [
  () => host.jails.get(name),
  () => host.bans.ban(name, ['192.0.2.7']),
  () => resultOf(host.bans.unban(name, ['192.0.2.7'])),
  () => host.bans.list(name),
  () => host.jails.listIgnored(name),
  () => host.jails.tune(name, { bantime: 60 }),
  () => host.jails.getTuning(name),
  () => host.jails.getFilter(name),
  () => stopJail(host, name),
  () => startJail(host, name),
  () => reloadJail(host, name),
  () => host.jails.setIdle(name, true),
  () => stageSwitch(host, name, true),
  () => previewSwitch(host, name, true),
  () => stageSettings(host, name, { bantime: 60 }),
]

test.each(['', 'a\nb', 'a\u0000', '--all', 'logtarget', 'a<F2B_END_COMMAND>', 'x'.repeat(256)])(
  'no verb takes %j for the name of a jail',
  async (name) => {
    await using at = await createTestHost()
    for (const verb of verbsOf(at.host, name))
      await expect(verb()).rejects.toMatchObject({ name: 'JailUnknownError' })
  },
)

test('no verb takes a name that neither the configuration nor the daemon has', async () => {
  await using at = await createTestHost()
  await at.daemon.start()
  for (const name of ['nothing', '../../etc/passwd', 'DEFAULT', 'INCLUDES', 'APP', '$(reboot)', '--unban'])
    for (const verb of verbsOf(at.host, name))
      await expect(verb()).rejects.toMatchObject({ name: 'JailUnknownError' })
  expect((await at.host.jails.list()).map(({ name }) => name)).toEqual(['app', 'spare', 'web'])
})
