import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createFolder } from '../../test/fail2ban-reader.ts'
import { findFail2banVersions } from '../testing.ts'
import { readDefinitions } from './definitions.ts'
import { dumpConfig } from './dump-config.ts'
import type { ConfigDump } from './dump-config.ts'
import { describeFault, findJailFaults } from './jail-faults.ts'
import type { Fault } from './jail-faults.ts'
import { readFail2banConfig } from './read-config.ts'
import { readDump } from './read-dump.ts'
import { rehearse } from './rehearse.ts'

const base = {
  'fail2ban.conf': '[Definition]\nlogtarget = STDERR\ndbfile = None\n',
  'filter.d/f.conf': '[Definition]\nfailregex = ^<HOST>$\ndatepattern = ^%%Y\n[Init]\nx = 1\n',
  'action.d/a.conf': '[Definition]\nactionban = true <ip>\n[Init]\ny = %(z)s\nz = 1\n',
  'jail.conf':
    '[DEFAULT]\nbackend = polling\nlogpath = /dev/null\nfilter = f\naction = a\n[web]\nenabled = true\n[mail]\nenabled = true\n',
}

/** A mistake, the files that have it, what BanGUI says, the file and line, and what fail2ban does about it. */
type Mistake = [string, Record<string, string | Uint8Array>, string, string, Fault['effect']]

