import { chmod, mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { ConfigNotice } from '@bangui/shared'
import { describe, expect, test } from 'vitest'
import { isRoot, runAsOrdinaryUser } from '../../test/as-ordinary-user.ts'
import { createTestHost, runningJails, type TestHost } from '../../test/with-host.ts'
import { findFail2banVersions } from '../testing.ts'

const versions = findFail2banVersions()
const isNew = (version: string) => version.localeCompare('1.1.1', 'en', { numeric: true }) >= 0

/** A file of the folder and its text. */
type Files = Readonly<Record<string, string | Uint8Array>>

async function spoil({ daemon }: TestHost, files: Files): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(daemon.configDir, name)), { recursive: true })
    await writeFile(join(daemon.configDir, name), text)
  }
}

/** The kind of a notice and its place, with the file relative to the folder. */
function short({ daemon }: TestHost, notice: ConfigNotice | undefined) {
  const file = notice?.file?.replace(`${daemon.configDir}/`, '')
  return [notice?.kind, notice?.line === null ? file : `${file}:${notice?.line}`]
}

const notices = async (at: TestHost) =>
  (await at.host.config.listNotices()).map((notice) => short(at, notice))

const refusals: readonly [string, Files, string | null, string | null][] = [
  [
    'a percent sign',
    { 'jail.local': '[web]\nfailregex = ^used 90% of quota from <HOST>$\n' },
    'jail.local:2',
    'web',
  ],
  ['a section twice', { 'jail.local': '[web]\nx = 1\n[web]\ny = 1\n' }, 'jail.local:3', null],
  ['a setting twice', { 'jail.local': '[web]\nx = 1\nx = 2\n' }, 'jail.local:3', 'web'],
  ['a byte order mark', { 'jail.d/x.local': '\uFEFF[web]\nx = 1\n' }, 'jail.d/x.local:1', null],
  ['a line that is no setting', { 'jail.d/x.local': '[web]\nnonsense\n' }, 'jail.d/x.local:2', null],
  [
    'a name that nobody set',
    { 'jail.local': '[web]\nx = 1\nignoreip = %(nowhere)s\n' },
    'jail.local:3',
    'web',
  ],
  ['a mistake in a jail that is off', { 'jail.local': '[spare]\nbackend = 5%\n' }, 'jail.local:2', 'spare'],
  [
    'a mistake in a filter',
    { 'filter.d/web.local': '[Definition]\nfailregex = 5% <HOST>\n' },
    'filter.d/web.local:2',
    'web',
  ],
  [
    'a mistake in an action',
    { 'action.d/noop.local': '[Definition]\nactionban = 5%\n' },
    'action.d/noop.local:2',
    'app',
  ],
  ['a missing log', { 'jail.local': '[web]\nx = 1\nlogpath = /dev/null/none\n' }, 'jail.local:3', 'web'],
  ['a wrong log level', { 'fail2ban.local': '[Definition]\nloglevel = LOUD\n' }, 'fail2ban.local:2', null],
  [
    'a mistake of fail2ban itself',
    { 'fail2ban.local': '[Definition]\ndbfile = 5%\n' },
    'fail2ban.local:2',
    null,
  ],
  [
    'a mistake in an include',
    { 'jail.local': '[INCLUDES]\nbefore = 5%\n[web]\nx = 1\n' },
    'jail.local:2',
    null,
  ],
  [
    'jails that are all wrong',
    { 'jail.local': '[DEFAULT]\nx = 1\naction = nonesuch\n' },
    'jail.local:3',
    null,
  ],
  [
    'a filter whose values lead back to themselves',
    { 'filter.d/web.local': '[Definition]\nfailregex = <first> <HOST>\nfirst = <other>\nother = <first>\n' },
    'filter.d/web.local:3',
    'web',
  ],
  [
    'a mistake in the size of the stack',
    { 'fail2ban.local': '[Thread]\nstacksize = 5%\n' },
    'fail2ban.local:2',
    null,
  ],
]

/** With these the daemon comes up, refuses what it is told, and runs no jail. */
const emptyStarts: readonly string[] = [
  '[Definition]\ndbpurgeage = nonsense\n',
  '[Definition]\ndbmaxmatches = many\n',
  '[Thread]\nstacksize = 1\n',
  '[Thread]\nstacksize = large\n',
]

