import { rename } from 'node:fs/promises'
import { Jail } from '@bangui/shared'
import { expect, test } from 'vitest'
import { ban, createTestHost } from '../../test/with-host.ts'
import { createDaemonConnection } from '../wire/daemon-connection.ts'

test('every jail is listed, running or not, with its counts and settings', async () => {
  await using at = await createTestHost({
    jails: [
      { name: 'web', bantime: '1h' },
      { name: 'app', maxretry: 7 },
      { name: 'off', enabled: false },
    ],
  })
  await at.daemon.start()
  await ban(at, 'web', '192.0.2.7')
  const jails = await at.host.jails.list()
  expect(
    jails.map(({ name, enabled, running, currentlyBanned }) => [name, enabled, running, currentlyBanned]),
  ).toEqual([
    ['app', true, true, 0],
    ['off', false, false, 0],
    ['web', true, true, 1],
  ])
  expect(jails[0]).toMatchObject({ backend: 'polling', maxretry: 7, filter: 'app', problem: null })
  expect(jails[2]).toMatchObject({ bantime: 3600, findtime: 600 })
})

test('a running jail has the times that are in force, others those of the configuration', async () => {
  await using at = await createTestHost({
    jails: [
      { name: 'app', bantime: '28800 # eight hours', findtime: '1.5h' },
      { name: 'web', bantime: 'max(60, 5)', maxretry: '4' },
      { name: 'off', bantime: '2*1h', enabled: false },
      { name: 'unread', bantime: 'max(60, 5)', enabled: false },
    ],
  })
  const times = async () =>
    (await at.host.jails.list()).map(({ name, bantime, findtime, maxretry }) => [
      name,
      bantime,
      findtime,
      maxretry,
    ])
  expect(await times()).toEqual([
    ['app', 28_800, 5400, 3],
    ['off', 7200, 600, 3],
    ['unread', null, 600, 3],
    ['web', null, 600, 4],
  ])
  await at.daemon.start()
  await at.daemon.ask('set', 'app', 'bantime', '86400')
  expect(await times()).toEqual([
    ['app', 86_400, 5400, 3],
    ['off', 7200, 600, 3],
    ['unread', null, 600, 3],
    ['web', 60, 600, 4],
  ])
  expect((await at.host.jails.list()).filter(({ problem }) => problem !== null)).toEqual([])
  expect(await at.host.jails.get('app')).toMatchObject({ bantime: 86_400 })
})

test('a jail that only the daemon has is listed as such', async () => {
  await using at = await createTestHost()
  await at.daemon.start()
  await at.daemon.client('add', 'stranger', 'polling')
  const stranger = (await at.host.jails.list()).find(({ name }) => name === 'stranger')
  expect(stranger).toMatchObject({ enabled: false, running: true, unconfigured: true, filter: null })
  expect(await at.host.jails.get('stranger')).toMatchObject({ settings: [] })
})

test('without a daemon the configured jails are listed as not running', async () => {
  await using at = await createTestHost()
  const jails = await at.host.jails.list()
  expect(jails.map(({ name, running }) => [name, running])).toEqual([
    ['app', false],
    ['spare', false],
    ['web', false],
  ])
})

test('a jail has its effective settings and the place of each', async () => {
  await using at = await createTestHost()
  const jail = await at.host.jails.get('app')
  const enabled = jail.settings.find(({ key }) => key === 'enabled')
  expect(enabled).toMatchObject({ value: 'true', file: expect.stringContaining('defaults.conf'), line: 2 })
})

test('ten concurrent listings are one look at the daemon', async () => {
  const asked: string[] = []
  await using daemonOnly = await createTestHost()
  const { socketPath } = daemonOnly.daemon
  const connection = createDaemonConnection({ socketPath })
  const counting = {
    ...connection,
    get connected() {
      return connection.connected
    },
    request: (...args: Parameters<typeof connection.request>) => {
      asked.push(args[0].join(' '))
      return connection.request(...args)
    },
  }
  await using at = await createTestHost(
    { folder: daemonOnly.daemon.folder, jails: [{ name: 'app' }] },
    { connection: counting },
  )
  await at.daemon.start()
  const lists = await Promise.all(Array.from({ length: 10 }, () => at.host.jails.list()))
  expect(new Set(lists).size).toBe(1)
  expect(asked.filter((command) => command === 'status')).toHaveLength(1)
})

test('where the configuration cannot be read the running jails are listed all the same, with the reason', async () => {
  await using at = await createTestHost({ jails: [{ name: 'app' }] })
  await at.daemon.start()
  await rename(at.daemon.configDir, `${at.daemon.configDir}.away`)
  const [jail, ...others] = await at.host.jails.list()
  await rename(`${at.daemon.configDir}.away`, at.daemon.configDir)
  expect(others).toEqual([])
  expect(jail).toMatchObject({ name: 'app', running: true, enabled: false })
  expect(jail?.problem).toContain(at.daemon.configDir)
})

test('a jail has what its model says and nothing else', async () => {
  await using at = await createTestHost({ jails: [{ name: 'app' }] })
  await at.daemon.start()
  const [jail] = await at.host.jails.list()
  expect(Jail.strict().parse(jail)).toEqual(jail)
})