const mistakes: readonly Mistake[] = [
  [
    'a percent sign',
    { 'jail.local': '[web]\nport = 80\nfailregex = ^used 90% of quota from <HOST>$\n' },
    'failregex: “%” must be written “%%”',
    'jail.local:3',
    'folder',
  ],
  [
    'a name that nobody set',
    { 'jail.local': '[web]\nport = 80\nlogpath = %(nowhere)s/x\n' },
    'logpath: it uses %(nowhere)s',
    'jail.local:3',
    'folder',
  ],
  [
    'a reference to what is no name',
    { 'jail.local': '[web]\nport = 80\nlogpath = %(a secret)s/x\n' },
    'logpath: it contains “%(…)s” around text that is not a name.',
    'jail.local:3',
    'folder',
  ],
  [
    'a value that refers to itself',
    { 'jail.local': '[web]\nenabled = %(enabled)s\n' },
    'enabled: it refers to itself',
    'jail.local:2',
    'folder',
  ],
  [
    'a mistake in what a value refers to',
    { 'jail.local': '[DEFAULT]\nrate = 90%\n[web]\nignoreip = %(rate)s\n' },
    'ignoreip, in rate: “%” must be written',
    'jail.local:2',
    'folder',
  ],
  [
    'a mistake in an option that no page shows',
    { 'jail.local': '[web]\nlogencoding = 8%\n' },
    'logencoding: “%”',
    'jail.local:2',
    'folder',
  ],
  [
    'a filter with a percent sign',
    { 'filter.d/b.conf': '[Definition]\nfailregex = 50% <HOST>\n', 'jail.local': '[web]\nfilter = b\n' },
    'failregex: “%”',
    'filter.d/b.conf:2',
    'folder',
  ],
  [
    'a filter that cannot be read',
    { 'filter.d/b.conf': '[Definition]\nx = 1\nnonsense\n', 'jail.local': '[web]\nfilter = b\n' },
    'This line is not a setting',
    'filter.d/b.conf:3',
    'folder',
  ],
  [
    'a filter that refers to itself',
    {
      'filter.d/b.conf': '[Definition]\nfailregex = <failregex> <HOST>\n',
      'jail.local': '[web]\nfilter = b\n',
    },
    'failregex: it refers to itself',
    'filter.d/b.conf:2',
    'folder',
  ],
  [
    'an action with a percent sign',
    { 'action.d/b.conf': '[Definition]\nactionban = 50% <ip>\n', 'jail.local': '[web]\naction = a\n  b\n' },
    'actionban: “%”',
    'action.d/b.conf:2',
    'folder',
  ],
  [
    'an action that cannot be read',
    { 'action.d/b.conf': '[Definition]\nx = 1\nx = 2\n', 'jail.local': '[web]\naction = b\n' },
    'x is set twice',
    'action.d/b.conf:3',
    'folder',
  ],
  [
    'a missing filter',
    { 'jail.local': '[web]\nport = 80\nfilter = nonesuch[a=b]\n' },
    'The filter nonesuch has no file in',
    'jail.local:3',
    'jail',
  ],
  [
    'a missing action',
    { 'jail.local': '[web]\naction = a\n  nonesuch\n' },
    'The action nonesuch has no file in',
    'jail.local:2',
    'jail',
  ],
  [
    'actions that are separated by a comma',
    { 'jail.local': '[web]\naction = a, a\n' },
    'The action a, has no file in',
    'jail.local:2',
    'jail',
  ],
  [
    'a missing action in what the action refers to',
    {
      'jail.local': '[DEFAULT]\nban = nonesuch\nwhat = %(ban)s[x=1]\n[web]\nport = 80\naction = %(what)s\n',
    },
    'The action nonesuch has no file in',
    'jail.local:2',
    'jail',
  ],
  [
    'a missing filter in what the filter refers to',
    { 'jail.local': '[DEFAULT]\nkind = nonesuch\n[web]\nfilter = %(kind)s[x=1]\n' },
    'The filter nonesuch has no file in',
    'jail.local:2',
    'jail',
  ],
  [
    'a duration that refers to something else',
    { 'jail.local': '[DEFAULT]\nlong = ages\n[web]\nbantime = %(long)s\n' },
    'bantime is “%(long)s”',
    'jail.local:2',
    'load',
  ],
  [
    'an action that is a folder',
    { 'action.d/b.conf/x': '', 'jail.local': '[web]\naction = b\n' },
    'The action b has no file in',
    'jail.local:2',
    'jail',
  ],
  [
    'two filters',
    { 'jail.local': '[web]\nfilter = f f\n' },
    'The filter f f has no file in',
    'jail.local:2',
    'jail',
  ],
  [
    'a filter whose values lead back to themselves',
    {
      'filter.d/b.conf': '[Definition]\nfailregex = <x> <HOST>\nx = <y>\n[Init]\ny = <x>\n',
      'jail.local': '[web]\nfilter = b\n',
    },
    'x: it refers to itself',
    'filter.d/b.conf:3',
    'folder',
  ],
  [
    'an action whose values lead back to themselves',
    {
      'action.d/b.conf': '[Definition]\nactionban = <x>\n[Init]\nx = <y>\ny = <x>\n',
      'jail.local': '[web]\naction = b\n',
    },
    'x: it refers to itself',
    'action.d/b.conf:4',
    'folder',
  ],
  [
    'brackets without an action',
    { 'jail.local': '[web]\naction = [x=1]\n' },
    'An action begins with a bracket',
    'jail.local:2',
    'jail',
  ],
  [
    'brackets without a filter',
    { 'jail.local': '[web]\nfilter = [x=1]\n' },
    'The filter begins with a bracket',
    'jail.local:2',
    'jail',
  ],
  [
    'a bantime that is none',
    { 'jail.local': '[web]\nbantime = nonsense\n' },
    'bantime is “nonsense”, which is not a duration',
    'jail.local:2',
    'load',
  ],
  [
    'a findtime with a comma',
    { 'jail.local': '[web]\nfindtime = 5 parsecs\n' },
    'findtime is “5 parsecs”',
    'jail.local:2',
    'load',
  ],
  [
    'a maxretry with a comment',
    { 'jail.local': '[web]\nmaxretry = 3 # x\n' },
    'maxretry is “3 # x”, which is not a whole number',
    'jail.local:2',
    'load',
  ],
  [
    'a backend that nobody knows',
    { 'jail.local': '[web]\nbackend = nosuch\n' },
    'backend is “nosuch”, which fail2ban does not know',
    'jail.local:2',
    'load',
  ],
  [
    'a backend that another option has',
    { 'jail.local': '[DEFAULT]\ntoken = secret\n[web]\nbackend = %(token)s\n' },
    'backend is “%(token)s”, which fail2ban does not know',
    'jail.local:2',
    'load',
  ],
]

/** These are mistakes from fail2ban 1.0 on; 0.11.2 passes over the rest of the brackets. */
const newMistakes: typeof mistakes = [
  [
    'parameters without a comma',
    { 'jail.local': '[web]\naction = a[x="1" secret=2]\n' },
    'An action has an error after the parameter x',
    'jail.local:2',
    'jail',
  ],
  [
    'parameters of a filter without a comma',
    { 'jail.local': '[web]\nfilter = f[x="1" y=2]\n' },
    'The filter has an error after the parameter x',
    'jail.local:2',
    'jail',
  ],
]

