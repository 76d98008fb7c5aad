import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { parseDuration } from '@bangui/shared'
import { describe, expect, it } from 'vitest'
import { createFolder } from '../../test/fail2ban-reader.ts'
import type { Fail2banConfig } from './config-model.ts'
import { dumpConfig } from './dump-config.ts'
import { readDefinitions } from './definitions.ts'
import { effectiveSettings, ownSettings } from './effective-settings.ts'
import { findJailFaults } from './jail-faults.ts'
import { configuredJails, findConfiguredJail } from './list-jails.ts'
import { readFail2banConfig } from './read-config.ts'

const tools = { client: 'fail2ban-client' }

const base = {
  'fail2ban.conf': '[Definition]\nlogtarget = STDERR\n',
  'filter.d/f.conf': '[Definition]\nfailregex = ^<HOST>\n',
}

const defaults =
  '[DEFAULT]\nbantime = 10m\nfindtime = 10m\nmaxretry = 5\nbackend = polling\nlogpath = /dev/null\nfilter = f\n'

const settingsOf = (config: Fail2banConfig, name: string) =>
  ownSettings(effectiveSettings({ config, definitions: new Map() }, { scope: 'jail', name }), config, name)

async function jailOf(files: Record<string, string>, name = 'web') {
  await using folder = await createFolder({ ...base, ...files })
  const config = await readFail2banConfig(folder.path)
  return { jail: findConfiguredJail(config, name), settings: settingsOf(config, name) }
}

/** What fail2ban itself makes of a folder, for the jails that it switches on. */
async function dumped(path: string) {
  const { stream } = await dumpConfig({ path, configDir: path }, tools)
  const jails = stream.filter(([verb]) => verb === 'add').map(([, name, backend]) => ({ name, backend }))
  return jails.map(({ name, backend }) => {
    const option = (key: string) =>
      stream.find((command) => command[0] === 'set' && command[1] === name && command[2] === key)?.[3] as
        | string
        | number
        | undefined
    const logPaths = stream
      .filter((command) => command[1] === name && command[2] === 'addlogpath')
      .map((command) => command[3])
    return {
      name,
      backend,
      logPaths,
      bantime: parseDuration(String(option('bantime'))),
      findtime: parseDuration(String(option('findtime'))),
      maxretry: option('maxretry'),
    }
  })
}

