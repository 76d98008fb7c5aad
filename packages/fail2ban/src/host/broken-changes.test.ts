import { rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ConfigMessage } from '@bangui/shared'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestHost, type TestHost } from '../../test/with-host.ts'
import type { ConfigEdit } from '../models/edit-models.ts'
import { findFail2banVersions } from '../testing.ts'

type Files = Readonly<Record<string, string>>
type Place = readonly [file: string, line: number, section: string, key: string | null]

/** A broken change of one jail, which has the name of the case. */
interface BrokenJail {
  readonly name: string
  readonly files: Files
  readonly place: Place
  readonly text: RegExp
  /** @default all versions */
  readonly versions?: RegExp
}

type Setting = readonly [name: string, setting: string, text: RegExp, line?: number]

/** A value of a jail, on the third line of its file. */
const inJail = (...[name, setting, text, line = 3]: Setting): BrokenJail => ({
  name,
  files: { [`jail.d/${name}.local`]: `[${name}]\nport = 22\n${setting}\n` },
  place: [`jail.d/${name}.local`, line, name, setting.slice(0, setting.indexOf(' '))],
  text,
})

/** A value of a jail's filter, on the third line of its file. */
const inFilter = (...[name, setting, text, line = 3]: Setting): BrokenJail => ({
  name,
  files: { [`filter.d/${name}.local`]: `# own\n[Definition]\n${setting}\n` },
  place: [`filter.d/${name}.local`, line, 'Definition', setting.slice(0, setting.indexOf(' '))],
  text,
})

const isBadRegex = /Unable to compile regular expression/

/** fail2ban leaves each of these jails out, or refuses a value of it, so all are broken by one change. */
const brokenJails: readonly BrokenJail[] = [
  inJail('filter', 'filter = nosuch', /Unable to read the filter 'nosuch'/),
  inJail('brackets', 'filter = brackets[x=1', /Invalid filter definition/),
  inJail('regex', 'failregex = ^(b <HOST>$', isBadRegex),
  inJail(
    'hostless',
    'failregex = ^a <HOST>$\n            # of\n            ^b$',
    /No failure-id group in/,
    5,
  ),
  inFilter(
    'regexes',
    'failregex = ^a <HOST>$\n\n            ^100%% <HOST>$\n            ^(%%b <HOST>$',
    isBadRegex,
    6,
  ),
  {
    ...inFilter(
      'prefixed',
      '_p = app:\nfailregex = ^%(_p)s a <HOST>$\n            ^%(_p)s (b <HOST>$',
      isBadRegex,
      5,
    ),
    place: ['filter.d/prefixed.local', 5, 'Definition', 'failregex'],
  },
  inFilter('ignored', 'ignoreregex = ^(b', isBadRegex),
  inFilter('prefregex', 'prefregex = ^(b <F-CONTENT>.+</F-CONTENT>$', isBadRegex),
  { ...inFilter('lines', 'maxlines = many', /invalid literal for int/), versions: /^0\./ },
  inJail('bantime', 'bantime = nonsense', /bantime: name 'nonsense' is not defined/),
  inJail('findtime', 'findtime = 1 fortnight', /^findtime: /),
  inJail('maxretry', 'maxretry = many', /Wrong value for 'maxretry' in 'maxretry'/),
  inJail('logpath', 'logpath = /nonexistent/app.log', /Have not found any log file/),
  inJail('parameter', 'action = noop[name="', /Invalid action definition/),
  inJail('action', 'action = noop\n         nosuch[name=x]', /Unable to read action 'nosuch'/, 4),
  {
    name: 'banaction',
    files: { 'jail.d/banaction.local': '[banaction]\nbanaction = nosuch\naction = %(banaction)s[name=x]\n' },
    place: ['jail.d/banaction.local', 2, 'banaction', 'banaction'],
    text: /Unable to read action 'nosuch'/,
  },
  inJail('backend', 'backend = nonsense', /Unknown backend nonsense/),
  inJail('logencoding', 'logencoding = nosuch', /unknown encoding: nosuch/),
  inJail('logtimezone', 'logtimezone = nosuch', /Unknown or unsupported time zone/),
  { ...inJail('ignorecache', 'ignorecache = nonsense', /expected option, wrong syntax/), versions: /^1\./ },
  inJail('formula', 'bantime.formula = ban.Time *', /^bantime\.formula: /),
  inJail('multipliers', 'bantime.multipliers = 1 a', /invalid literal for int/),
  inJail('datepattern', 'datepattern = ^%%Y\n              ^(%%d', /Unable to compile '\^\(%d'/, 4),
  inFilter('dates', 'datepattern = ^(%%d', /Unable to compile '\^\(%d'/),
]