describe.each(versions)('with fail2ban $version', (programs) => {
  test('a fault that keeps fail2ban from starting is a notice with its place, until it is corrected', async () => {
    await using at = await createTestHost({
      ...programs,
      jails: [{ name: 'app' }, { name: 'web' }, { name: 'spare', enabled: false }],
    })
    for (const [what, files, place, jail] of refusals) {
      await spoil(at, files)
      const [notice, ...others] = await at.host.config.listNotices()
      expect(others, what).toEqual([])
      expect(short(at, notice), what).toEqual(['refused', place])
      expect(notice?.jail, what).toBe(jail)
      expect(notice?.message, what).toMatch(/\.$/)
      expect(notice?.output, what).toBeTruthy()
      for (const name of Object.keys(files)) await rm(join(at.daemon.configDir, name))
    }
    expect(await at.host.config.listNotices()).toEqual([])
  }, 120_000)

  test('a fault that keeps fail2ban from starting its jails is a notice as well', async () => {
    await using at = await createTestHost({ ...programs, jails: [{ name: 'app' }] })
    for (const text of emptyStarts) {
      await spoil(at, { 'fail2ban.local': text })
      // 0.11.2 says that all is well
      await at.daemon.start().catch(() => undefined)
      expect(await runningJails(at.host), text).toEqual([])
      expect(await notices(at), text).toEqual([['refused', 'fail2ban.local:2']])
      await at.daemon.kill('SIGKILL')
    }
    await spoil(at, { 'fail2ban.local': '[Definition]\ndbpurgeage = 1h 30m\n[Thread]\nstacksize = 0\n' })
    expect(await at.host.config.listNotices()).toEqual([])
    await at.daemon.start()
    expect(await runningJails(at.host)).toEqual(['app'])
  })

  test('a jail that fail2ban leaves out has a problem with its place, the others none', async () => {
    await using at = await createTestHost({
      ...programs,
      jails: [{ name: 'app' }, { name: 'web' }, { name: 'mail' }],
    })
    await spoil(at, { 'jail.local': '[web]\nx = 1\naction = nonesuch\n[mail]\nfilter = [x\n' })
    const jails = await at.host.jails.list()
    const local = join(at.daemon.configDir, 'jail.local')
    expect(jails.map(({ name, problem }) => [name, problem])).toEqual([
      ['app', null],
      ['mail', `The filter begins with a bracket, or has a bracket that is not closed. (${local}, line 5)`],
      ['web', `The action nonesuch has no file in ${at.daemon.configDir}/action.d. (${local}, line 3)`],
    ])
    expect(await at.host.config.listNotices()).toEqual([])
  })

  test('no fault shows what may be a secret: viewers see it', async () => {
    await using at = await createTestHost({
      ...programs,
      jails: [{ name: 'app' }, { name: 'web' }, { name: 'mail' }],
    })
    await spoil(at, {
      'jail.local':
        '[app]\naction = noop[url = "https://example.org/SECRET"]\n[web]\naction = noop[x, url="SECRET"]\n    token=SECRET\n',
      'jail.d/x.local': '[mail]\ntoken =\nxoxb-SECRET\n',
    })
    const jails = await at.host.jails.list()
    const found = await at.host.config.listNotices()
    const told = [...jails.map(({ problem }) => problem), ...found.map(({ message }) => message)].join('\n')
    expect(told).toContain('has no file in')
    expect(told).toContain('This line is not a setting')
    expect(told).not.toContain('SECRET')
  })

  test('a file that is not UTF-8 is named with the line, and why a running jail has no configuration', async () => {
    await using at = await createTestHost({ ...programs, jails: [{ name: 'app' }] })
    const log = join(at.daemon.folder, 'logs', 'app.log')
    const section = `[umlaut]\nenabled = true\nfilter = app\nlogpath = ${log}\n`
    await spoil(at, { 'jail.d/x.conf': section })
    await at.daemon.start()
    await spoil(at, { 'jail.d/x.conf': Buffer.from(`${section}# M\u00fcller\n`, 'latin1') })
    const kind = isNew(programs.version) ? 'refused' : 'passed_over'
    expect(await notices(at)).toEqual([[kind, 'jail.d/x.conf:5']])
    const file = join(at.daemon.configDir, 'jail.d', 'x.conf')
    const umlaut = (await at.host.jails.list()).find(({ name }) => name === 'umlaut')
    expect(umlaut).toMatchObject({ running: true, enabled: false })
    expect(umlaut?.problem).toContain(`${file}, line 5: The file is not valid UTF-8.`)
  })

  test('a file that is not UTF-8 does not hide what keeps fail2ban from starting', async () => {
    await using at = await createTestHost({ ...programs, jails: [{ name: 'app' }] })
    await spoil(at, {
      'jail.d/x.conf': Buffer.from('# M\u00fcller\n', 'latin1'),
      'jail.local': '[app]\nfailregex = 5% <HOST>\n',
    })
    const [first, second] = isNew(programs.version)
      ? [['refused', 'jail.d/x.conf:1']]
      : [
          ['refused', 'jail.local:2'],
          ['passed_over', 'jail.d/x.conf:1'],
        ]
    expect(await notices(at)).toEqual([first, second].filter((notice) => notice !== undefined))
  })

  test('a file that several filters include is named once, and to each of their jails', async () => {
    await using at = await createTestHost({
      ...programs,
      jails: [{ name: 'app' }, { name: 'web' }, { name: 'mail' }],
    })
    const include = '[INCLUDES]\nbefore = shared.conf\n'
    await spoil(at, { 'filter.d/app.local': include, 'filter.d/web.local': include })
    await spoil(at, { 'filter.d/shared.conf': '[Definition]\n\nnonsense\n' })
    expect(await notices(at)).toEqual([['refused', 'filter.d/shared.conf:3']])
    const says = expect.stringContaining('shared.conf, line 3')
    expect((await at.host.jails.list()).map(({ problem }) => problem)).toEqual([says, null, says])
    await spoil(at, { 'filter.d/shared.conf': Buffer.from('# M\u00fcller\n', 'latin1') })
    expect(await notices(at)).toEqual([['passed_over', 'filter.d/shared.conf:1']])
    expect((await at.host.jails.list()).map(({ problem }) => problem)).toEqual([null, null, null])
  })

  test('a filter that is not UTF-8 is named', async () => {
    await using at = await createTestHost({ ...programs, jails: [{ name: 'app' }, { name: 'web' }] })
    await spoil(at, { 'filter.d/web.local': Buffer.from('[Definition]\n# M\u00fcller\n', 'latin1') })
    expect(await notices(at)).toEqual([['passed_over', 'filter.d/web.local:2']])
    const [app, web] = await at.host.jails.list()
    expect(app?.problem).toBeNull()
    expect(web?.problem === null).toBe(!isNew(programs.version))
  })
})