/** What fail2ban takes, though it looks odd. */
const good: readonly [string, Record<string, string>][] = [
  ['values of the filter', { 'jail.local': '[web]\nfailregex = %(known/failregex)s\n  ^x <HOST>$\n' }],
  ['parameters', { 'jail.local': '[web]\nfilter = f[x="a,b"][y=2]\naction = a[x="1, 2",\n  y=3\n  ]\n' }],
  [
    'a comment after a duration',
    { 'jail.local': '[web]\nbantime = 28800 # eight hours\nfindtime = 60 * 10\n' },
  ],
  ['numbers as Python writes them', { 'jail.local': '[web]\nmaxretry = 1_0\nmaxmatches = +5\n' }],
  [
    'a parameter instead of a mistake',
    {
      'action.d/b.conf': '[Definition]\nactionban = 5%\n[Init]\nx = <x>\n',
      'jail.local': '[web]\naction = b[x=1, actionban=true]\n',
    },
  ],
  [
    'a mistake in what no action reads, and what it has at the time of a ban',
    {
      'action.d/b.conf': '[Definition]\nactionban = true <bantime>\nnote = 5%\n[Init]\nbantime = <bantime>\n',
      'jail.local': '[web]\naction = b\n',
    },
  ],
  ['a mistake in a jail that is off', { 'jail.local': '[off]\nbantime = 5%\naction = nonesuch\n' }],
  [
    'what is known of the defaults',
    { 'jail.local': '[web]\nbantime = 1h\n[DEFAULT]\nport = %(known/port)s\n[mail]\nbackend = POLLING\n' },
  ],
]

async function look(files: Record<string, string | Uint8Array>) {
  const folder = await createFolder({ ...base, ...files })
  const config = await readFail2banConfig(folder.path)
  const faults = findJailFaults(config, 'web', await readDefinitions(config, ['web', 'mail']))
  return { folder, faults }
}

describe.each(findFail2banVersions())('with fail2ban $version', ({ version, binDir }) => {
  const tools = { client: binDir === undefined ? 'fail2ban-client' : join(binDir, 'fail2ban-client') }
  const all = version === '0.11.2' ? mistakes : [...mistakes, ...newMistakes]

  it.each(all)(
    '%s is found with its place, and does what BanGUI expects',
    async (...[, files, text, place, effect]) => {
      const { folder, faults } = await look(files)
      await using _folder = folder
      expect(faults).toHaveLength(1)
      const [fault] = faults
      expect(fault?.message).toContain(text)
      expect(fault?.message).not.toContain('secret')
      const [file = '', line] = place.split(':')
      expect(fault).toMatchObject({ file: join(folder.path, file), line: Number(line), effect })
      const staged = { path: folder.path, configDir: folder.path }
      const dumps: ConfigDump[] = []
      if (effect === 'load') {
        const allow = async (dump: ConfigDump) => void dumps.push(dump)
        const { failedJails } = await rehearse(staged, tools, { allow })
        expect(failedJails.map(({ name }) => name)).toEqual(['web'])
      } else dumps.push(await dumpConfig(staged, tools))
      const [dump] = dumps.map(readDump)
      expect(dump?.refusals).toHaveLength(effect === 'folder' ? 1 : 0)
      expect([...(dump?.wrongJails.keys() ?? [])]).toEqual(effect === 'jail' ? ['web'] : [])
    },
  )

  it.each(good)('nothing is found where fail2ban takes %s', async (_, files) => {
    const { folder, faults } = await look(files)
    await using _folder = folder
    expect(faults).toEqual([])
    expect(await rehearse({ path: folder.path, configDir: folder.path }, tools)).toMatchObject({ ok: true })
  })
})

describe('a fault', () => {
  it('does not say of a value that becomes too long that it refers to itself', async () => {
    const long = `[Definition]\nfailregex = <a><a> <HOST>\n[Init]\na = ${'x'.repeat(600_000)}\n`
    const { folder, faults } = await look({ 'filter.d/f.conf': long, 'jail.local': '[web]\nfilter = f\n' })
    await using _folder = folder
    expect(faults).toMatchObject([{ message: 'failregex: it becomes too long after substitution.' }])
  })

  it('is described with its place', () => {
    const fault = { message: 'It is wrong.', file: '/etc/x', line: 3, effect: 'jail' } as const
    expect(describeFault(fault)).toBe('It is wrong. (/etc/x, line 3)')
    expect(describeFault({ ...fault, line: null })).toBe('It is wrong. (/etc/x)')
    expect(describeFault({ ...fault, file: null })).toBe('It is wrong.')
  })
})