/** fail2ban refuses the configuration as a whole. */
const brokenFolders: readonly (readonly [
  what: string,
  files: Files,
  jail: string | null,
  place: Place,
  text: RegExp,
])[] = [
  [
    'a name that is not set',
    { 'jail.d/x.local': '[action]\nport = 22\nlogpath = %(nothing)s/x\n' },
    'action',
    ['jail.d/x.local', 3, 'action', 'logpath'],
    /'nothing' which is not a valid option name/,
  ],
  [
    'a percent sign alone',
    { 'jail.d/x.local': '[action]\nfailregex = ^a <HOST>$\n            ^100% <HOST>$\n' },
    'action',
    ['jail.d/x.local', 2, 'action', 'failregex'],
    /'%' must be followed by/,
  ],
  [
    'values that refer to each other',
    { 'jail.d/x.local': '[action]\none = %(two)s\ntwo = %(one)s\nlogpath = %(one)s\n' },
    'action',
    ['jail.d/x.local', 3, 'action', 'two'],
    /Recursion limit exceeded/,
  ],
  [
    'a name that is not set in a filter',
    { 'filter.d/action.local': '[Definition]\nfailregex = ^%(nothing)s <HOST>$\n' },
    'action',
    ['filter.d/action.local', 2, 'Definition', 'failregex'],
    /'nothing' which is not a valid option name/,
  ],
  [
    'tags of an action that refer to each other',
    { 'action.d/noop.local': '[Definition]\nactionban = <a>\na = <b>\nb = <a>\n' },
    'filter',
    ['action.d/noop.local', 2, 'Definition', 'actionban'],
    /self referencing definitions/,
  ],
  [
    'a log level that does not exist',
    { 'fail2ban.local': '[Definition]\ndbpurgeage = 1d\nloglevel = LOUD\n' },
    null,
    ['fail2ban.local', 3, 'Definition', 'loglevel'],
    /Invalid log level 'LOUD'/,
  ],
  [
    'a name in fail2ban.conf that is not set',
    { 'fail2ban.local': '[Definition]\ndbfile = %(nothing)s\n' },
    null,
    ['fail2ban.local', 2, 'Definition', 'dbfile'],
    /'nothing' which is not a valid option name/,
  ],
]

const inLocal = (text: string): Files => ({ 'jail.d/x.local': text })

/** BanGUI finds these before it asks fail2ban. */
const unreadable: readonly (readonly [
  what: string,
  files: Files,
  jail: string | null,
  place: Place | [string, number, null, null],
])[] = [
  ['a section without its end', inLocal('[app\nmaxretry = 4\n'), null, ['jail.d/x.local', 1, null, null]],
  [
    'a line that is no setting',
    inLocal('[app]\nmaxretry = 4\nnonsense\n'),
    'app',
    ['jail.d/x.local', 3, 'app', null],
  ],
  [
    'a section that is there twice',
    inLocal('[app]\n[web]\n[app]\n'),
    'app',
    ['jail.d/x.local', 3, 'app', null],
  ],
  [
    'an option that is there twice',
    inLocal('[app]\nmaxretry = 4\nMaxRetry = 5\n'),
    'app',
    ['jail.d/x.local', 3, 'app', 'maxretry'],
  ],
  [
    'an option of [DEFAULT] that is there twice',
    inLocal('[DEFAULT]\nmaxretry = 4\nmaxretry = 5\n'),
    null,
    ['jail.d/x.local', 3, 'DEFAULT', 'maxretry'],
  ],
  [
    'a setting before the first section',
    inLocal('maxretry = 5\n[app]\n'),
    null,
    ['jail.d/x.local', 1, null, null],
  ],
  ['a byte order mark', inLocal('\ufeff[app]\nmaxretry = 5\n'), 'app', ['jail.d/x.local', 1, 'app', null]],
  [
    'a broken filter',
    { 'filter.d/app.local': '[Definition]\nfailregex = ^<HOST>$\nnonsense\n' },
    null,
    ['filter.d/app.local', 3, 'Definition', null],
  ],
  [
    'a broken file that a filter includes',
    {
      'filter.d/part.local': '[Definition]\nnonsense\n',
      'filter.d/app.local': '[INCLUDES]\nbefore = part.local\n',
    },
    null,
    ['filter.d/part.local', 2, 'Definition', null],
  ],
  [
    'a broken action',
    { 'action.d/noop.local': '[Definition]\nactionban = x\nnonsense\n' },
    null,
    ['action.d/noop.local', 3, 'Definition', null],
  ],
  [
    'a broken fail2ban.local',
    { 'fail2ban.local': '[Definition]\nloglevel = INFO\nnonsense\n' },
    null,
    ['fail2ban.local', 3, 'Definition', null],
  ],
  [
    'a duration that is Python',
    inLocal('[app]\nport = 22\nbantime = __import__("os").getpid()\n'),
    'app',
    ['jail.d/x.local', 3, 'app', 'bantime'],
  ],
  [
    'a factor that is Python',
    inLocal('[app]\nbantime.factor = open("/tmp/x", "w").fileno()\n'),
    'app',
    ['jail.d/x.local', 2, 'app', 'bantime.factor'],
  ],
]

