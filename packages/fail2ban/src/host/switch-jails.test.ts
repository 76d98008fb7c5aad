import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ban, createTestHost, runningJails } from '../../test/with-host.ts'

test('switching a jail on starts it, and the bans of the others stay', async () => {
  await using at = await createTestHost()
  const { host, daemon, changes } = at
  await daemon.start()
  await ban(at, 'app', '192.0.2.7')
  const change = await host.config.prepareSwitch('spare', true)
  expect(change).toMatchObject({
    kind: 'activate',
    jailName: 'spare',
    state: 'prepared',
    jailsBefore: ['app', 'web'],
  })
  expect(await runningJails(host)).toEqual(['app', 'web'])
  const path = join(daemon.configDir, 'jail.d', 'zz-bangui.local')
  await expect(readFile(path)).rejects.toThrow('ENOENT')
  const outcome = await host.config.apply(change?.id ?? '')
  expect(outcome).toEqual({ applied: true, files: [path], output: null, failure: null })
  expect(await runningJails(host)).toEqual(['app', 'spare', 'web'])
  expect((await daemon.client('get', 'app', 'banip')).output).toContain('192.0.2.7')
  expect((await changes.get(change?.id ?? ''))?.state).toBe('applied')
})

test('switching a jail off ends its bans only, after saying how many', async () => {
  await using at = await createTestHost()
  const { host, daemon } = at
  await daemon.start()
  await ban(at, 'app', '192.0.2.7')
  await ban(at, 'web', '192.0.2.8')
  expect(await host.config.previewSwitch('web', false)).toMatchObject({
    already: false,
    refused: null,
    bansEnding: 1,
  })
  const change = await host.config.prepareSwitch('web', false)
  expect(await host.config.apply(change?.id ?? '')).toMatchObject({ applied: true, failure: null })
  expect(await runningJails(host)).toEqual(['app'])
  expect((await daemon.client('get', 'app', 'banip')).output).toContain('192.0.2.7')
})

test('a jail that is as asked already needs no change', async () => {
  await using at = await createTestHost()
  await at.daemon.start()
  expect(await at.host.config.prepareSwitch('app', true)).toBeUndefined()
  expect(await at.host.config.previewSwitch('app', true)).toMatchObject({
    already: true,
    files: [],
    bansEnding: 0,
  })
})

test('a jail that is on in the files and does not run is loaded without a change of files', async () => {
  await using at = await createTestHost()
  await at.daemon.start()
  await at.daemon.client('stop', 'web')
  const change = await at.host.config.prepareSwitch('web', true)
  expect((await at.changes.get(change?.id ?? ''))?.files).toEqual([])
  expect(await at.host.config.apply(change?.id ?? '')).toMatchObject({ applied: true, files: [] })
  expect(await runningJails(at.host)).toEqual(['app', 'web'])
})

test('previews are worked out one after the other, and a flood of them is refused', async () => {
  await using at = await createTestHost()
  const previews = Array.from({ length: 20 }, () => at.host.config.previewSwitch('spare', true))
  const results = await Promise.allSettled(previews)
  const given = results.filter(({ status }) => status === 'fulfilled')
  const refused = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as Error] : []))
  expect(given).toHaveLength(5)
  expect(new Set(refused.map(({ name }) => name))).toEqual(new Set(['HostBusyError']))
  expect(await at.host.config.previewSwitch('spare', true)).toMatchObject({ refused: null })
})