test.runIf(isRoot)('what only fail2ban may read is named, and nothing is claimed of the rest', async () => {
  await using at = await createTestHost()
  await spoil(at, { 'jail.d/secret.conf': '[web]\nbantime = 1h\n', 'jail.local': '[web]\nx = 1\nx = 2\n' })
  await chmod(join(at.daemon.configDir, 'jail.d', 'secret.conf'), 0o600)
  await chmod(at.daemon.folder, 0o711)
  const script = new URL('../../test/children/list-notices.ts', import.meta.url)
  const { configDir, clientProgram, socketPath } = at.daemon
  const said = await runAsOrdinaryUser(script, socketPath, configDir, clientProgram)
  expect(said).toMatchObject([
    { kind: 'refused', file: join(configDir, 'jail.local'), line: 3 },
    { kind: 'unreadable', file: join(configDir, 'jail.d', 'secret.conf'), line: null },
  ])
})

test.runIf(isRoot)(
  'no mistake is claimed that a file which only fail2ban may read can put right',
  async () => {
    await using at = await createTestHost()
    await spoil(at, {
      'jail.d/web.conf': '[DEFAULT]\nignoreip = 5%\n[web]\nbantime = %(hour)s\n',
      'jail.local': '[DEFAULT]\nhour = 1h\nignoreip = 192.0.2.1\n',
    })
    await at.daemon.start()
    await chmod(join(at.daemon.configDir, 'jail.local'), 0o600)
    await chmod(at.daemon.folder, 0o711)
    const script = new URL('../../test/children/list-notices.ts', import.meta.url)
    const { configDir, clientProgram, socketPath } = at.daemon
    const said = await runAsOrdinaryUser(script, socketPath, configDir, clientProgram)
    expect(said).toMatchObject([{ kind: 'unreadable', file: join(configDir, 'jail.local') }])
  },
)

test.runIf(isRoot)('a folder that only fail2ban may look into is named, not each of its files', async () => {
  await using at = await createTestHost()
  await chmod(join(at.daemon.configDir, 'filter.d'), 0o700)
  await chmod(at.daemon.folder, 0o711)
  const script = new URL('../../test/children/list-notices.ts', import.meta.url)
  const { configDir, clientProgram, socketPath } = at.daemon
  expect(await runAsOrdinaryUser(script, socketPath, configDir, clientProgram)).toMatchObject([
    { kind: 'unreadable', file: join(configDir, 'filter.d'), line: null },
  ])
})

test('a missing folder is a notice, and so is one without jails', async () => {
  await using at = await createTestHost()
  await rm(at.daemon.configDir, { recursive: true })
  expect(await at.host.config.listNotices()).toMatchObject([
    { kind: 'unreadable', file: at.daemon.configDir, message: expect.stringContaining('does not exist') },
  ])
})
