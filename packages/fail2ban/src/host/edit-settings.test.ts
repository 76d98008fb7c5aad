import { resultOf } from '@bangui/async'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { stageManualJail, stageSettings, stageSwitch, stopJail } from '../../test/changes.ts'
import { ban, createTestHost, runningJails, type TestHost } from '../../test/with-host.ts'

const ownFile = (at: TestHost) => join(at.daemon.configDir, 'jail.d', 'zz-bangui.local')

test('settings are made permanent: written to one file, loaded, and there after a restart', async () => {
  await using at = await createTestHost()
  await at.daemon.start()
  await ban(at, 'app', '192.0.2.7')
  const settings = { bantime: 7200, findtime: 60, maxretry: 9, addIgnored: ['10.0.0.0/8', '2001:db8::1'] }
  const change = await stageSettings(at.host, 'app', settings)
  expect(change).toMatchObject({
    load: [{ jail: 'app', how: 'reload' }],
    runtime: [],
    expect: { before: ['app', 'web'], running: [], stopped: [] },
    files: [{ path: ownFile(at), before: null, after: expect.stringMatching(/^[0-9a-f]{64}$/) }],
  })
  await expect(readFile(ownFile(at))).rejects.toThrow('ENOENT')
  const outcome = await at.host.config.apply(change?.changeId ?? '')
  expect(outcome).toEqual({ applied: true, files: [ownFile(at)], output: null, failure: null })
  const wanted = { bantime: 7200, findtime: 60, maxretry: 9 }
  expect(await at.host.jails.getTuning('app')).toEqual(wanted)
  expect([...(await at.host.jails.listIgnored('app'))].sort()).toEqual(['10.0.0.0/8', '2001:db8::1'])
  expect(await at.host.bans.list('app')).toMatchObject([{ address: '192.0.2.7' }])
  expect(await stageSettings(at.host, 'app', settings)).toBeUndefined()
  expect(await resultOf(at.host.daemon.restart())).toMatchObject({ ok: true })
  expect(await at.host.jails.getTuning('app')).toEqual(wanted)
})

test('each setting goes where it is set already, and nothing else in the file changes', async () => {
  await using at = await createTestHost()
  const local = join(at.daemon.configDir, 'jail.local')
  await writeFile(local, '# mine\n[app]\nbantime = 10m ; short\nport = 22\n')
  const change = await stageSettings(at.host, 'app', { bantime: 60, maxretry: 3, findtime: 30 })
  const saved = await at.changes.get(change?.changeId ?? '')
  const written = saved?.written.map(({ path, content }) => [path, Buffer.from(content ?? '').toString()])
  expect(written).toEqual([
    [local, '# mine\n[app]\nbantime = 60 ; short\nport = 22\n'],
    [ownFile(at), expect.stringContaining('[app]\nfindtime = 30\n')],
  ])
})

test('the settings of a jail that is off are written and do not switch it on', async () => {
  await using at = await createTestHost()
  await at.daemon.start()
  const change = await stageSettings(at.host, 'spare', { bantime: 60 })
  expect(await at.host.config.apply(change?.changeId ?? '')).toMatchObject({
    applied: true,
    failure: null,
    output: null,
  })
  expect(await runningJails(at.host)).toEqual(['app', 'web'])
  expect(await at.host.jails.get('spare')).toMatchObject({ enabled: false, bantime: 60 })
})

test('a change of settings is rolled back', async () => {
  await using at = await createTestHost()
  await at.daemon.start()
  const change = await stageSettings(at.host, 'app', { bantime: 60 })
  await at.host.config.apply(change?.changeId ?? '')
  const request = { changeId: change?.changeId ?? '', jailName: 'app', missingJails: [] }
  expect(await resultOf(at.host.config.rollback(request))).toMatchObject({
    online: true,
    started: false,
  })
  expect(await at.host.jails.getTuning('app')).toMatchObject({ bantime: 600 })
})

test('the jail for manual bans is set up, loads, and bans for ever', async () => {
  await using at = await createTestHost()
  await at.daemon.start()
  const change = await stageManualJail(at.host)
  expect(change).toMatchObject({
    load: [{ jail: 'bangui', how: 'start' }],
    expect: { running: ['bangui'] },
  })
  const outcome = await at.host.config.apply(change?.changeId ?? '')
  expect(outcome).toMatchObject({ applied: true, files: [ownFile(at)], failure: null })
  expect(await runningJails(at.host)).toEqual(['app', 'bangui', 'web'])
  expect(await at.host.bans.ban('bangui', ['192.0.2.7'])).toMatchObject({ banned: 1 })
  expect(await at.host.bans.list('bangui')).toMatchObject([
    { address: '192.0.2.7', duration: -1, until: null },
  ])
  expect((await at.daemon.client('get', 'bangui', 'actions')).output).toContain('noop')
  // nothing but a person bans there
  expect((await at.daemon.client('get', 'bangui', 'logpath')).output).toContain('/dev/null')
  expect((await at.daemon.client('get', 'bangui', 'failregex')).output).toContain('No regular expression')
  expect(await stageManualJail(at.host)).toBeUndefined()
  await resultOf(at.host.daemon.restart())
  expect(await at.host.bans.list('bangui')).toMatchObject([{ address: '192.0.2.7', duration: -1 }])
})

test('a jail for manual bans that was switched off or stopped is put on again', async () => {
  await using at = await createTestHost()
  await at.daemon.start()
  const apply = async (change: { changeId: string } | undefined) =>
    at.host.config.apply(change?.changeId ?? '')
  await apply(await stageManualJail(at.host))
  await apply(await stageSwitch(at.host, 'bangui', false))
  expect(await runningJails(at.host)).toEqual(['app', 'web'])
  await apply(await stageManualJail(at.host))
  await stopJail(at.host, 'bangui')
  const again = await stageManualJail(at.host)
  expect((await at.changes.get(again?.changeId ?? ''))?.files).toEqual([])
  expect(await apply(again)).toMatchObject({ applied: true })
  expect(await runningJails(at.host)).toEqual(['app', 'bangui', 'web'])
})

test.each(['true', 'false'])(
  'the jail for manual bans is not set up over somebody’s own jail of that name (enabled = %s)',
  async (enabled) => {
    await using at = await createTestHost()
    const file = join(at.daemon.configDir, 'jail.d', 'bangui.conf')
    const text = `[bangui]\nenabled = ${enabled}\nfilter = bangui\nbackend = systemd\nbantime = 1h\n`
    await writeFile(file, text)
    await expect(stageManualJail(at.host)).rejects.toThrow(
      `The jail bangui is in use for something else: ${file}, line 3, sets filter = bangui.`,
    )
    expect(await readFile(file, 'utf8')).toBe(text)
  },
)
