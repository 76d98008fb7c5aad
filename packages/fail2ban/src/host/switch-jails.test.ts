import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { previewSwitch, stageSwitch } from '../../test/changes.ts'
import { ban, createTestHost, runningJails } from '../../test/with-host.ts'

test('switching a jail on starts it, and the bans of the others stay', async () => {
  await using at = await createTestHost()
  const { host, daemon, changes } = at
  await daemon.start()
  await ban(at, 'app', '192.0.2.7')
  const change = await stageSwitch(host, 'spare', true)
  expect(change).toMatchObject({
    load: [{ jail: 'spare', how: 'start' }],
    expect: { before: ['app', 'web'], running: ['spare'], stopped: [] },
  })
  expect(await runningJails(host)).toEqual(['app', 'web'])
  const path = join(daemon.configDir, 'jail.d', 'zz-bangui.local')
  await expect(readFile(path)).rejects.toThrow('ENOENT')
  const outcome = await host.config.apply(change?.changeId ?? '')
  expect(outcome).toEqual({ applied: true, files: [path], output: null, failure: null })
  expect(await runningJails(host)).toEqual(['app', 'spare', 'web'])
  expect(await daemon.ask('get', 'app', 'banip')).toContain('192.0.2.7')
  expect((await changes.get(change?.changeId ?? ''))?.state).toBe('applied')
})

test('switching a jail off ends its bans only', async () => {
  await using at = await createTestHost()
  const { host, daemon } = at
  await daemon.start()
  await ban(at, 'app', '192.0.2.7')
  await ban(at, 'web', '192.0.2.8')
  expect(await previewSwitch(host, 'web', false)).toMatchObject({
    already: false,
    refused: null,
  })
  const change = await stageSwitch(host, 'web', false)
  expect(await host.config.apply(change?.changeId ?? '')).toMatchObject({ applied: true, failure: null })
  expect(await runningJails(host)).toEqual(['app'])
  expect(await daemon.ask('get', 'app', 'banip')).toContain('192.0.2.7')
})

test('a jail that is as asked already needs no change', async () => {
  await using at = await createTestHost()
  await at.daemon.start()
  expect(await stageSwitch(at.host, 'app', true)).toBeUndefined()
  expect(await previewSwitch(at.host, 'app', true)).toMatchObject({
    already: true,
    files: [],
  })
})

test('a jail that is on in the files and does not run is loaded without a change of files', async () => {
  await using at = await createTestHost()
  await at.daemon.start()
  await at.daemon.ask('stop', 'web')
  const change = await stageSwitch(at.host, 'web', true)
  expect((await at.changes.get(change?.changeId ?? ''))?.files).toEqual([])
  expect(await at.host.config.apply(change?.changeId ?? '')).toMatchObject({ applied: true, files: [] })
  expect(await runningJails(at.host)).toEqual(['app', 'web'])
})

test('previews are worked out one after the other, and a flood of them is refused', async () => {
  await using at = await createTestHost()
  const previews = Array.from({ length: 20 }, () => previewSwitch(at.host, 'spare', true))
  const results = await Promise.allSettled(previews)
  const given = results.filter(({ status }) => status === 'fulfilled')
  const refused = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as Error] : []))
  expect(given).toHaveLength(5)
  expect(new Set(refused.map(({ name }) => name))).toEqual(new Set(['HostBusyError']))
  expect(await previewSwitch(at.host, 'spare', true)).toMatchObject({ refused: null })
})
