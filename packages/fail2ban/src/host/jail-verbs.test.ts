import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { banMany } from '../../test/ban-many.ts'
import {
  loaded,
  reloadJail,
  stageManualJail,
  stageSettings,
  startJail,
  stopJail,
} from '../../test/changes.ts'
import { ban, createTestHost, runningJails, type TestHost } from '../../test/with-host.ts'
import { ConfigReadOnlyError, ConfigRefusedError, JailDisabledError, JailUnknownError } from '../errors.ts'

const ownFile = (at: TestHost) => join(at.daemon.configDir, 'jail.d', 'zz-bangui.local')

test('a running jail is tuned until it is loaded again', async () => {
  await using at = await createTestHost()
  await at.daemon.start()
  await at.host.jails.tune('app', { bantime: -1, findtime: 60, maxretry: 9 })
  expect(await at.host.jails.getTuning('app')).toEqual({ bantime: -1, findtime: 60, maxretry: 9 })
  expect(await at.host.jails.getTuning('web')).toEqual({ bantime: 600, findtime: 600, maxretry: 3 })
  expect(await reloadJail(at.host, 'app')).toEqual(loaded)
  expect(await at.host.jails.getTuning('app')).toEqual({ bantime: 600, findtime: 600, maxretry: 3 })
})

test('addresses are added to and removed from an ignore list, also twice', async () => {
  await using at = await createTestHost()
  await at.daemon.start()
  const addIgnored = ['192.0.2.7', '2001:db8::/32', '10.0.0.0/8']
  for (let n = 0; n < 2; n++) await at.host.jails.tune('app', { addIgnored })
  expect([...(await at.host.jails.listIgnored('app'))].sort()).toEqual(addIgnored.toSorted())
  for (let n = 0; n < 2; n++)
    await at.host.jails.tune('app', { removeIgnored: ['192.0.2.7', '10.0.0.0/8', '198.51.100.1'] })
  expect(await at.host.jails.listIgnored('app')).toEqual(['2001:db8::/32'])
  expect(await readFile(at.daemon.logfile, 'utf8')).not.toContain('ERROR')
})

test('values that fail2ban would evaluate, or that make no sense, never reach it', async () => {
  await using at = await createTestHost()
  await at.daemon.start()
  const bad = [
    { bantime: 1.5 },
    { bantime: -2 },
    { bantime: 0 },
    { findtime: -1 },
    { maxretry: 0 },
    { bantime: Number.NaN },
    { bantime: 1e10 },
    { bantime: '__import__("os")' as unknown as number },
  ]
  for (const changes of bad) {
    await expect(at.host.jails.tune('app', changes)).rejects.toMatchObject({ name: 'CommandError' })
    await expect(stageSettings(at.host, 'app', changes)).rejects.toMatchObject({
      name: 'CommandError',
    })
  }
  for (const text of ['10.0.0.1/8', 'localhost', '--all', '1.2.3.4\nx']) {
    await expect(at.host.jails.tune('app', { bantime: 5, addIgnored: [text] })).rejects.toThrow(/canonical/)
    await expect(stageSettings(at.host, 'app', { addIgnored: [text] })).rejects.toThrow(/canonical/)
  }
  expect(await at.host.jails.getTuning('app')).toMatchObject({ bantime: 600 })
  for (const name of ['nosuch', '--all', '../x']) {
    await expect(at.host.jails.tune(name, { bantime: 5 })).rejects.toThrow(JailUnknownError)
    await expect(at.host.jails.getTuning(name)).rejects.toThrow(JailUnknownError)
    await expect(at.host.jails.setIdle(name, true)).rejects.toThrow(JailUnknownError)
    await expect(stageSettings(at.host, name, { bantime: 5 })).rejects.toThrow(JailUnknownError)
    for (const verb of [startJail, stopJail, reloadJail])
      await expect(verb(at.host, name)).rejects.toThrow(JailUnknownError)
  }
})