const editsOf = (files: Files): ConfigEdit[] =>
  Object.entries(files).map(([file, content]) => ({ kind: 'file', file, content }))

const placeOf = ({ file, line, section, key }: ConfigMessage) => [file, line, section, key]

const jails = brokenJails.map(({ name }) => ({ name }))

describe.each(findFail2banVersions())('a broken change on fail2ban $version', ({ binDir, version }) => {
  let at: TestHost
  const preview = (files: Files) => at.host.config.preview({ edits: editsOf(files) })
  const live = ([file, ...place]: Place) => [join(at.daemon.configDir, file), ...place]

  beforeAll(async () => {
    at = await createTestHost({ jails, ...(binDir !== undefined && { binDir }) }, { configWrite: 'all' })
  })
  afterAll(() => at[Symbol.asyncDispose]())

  const own = brokenJails.filter(({ versions }) => versions?.test(version) ?? true)

  it('is refused with file, line, section and option of each jail that it breaks', async () => {
    const { refusedReason, messages } = await preview(Object.assign({}, ...own.map(({ files }) => files)))
    expect(refusedReason).toBe('config_refused')
    const found = (wanted: string) =>
      messages.filter(({ jail }) => jail === wanted).map((each) => [each.severity, ...placeOf(each)])
    for (const { name, place, text } of own) {
      expect([name, ...found(name)]).toEqual([name, ['error', ...live(place)]])
      expect(messages.find(({ jail }) => jail === name)?.text).toMatch(text)
    }
    expect(messages).toHaveLength(own.length)
  })

  it.each(brokenFolders)('is refused with the place of %s', async (_, ...[files, jail, place, text]) => {
    const { refusedReason, messages } = await preview(files)
    expect(refusedReason).toBe('config_refused')
    expect(messages.map(placeOf)).toEqual([live(place)])
    expect(messages).toMatchObject([{ severity: 'error', jail, text: expect.stringMatching(text) as string }])
  })

  it('is refused with the place of each setting of fail2ban itself', async () => {
    const text = '[Definition]\ndbmaxmatches = many\ndbpurgeage = nonsense\n[Thread]\nstacksize = 5\n'
    const { refusedReason, messages } = await preview({ 'fail2ban.local': text })
    expect(refusedReason).toBe('config_refused')
    expect(
      messages.map(({ severity, jail, line, section, key }) => [severity, jail, line, section, key]),
    ).toEqual(
      expect.arrayContaining([
        ['error', null, 2, 'Definition', 'dbmaxmatches'],
        ['error', null, 3, 'Definition', 'dbpurgeage'],
        ['error', null, 5, 'Thread', 'stacksize'],
      ]),
    )
    expect(messages).toHaveLength(3)
  })
})