describe('the jails of a configuration', () => {
  it('are all that the distribution ships, without the sections that are none', async () => {
    await using folder = await createFolder({})
    await cp('/etc/fail2ban', folder.path, { recursive: true })
    const config = await readFail2banConfig(folder.path)
    const jails = configuredJails(config)
    expect(jails.length).toBeGreaterThan(80)
    const definitions = await readDefinitions(
      config,
      jails.map(({ name }) => name),
    )
    expect(jails.flatMap(({ name }) => findJailFaults(config, name, definitions))).toEqual([])
    expect(jails.flatMap(({ name }) => findJailFaults(config, name, new Map()))).toEqual([])
    expect(jails.map(({ name }) => name)).not.toContain('INCLUDES')
    expect(jails.map(({ name }) => name)).not.toContain('DEFAULT')
    expect(jails.filter(({ enabled }) => enabled).map(({ name }) => name)).toEqual(['sshd'])
    expect(jails.find(({ name }) => name === 'sshd')).toMatchObject({
      filter: 'sshd',
      bantime: 600,
      findtime: 600,
      maxretry: 5,
    })
  })

  it.each([
    [
      'defaults in jail.local',
      {
        'jail.conf': `${defaults}[web]\nenabled = true\n[mail]\nenabled = true\nbantime = 1w\n`,
        'jail.local': '[DEFAULT]\nbantime = 2h\nfindtime = 1d 12h\n',
      },
    ],
    [
      'the order of jail.d',
      {
        'jail.conf': `${defaults}[web]\nenabled = no\n`,
        'jail.d/b.conf': '[web]\nenabled = true\nmaxretry = 7\n',
        'jail.d/a.conf': '[web]\nmaxretry = 8\n',
        'jail.local': '[web]\nbantime = 5m\n',
        'jail.d/z.local': '[web]\nbantime = 6m\n',
      },
    ],
    [
      'includes',
      {
        'jail.conf': `[INCLUDES]\nbefore = p.conf\nafter = q.conf\n${defaults}[web]\nenabled = true\nlogpath = %(web_log)s\n`,
        'p.conf': '[DEFAULT]\nweb_log = /etc/hosts\n',
        'p.local': '[DEFAULT]\nweb_log = /etc/hostname\n',
        'q.conf': '[DEFAULT]\nmaxretry = 9\n',
      },
    ],
    [
      'known values',
      {
        'jail.conf': `${defaults}[web]\nenabled = true\nlogpath = /etc/hosts\n`,
        'jail.local': '[web]\nlogpath = %(known/logpath)s\n  /etc/hostname\n',
      },
    ],
    [
      'log paths on several lines, with comments',
      {
        'jail.conf': `${defaults}[web]\nenabled = true\nlogpath = /etc/hosts tail ; one\n  # none\n  /etc/hostname\n\n  /dev/null head\n`,
      },
    ],
    [
      'words for yes and no',
      {
        'jail.conf': `${defaults}[a]\nenabled = yes\n[b]\nenabled = on\n[c]\nenabled = 1\n[d]\nenabled = True\n[e]\nenabled = YES ; sure\n[f]\nenabled = 2\n[g]\nenabled = no\n[h]\nenabled = enabled\n[i]\nx = 1\n`,
      },
    ],
    [
      'the name of the jail',
      {
        'jail.conf': `${defaults.replace('/dev/null', '/etc/%(__name__)s')}enabled = true\n[hosts]\n[hostname]\nbantime = -1\n`,
      },
    ],
    [
      'a jail that is switched off again',
      {
        'jail.conf': `${defaults}[web]\nenabled = true\n[mail]\nenabled = true\n`,
        'jail.d/x.local': '[web]\nenabled = false\n',
      },
    ],
  ])('are in effect as fail2ban has them: %s', async (_, files) => {
    await using folder = await createFolder({ ...base, ...files })
    const expected = await dumped(folder.path)
    expect(expected.length).toBeGreaterThan(0)
    const enabled = configuredJails(await readFail2banConfig(folder.path)).filter((jail) => jail.enabled)
    expect(
      enabled.map(({ name, backend, logPaths, bantime, findtime, maxretry }) => ({
        name,
        backend,
        logPaths,
        bantime,
        findtime,
        maxretry,
      })),
    ).toEqual(expected)
  })

  it('show the filter without its options, and no log where the journal is read', async () => {
    const { jail } = await jailOf({
      'jail.conf':
        '[web]\nfilter = f[mode=aggressive, x="a,b"]\nbackend = systemd[journalflags=1]\nlogpath = /x\n',
    })
    expect(jail).toMatchObject({
      filter: 'f',
      backend: 'systemd[journalflags=1]',
      logPaths: [],
    })
  })

  it('have what the daemon does where nothing is set', async () => {
    const { jail } = await jailOf({ 'jail.conf': '[web]\nx = 1\n' })
    expect(jail).toEqual({
      name: 'web',
      enabled: false,
      backend: 'auto',
      filter: null,
      logPaths: [],
      bantime: 600,
      findtime: 600,
      maxretry: 3,
    })
  })

  it.each([
    ['bantime = nonsense', { bantime: null }],
    ['findtime = 1h, 30m', { findtime: null }],
    ['maxretry = 3 # x', { maxretry: null }],
    ['backend = nosuch', { backend: 'nosuch' }],
    ['filter = nofilter[a=b]', { filter: 'nofilter' }],
    ['logpath = %(nowhere)s/x', { logPaths: [] }],
    ['enabled = %(enabled)s', { enabled: false }],
  ])('have what can be read where fail2ban refuses %s', async (line, expected) => {
    const { jail } = await jailOf({ 'jail.conf': `${defaults}[web]\n`, 'jail.local': `[web]\n${line}\n` })
    expect(jail).toMatchObject({ name: 'web', ...expected })
  })

  it.each([
    ['28800 # eight hours', 28_800],
    ['60*60', 3600],
    ['1h+30m', 5400],
    ['1.5H', 5400],
    ['2.9', 2],
    ['-1 # for ever', -1],
    ['max(60, 5)', null],
  ])('read a bantime of %s as fail2ban does', async (value, bantime) => {
    const { jail } = await jailOf({ 'jail.conf': `${defaults}[web]\nbantime = ${value}\n` })
    expect(jail).toMatchObject({ bantime })
  })

  it('are found by name, and no other section is', async () => {
    const { jail } = await jailOf(
      { 'jail.conf': '[INCLUDES]\nbefore = x\n[DEFAULT]\na = 1\n[web]\n' },
      'INCLUDES',
    )
    expect(jail).toBeUndefined()
    expect((await jailOf({ 'jail.conf': '[DEFAULT]\na = 1\n[web]\n' }, 'DEFAULT')).jail).toBeUndefined()
    expect((await jailOf({ 'jail.conf': '[web]\n' }, 'nothing')).jail).toBeUndefined()
  })
})

describe('the settings of a jail', () => {
  it('come with the place that decides each, what is built in without one', async () => {
    await using folder = await createFolder({
      'jail.conf':
        '[DEFAULT]\nbantime = 1h\nunrelated = 1\n[web]\nport = http\naction = a[port="%(port)s"]\n  b\n',
      'jail.local': '[web]\nport = 8080\nfailregex = %(known/failregex)s\n',
    })
    const conf = join(folder.path, 'jail.conf')
    const local = join(folder.path, 'jail.local')
    expect(settingsOf(await readFail2banConfig(folder.path), 'web')).toEqual([
      { key: 'enabled', value: 'false', file: null, line: null },
      { key: 'backend', value: 'auto', file: null, line: null },
      { key: 'maxretry', value: '3', file: null, line: null },
      { key: 'findtime', value: '600', file: null, line: null },
      { key: 'bantime', value: '1h', file: conf, line: 2 },
      { key: 'action', value: 'a[port="8080"]\nb', file: conf, line: 6 },
      { key: 'failregex', value: '%(known/failregex)s', file: local, line: 3 },
      { key: 'port', value: '8080', file: local, line: 2 },
    ])
  })
})
