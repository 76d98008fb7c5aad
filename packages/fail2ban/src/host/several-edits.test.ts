import { chmod, mkdir, readFile, realpath, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { resultOf } from '@bangui/async'
import { expect, it } from 'vitest'
import { ban, bannedIn, createTestHost, runningJails, type TestHost } from '../../test/with-host.ts'
import type { ConfigEdit } from '../models/edit-models.ts'
import type { Fail2banHost } from '../host.ts'
import { createLocalHost, type LocalHostOptions } from './local-host.ts'
import { findFail2banVersions, type TestedFail2ban } from '../testing.ts'

const jails = [
  { name: 'app', options: { action: 'record[port="%(port)s"]', port: '22' } },
  { name: 'web', options: { action: 'record[port="%(port)s"]', port: '80' } },
  { name: 'mail', options: { action: 'record[port="%(port)s"]', port: '25' } },
  { name: 'spare', enabled: false },
]

/** A fail2ban with an action that records what it does, as a firewall would. */
async function setUp({ binDir }: Partial<TestedFail2ban> = {}, overrides: Partial<LocalHostOptions> = {}) {
  const at = await createTestHost({ jails, ...(binDir !== undefined && { binDir }) }, overrides)
  const log = join(at.daemon.folder, 'record')
  await writeFile(log, '')
  const note = (what: string) => `echo ${what} <port> >> '${log}'`
  await writeFile(
    join(at.daemon.configDir, 'action.d', 'record.conf'),
    `[Definition]\nactionstart_on_demand = false\nactionstart = ${note('start')}\nactionstop = ${note('stop')}\nactioncheck =\nactionban = ${note('ban <ip>')}\nactionunban = ${note('unban <ip>')}\n[Init]\nport = 1\n`,
  )
  await at.daemon.start()
  const recorded = async () => (await readFile(log, 'utf8')).split('\n').filter((line) => line !== '')
  await expect.poll(async () => (await recorded()).filter((line) => line.startsWith('start'))).toHaveLength(3)
  await writeFile(log, '')
  return { ...at, recorded, [Symbol.asyncDispose]: () => at[Symbol.asyncDispose]() }
}

const set = (name: string, key: string, value: string): ConfigEdit => ({
  kind: 'set',
  scope: 'jail',
  name,
  key,
  value,
})

const title = 'A change of a test'

it.each(findFail2banVersions())(
  'several edits are one change, which loads each jail as it needs it: fail2ban $version',
  async (tested) => {
    await using at = await setUp(tested)
    for (const [index, jail] of ['app', 'web', 'mail'].entries()) await ban(at, jail, `192.0.2.${index + 1}`)
    await at.daemon.ask('set', 'app', 'findtime', '77')
    const edits = [
      set('app', 'bantime', '2h'),
      set('web', 'port', '443'),
      { kind: 'switch', jail: 'spare', enabled: true },
    ] as const
    const preview = await at.host.config.preview({ edits })
    expect(preview).toMatchObject({ refused: null, already: false, bansEnding: 0, bansInterrupted: 1 })
    const change = await at.host.config.stage({ edits, title })
    expect(change?.load).toEqual([
      { jail: 'spare', how: 'start' },
      { jail: 'app', how: 'reload' },
      { jail: 'web', how: 'restart' },
    ])
    expect(change?.load).toEqual(preview.load)
    expect(await at.host.config.apply(change?.changeId ?? '')).toMatchObject({ applied: true, failure: null })
    expect(await runningJails(at.host)).toEqual(['app', 'mail', 'spare', 'web'])
    // the new action has the ban, and nothing is left of the old one
    const recorded = await at.recorded()
    expect(recorded.filter((line) => line.endsWith(' 80'))).toEqual([
      'ban 192.0.2.2 80',
      ...(recorded.includes('unban 192.0.2.2 80') ? ['unban 192.0.2.2 80'] : []),
      'stop 80',
    ])
    expect(recorded.filter((line) => line.endsWith(' 443'))).toEqual(['start 443', 'ban 192.0.2.2 443'])
    // the others were not touched
    expect(recorded.filter((line) => / (?:22|25)$/.test(line))).toEqual([
      'ban 192.0.2.1 22',
      'ban 192.0.2.3 25',
    ])
    expect(await bannedIn(at, 'app')).toEqual(['192.0.2.1'])
    expect(await bannedIn(at, 'web')).toEqual(['192.0.2.2'])
    // what was changed until the next load is kept, what was asked for is loaded
    expect(await at.host.jails.getTuning('app')).toEqual({ bantime: 7200, findtime: 77, maxretry: 3 })
  },
)

/** A client that refuses the first load of a jail. */
async function createRefusingHost(at: TestHost, jail: string): Promise<Fail2banHost> {
  const tools = join(at.daemon.folder, 'bin')
  await mkdir(tools)
  const real = await realpath('/usr/bin/fail2ban-client')
  await symlink(await realpath('/usr/bin/fail2ban-server'), join(tools, 'fail2ban-server'))
  const client = join(tools, 'fail2ban-client')
  const refuse = `case "$*" in *"--if-exists ${jail}") mkdir '${tools}/once' 2>/dev/null && { echo 'Not now'; exit 255; };; esac`
  await writeFile(client, `#!/bin/sh\n${refuse}\nexec ${real} "$@"\n`)
  await chmod(client, 0o755)
  const { socketPath, configDir } = at.daemon
  return createLocalHost({ socketPath, configDir, client, configWrite: 'jails', stateDir: at.stateDir })
}

it('a jail that is refused ends the load, and everything is as before', async () => {
  await using at = await setUp()
  await ban(at, 'web', '192.0.2.2')
  const host = await createRefusingHost(at, 'web')
  const edits = [set('app', 'bantime', '2h'), set('web', 'port', '443')]
  const change = await host.config.stage({ edits, title })
  const outcome = await host.config.apply(change?.changeId ?? '')
  await host.close()
  expect(outcome).toMatchObject({ applied: false, failure: null, output: expect.stringContaining('Not now') })
  expect(await runningJails(at.host)).toEqual(['app', 'mail', 'web'])
  expect(await at.host.jails.getTuning('app')).toMatchObject({ bantime: 600 })
  await expect.poll(() => bannedIn(at, 'web')).toEqual(['192.0.2.2'])
  const recorded = await at.recorded()
  expect(recorded.filter((line) => line.endsWith(' 443'))).toEqual([])
  expect(recorded.at(-1)).toBe('ban 192.0.2.2 80')
})

it('a jail of which fail2ban would refuse the new value is named, and nothing is saved', async () => {
  await using at = await setUp()
  const edits = [set('app', 'maxretry', '4'), set('web', 'failregex', '(((')]
  expect(await at.host.config.preview({ edits })).toMatchObject({ refusedReason: 'config_refused' })
  await expect(at.host.config.stage({ edits, title })).rejects.toMatchObject({ code: 'config_refused' })
})

it('bans that do not come back after a restart of their jail are made again', async () => {
  await using at = await setUp()
  const config = join(at.daemon.configDir, 'fail2ban.conf')
  await writeFile(config, (await readFile(config, 'utf8')).replace(/^dbfile = .*$/m, 'dbfile = None'))
  await at.daemon.stop()
  await at.daemon.start()
  await ban(at, 'web', '192.0.2.2')
  const change = await at.host.config.stage({ edits: [set('web', 'port', '443')], title })
  const outcome = await at.host.config.apply(change?.changeId ?? '')
  expect(outcome).toMatchObject({ applied: true, output: expect.stringContaining('was made again') })
  expect(await bannedIn(at, 'web')).toEqual(['192.0.2.2'])
  expect(await at.recorded()).toContain('ban 192.0.2.2 443')
})

it('settings of fail2ban itself are set in the running daemon where it takes them, else by a restart', async () => {
  await using at = await setUp({}, { configWrite: 'all' })
  await ban(at, 'web', '192.0.2.2')
  const pid = await at.daemon.pid()
  const setOwn = (key: string, value: string): ConfigEdit => ({ kind: 'set', scope: 'fail2ban', key, value })
  const level = await at.host.config.stage({ edits: [setOwn('loglevel', 'DEBUG')], title })
  expect(level).toMatchObject({ load: [], runtime: [{ jail: null, key: 'loglevel', value: 'DEBUG' }] })
  expect(await at.host.config.apply(level?.changeId ?? '')).toMatchObject({ applied: true })
  expect(await at.daemon.ask('get', 'loglevel')).toContain('DEBUG')
  expect(await at.daemon.pid()).toBe(pid)
  expect(
    await resultOf(
      at.host.config.rollback({ changeId: level?.changeId ?? '', jailName: null, missingJails: [] }),
    ),
  ).toMatchObject({ online: true })
  expect(await at.daemon.ask('get', 'loglevel')).toContain('INFO')
  const dbfile = join(at.daemon.folder, 'other.sqlite3')
  expect(await at.host.config.preview({ edits: [setOwn('dbfile', dbfile)] })).toMatchObject({
    load: 'daemon-restart',
    bansInterrupted: 1,
    refused: null,
  })
  const database = await at.host.config.stage({ edits: [setOwn('dbfile', dbfile)], title })
  expect(await at.host.config.apply(database?.changeId ?? '')).toMatchObject({ applied: true, failure: null })
  expect(await at.daemon.ask('get', 'dbfile')).toContain(dbfile)
  expect(await at.daemon.pid()).not.toBe(pid)
  expect(await runningJails(at.host)).toEqual(['app', 'mail', 'web'])
})

it('a restart that fail2ban does not come back from is undone with another one', async () => {
  await using at = await setUp()
  const { socketPath, configDir, clientProgram: client, startCommand: start } = at.daemon
  const startCommand = ['sh', '-c', `grep -rqs bad.sqlite3 '${configDir}' || exec "$@"`, 'sh', ...start]
  const options = { socketPath, configDir, client, startCommand, stateDir: at.stateDir }
  const host = createLocalHost({ ...options, configWrite: 'all' })
  const dbfile = join(at.daemon.folder, 'bad.sqlite3')
  const edits: ConfigEdit[] = [{ kind: 'set', scope: 'fail2ban', key: 'dbfile', value: dbfile }]
  const change = await host.config.stage({ edits, title })
  const pid = await at.daemon.pid()
  const outcome = await host.config.apply(change?.changeId ?? '')
  await host.close()
  expect(outcome).toMatchObject({ applied: false, failure: null })
  expect(await at.daemon.pid()).not.toBe(pid)
  expect(await runningJails(at.host)).toEqual(['app', 'mail', 'web'])
  expect(await at.daemon.ask('get', 'dbfile')).toContain(at.daemon.dbfile)
})