describe('a broken change', () => {
  let at: TestHost
  const preview = (files: Files) => at.host.config.preview({ edits: editsOf(files) })

  beforeAll(async () => {
    at = await createTestHost(
      { jails: [{ name: 'app' }, { name: 'web' }, { name: 'broken', options: { action: 'nosuch' } }] },
      { configWrite: 'all' },
    )
  })
  afterAll(() => at[Symbol.asyncDispose]())

  it.each(unreadable)('is refused with the place of %s', async (_, ...[files, jail, [file, ...place]]) => {
    const { refused, refusedReason, messages } = await preview(files)
    expect(refusedReason).toBe('config_refused')
    expect(messages).toMatchObject([{ severity: 'error', jail, text: refused }])
    expect(messages.map(placeOf)).toEqual([[join(at.daemon.configDir, file), ...place]])
  })

  it('runs no Python of a value in a preview, whatever the value refers to', async () => {
    const proof = join(at.daemon.folder, 'proof')
    const program = `open("${proof}", "w").fileno()`
    const text = `[app]\nx = ${program}\nbantime = %(x)s\nbantime.factor = %(x)s\nfindtime = %(x)s\n`
    const own = '[DEFAULT]\nx = ' + program + '\n[Definition]\ndbpurgeage = %(x)s\n'
    await preview({ 'jail.d/x.local': text, 'fail2ban.local': own })
    await expect(stat(proof)).rejects.toThrow('ENOENT')
  })

  it('of one jail is refused while a neighbour that was broken before is a warning', async () => {
    const neighbour = {
      severity: 'warning',
      jail: 'broken',
      section: 'broken',
      key: 'action',
      text: "Unable to read action 'nosuch'",
    }
    const fine = await preview(inLocal('[app]\nmaxretry = 4\n'))
    expect(fine).toMatchObject({ refused: null, messages: [neighbour] })
    expect(fine.messages[0]?.file).toBe(join(at.daemon.configDir, 'jail.conf'))
    const both = await preview(inLocal('[app]\nfilter = nosuch\n'))
    expect(both).toMatchObject({
      refused: "Unable to read the filter 'nosuch'",
      messages: [{ severity: 'error', jail: 'app', line: 2, key: 'filter' }, neighbour],
    })
  })

  it('is told from a neighbour for which fail2ban refuses the whole configuration', async () => {
    await writeFile(
      join(at.daemon.configDir, 'jail.d', 'web.local'),
      '[web]\nport = 22\nlogpath = %(nothing)s\n',
    )
    const web = { severity: 'warning', jail: 'web', line: 3, section: 'web', key: 'logpath' }
    expect(await preview(inLocal('[app]\nmaxretry = 4\n'))).toMatchObject({ refused: null, messages: [web] })
    const { messages } = await preview(inLocal('[app]\nbantime = nonsense\n'))
    expect(messages).toMatchObject([{ severity: 'error', jail: 'app', line: 2, key: 'bantime' }, web])
    const set: ConfigEdit = { kind: 'set', scope: 'jail', name: 'app', key: 'logencoding', value: 'nosuch' }
    const form = await at.host.config.preview({ edits: [set] })
    const own = { severity: 'error', jail: 'app', line: 4, section: 'app', key: 'logencoding' }
    expect(form.messages).toMatchObject([own, web])
    expect(form.messages[0]?.file).toBe(join(at.daemon.configDir, 'jail.d/zz-bangui.local'))
    await rm(join(at.daemon.configDir, 'jail.d', 'web.local'))
  })

  it('is refused where fail2ban cannot read a file of others, with the place in a message of several lines', async () => {
    const path = join(at.daemon.configDir, 'jail.d', 'others.conf')
    await writeFile(path, '[web]\nport = 22\nnonsense\n')
    const others = { severity: 'error', file: path, line: 3, section: 'web', key: null }
    const fine = await preview(inLocal('[app]\nmaxretry = 4\n'))
    expect(fine).toMatchObject({
      refused: expect.stringContaining('others.conf') as string,
      messages: [others],
    })
    expect(fine.messages[0]?.text).toMatch(/parsing errors: '[^\n]+others\.conf'\n\s*\[line +3\]/)
    const { messages } = await preview(inLocal('[app]\nmaxretry = 4\nnonsense\n'))
    expect(messages).toMatchObject([{ severity: 'error', line: 3, section: 'app' }])
    await rm(path)
  })
})