test('a jail is stopped and started again, and the bans of the others stay', async () => {
  await using at = await createTestHost()
  await at.daemon.start()
  await ban(at, 'app', '192.0.2.7')
  await stopJail(at.host, 'web')
  expect(await runningJails(at.host)).toEqual(['app'])
  await expect(stopJail(at.host, 'web')).rejects.toThrow(JailUnknownError)
  await startJail(at.host, 'web')
  expect(await runningJails(at.host)).toEqual(['app', 'web'])
  expect(await at.host.bans.list('app')).toMatchObject([{ address: '192.0.2.7' }])
  await expect(startJail(at.host, 'spare')).rejects.toThrow(JailDisabledError)
  await expect(reloadJail(at.host, 'spare')).rejects.toThrow(JailDisabledError)
})

test('a jail that fail2ban would refuse is not loaded, and goes on as it was', async () => {
  await using at = await createTestHost()
  await at.daemon.start()
  await ban(at, 'app', '192.0.2.7')
  await writeFile(ownFile(at), '[app]\nfailregex = (((\n')
  await expect(reloadJail(at.host, 'app')).rejects.toThrow(ConfigRefusedError)
  expect(await at.host.bans.list('app')).toMatchObject([{ address: '192.0.2.7' }])
  // what is wrong with one jail does not keep another from being loaded
  expect(await reloadJail(at.host, 'web')).toEqual(loaded)
})

test('an idle jail bans nobody for its log until it goes on', async () => {
  await using at = await createTestHost()
  await at.daemon.start()
  await at.host.jails.setIdle('app', true)
  for (let n = 0; n < 5; n++) await at.daemon.logFailure('app', '192.0.2.7')
  for (let n = 0; n < 5; n++) await at.daemon.logFailure('web', '192.0.2.8')
  await expect.poll(() => at.host.bans.list('web')).toHaveLength(1)
  expect(await at.host.bans.list('app')).toEqual([])
  await at.host.jails.setIdle('app', false)
  await at.daemon.logFailure('app', '192.0.2.7')
  await expect.poll(() => at.host.bans.list('app')).toHaveLength(1)
})

test('without a daemon nothing is loaded, and that is said', async () => {
  await using at = await createTestHost()
  for (const verb of [startJail, reloadJail, stopJail])
    await expect(verb(at.host, 'app')).rejects.toMatchObject({ name: 'Fail2banUnavailableError' })
})

test('where the configuration may not be written nothing is prepared', async () => {
  await using at = await createTestHost(undefined, { configWrite: 'off' })
  await expect(stageSettings(at.host, 'app', { bantime: 60 })).rejects.toThrow(ConfigReadOnlyError)
  await expect(stageManualJail(at.host)).rejects.toThrow(ConfigReadOnlyError)
})

test('a jail whose bans take long to end is waited for when it is stopped, and a second change is refused', async () => {
  await using at = await createTestHost()
  const action = '[Definition]\nactionban =\nactionunban = sleep 0.1\n'
  await writeFile(join(at.daemon.configDir, 'action.d', 'slow.conf'), action)
  await at.daemon.addJail({ name: 'slow', options: { action: 'slow' } })
  await at.daemon.start()
  const addresses = Array.from({ length: 60 }, (_, index) => `192.0.2.${index}`)
  expect(await banMany(at.host, 'slow', { addresses })).toMatchObject({ banned: 60 })
  const stopping = stopJail(at.host, 'slow')
  await expect(startJail(at.host, 'web')).rejects.toMatchObject({ name: 'HostBusyError' })
  // a ban waits until the jail is gone
  const banning = at.host.bans.ban('app', ['198.51.100.1'])
  await stopping
  expect(await banning).toMatchObject({ banned: 1 })
  expect(await runningJails(at.host)).toEqual(['app', 'web'])
})

test('a jail that fail2ban does not have leaves no error in its log', async () => {
  await using at = await createTestHost()
  await at.daemon.start()
  const calls = [
    at.host.jails.getTuning('bangui'),
    at.host.jails.getFilter('bangui'),
    at.host.jails.listIgnored('spare'),
    at.host.jails.getIgnoreList('spare'),
    at.host.bans.list('spare'),
    at.host.jails.setIdle('spare', true),
  ]
  for (const call of calls) await expect(call).rejects.toThrow(JailUnknownError)
  expect(await at.host.jails.getTuning('app')).toMatchObject({ maxretry: expect.any(Number) })
  const lines = (await readFile(at.daemon.logfile, 'utf8')).split('\n')
  expect(lines.filter((line) => line.includes(' ERROR '))).toEqual([])
})
