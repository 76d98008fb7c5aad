import { readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { previewSettings, reloadJail, stageSettings, stageSettingsAlone } from '../../test/changes.ts'
import { createTestHost, type TestHost } from '../../test/with-host.ts'
import { findFail2banVersions, type TestedFail2ban } from '../testing.ts'

const local = (at: TestHost) => join(at.daemon.configDir, 'jail.d', 'mine.local')
const ownFile = (at: TestHost) => join(at.daemon.configDir, 'jail.d', 'zz-bangui.local')

async function start({ binDir }: TestedFail2ban, ignoreip?: string): Promise<TestHost> {
  const at = await createTestHost({ jails: [{ name: 'app' }], ...(binDir !== undefined && { binDir }) })
  if (ignoreip !== undefined) await writeFile(local(at), `# mine\n[app]\nignoreip = ${ignoreip}\n`)
  await at.daemon.start()
  return at
}

async function change(at: TestHost, add: string[], remove: string[] = []): Promise<void> {
  const prepared = await stageSettingsAlone(at.host, 'app', { addIgnored: add, removeIgnored: remove })
  expect(await at.host.config.apply(prepared?.changeId ?? '')).toMatchObject({ applied: true, failure: null })
}

const ignored = async (at: TestHost) => [...(await at.host.jails.listIgnored('app'))].toSorted()

const versions = findFail2banVersions()
const installed = versions.filter(({ binDir }) => binDir === undefined)

describe.each(versions)('a permanent ignore entry of fail2ban $version', (fail2ban) => {
  test('is added to the text of the configuration, where temporary ones and those of others stay out of it', async () => {
    await using at = await start(fail2ban, '127.0.0.1/8 home.example.org ; office\n    ::1')
    await at.host.jails.tune('app', { addIgnored: ['198.51.100.7'], removeIgnored: ['::1'] })
    await change(at, ['203.0.113.0/24'])
    expect(await readFile(local(at), 'utf8')).toBe(
      '# mine\n[app]\nignoreip = 127.0.0.1/8 home.example.org ; office\n    ::1 203.0.113.0/24\n',
    )
    await change(at, [], ['127.0.0.0/8'])
    expect(await ignored(at)).toEqual(['203.0.113.0/24', '::1', 'home.example.org'])
  })

  test('that is a host name is removed until the next load, and for good', async () => {
    await using at = await start(fail2ban, '127.0.0.1/8 home.example.org ::1')
    await at.host.jails.tune('app', { removeIgnored: ['home.example.org', 'other.example.org'] })
    expect(await ignored(at)).toEqual(['127.0.0.0/8', '::1'])
    expect(await reloadJail(at.host, 'app')).toMatchObject({ applied: true })
    expect(await ignored(at)).toContain('home.example.org')
    const input = { removeIgnored: ['home.example.org'] }
    expect((await previewSettings(at.host, 'app', input)).changes).toEqual([
      { key: 'ignoreip', now: 'home.example.org', after: null, kind: 'asked' },
    ])
    await change(at, [], input.removeIgnored)
    expect(await readFile(local(at), 'utf8')).toBe('# mine\n[app]\nignoreip = 127.0.0.1/8 ::1\n')
    expect(await ignored(at)).toEqual(['127.0.0.0/8', '::1'])
  })

  test('follows the list that the jail has from elsewhere', async () => {
    await using at = await start(fail2ban)
    const defaults = join(at.daemon.configDir, 'jail.local')
    await writeFile(defaults, '[DEFAULT]\noffice = 198.51.100.0/24\nignoreip = ::1 %(office)s\n')
    await change(at, ['203.0.113.9'])
    expect(await ignored(at)).toEqual(['198.51.100.0/24', '203.0.113.9', '::1'])
    await writeFile(defaults, '[DEFAULT]\nignoreip = ::1 home.example.org\n')
    expect(await reloadJail(at.host, 'app')).toMatchObject({ applied: true })
    expect(await ignored(at)).toEqual(['203.0.113.9', '::1', 'home.example.org'])
    await change(at, [], ['203.0.113.9'])
    expect(await ignored(at)).toEqual(['::1', 'home.example.org'])
    expect(await readFile(defaults, 'utf8')).toBe('[DEFAULT]\nignoreip = ::1 home.example.org\n')
  })
})

describe.each(installed)('a permanent ignore entry', (fail2ban) => {
  test('is removed for one jail where all jails have it', async () => {
    await using at = await start(fail2ban)
    await writeFile(
      join(at.daemon.configDir, 'jail.local'),
      '[DEFAULT]\noffice = 198.51.100.0/24\nignoreip = 10.0.0.0/8 ::1 %(office)s\n',
    )
    await change(at, [], ['10.0.0.0/8'])
    expect(await ignored(at)).toEqual(['198.51.100.0/24', '::1'])
    expect(await readFile(ownFile(at), 'utf8')).toContain('ignoreip = ::1 %(office)s\n')
  })

  test('that another value brings in is not removed, and the reason names the place', async () => {
    await using at = await start(fail2ban, '::1 %(office)s\noffice = 10.0.0.0/8')
    const removing = stageSettings(at.host, 'app', { removeIgnored: ['10.0.0.0/8'] })
    await expect(removing).rejects.toMatchObject({
      name: 'ConfigUnwritableError',
      message: expect.stringMatching(/10\.0\.0\.0\/8 cannot be removed .*mine\.local, line 3/),
    })
  })

  test('goes over a file that cannot be written', async () => {
    await using at = await start(fail2ban)
    await writeFile(join(at.daemon.folder, 'target'), '[app]\nignoreip = home.example.org\n')
    await symlink(join(at.daemon.folder, 'target'), local(at))
    await change(at, ['203.0.113.9'])
    expect(await ignored(at)).toEqual(['203.0.113.9', 'home.example.org'])
  })
})

const withFiles = versions.filter(({ version }) => version >= '1.1.1')

describe.runIf(withFiles.length > 0).each(withFiles)(
  'a file in the ignore list of fail2ban $version',
  (fail2ban) => {
    async function startWithFile(ignoreip: (path: string) => string) {
      const at = await start(fail2ban)
      const list = join(at.daemon.folder, 'office.txt')
      await writeFile(list, '# office\n192.0.2.1, 198.51.100.0/24 ; second\nhome.example.org\n')
      await writeFile(local(at), `[app]\nignoreip = ${ignoreip(list)}\n`)
      expect(await reloadJail(at.host, 'app')).toMatchObject({ applied: true })
      return { at, list, [Symbol.asyncDispose]: () => at[Symbol.asyncDispose]() }
    }

    test('stays there when a permanent entry is added, and its addresses are known', async () => {
      await using world = await startWithFile((path) => `::1 file:${path}`)
      const { at, list } = world
      await change(at, ['203.0.113.9'])
      expect(await readFile(local(at), 'utf8')).toBe(`[app]\nignoreip = ::1 203.0.113.9 file:${list}\n`)
      expect(await at.host.jails.getIgnoreList('app')).toEqual({
        entries: expect.arrayContaining(['::1', '203.0.113.9']),
        files: [{ path: list, addresses: ['192.0.2.1', '198.51.100.0/24'], others: 1, problem: null }],
      })
      expect(await ignored(at)).toEqual(['192.0.2.1', '198.51.100.0/24', '203.0.113.9', '::1'])
    })

    test('that all jails have stays when one jail gets an entry of its own', async () => {
      await using world = await startWithFile((path) => `\n[DEFAULT]\nignoreip = file:${path}`)
      const { at } = world
      await writeFile(local(at), (await readFile(local(at), 'utf8')).replace('ignoreip = \n', ''))
      await change(at, ['203.0.113.9'])
      expect(await ignored(at)).toEqual(['192.0.2.1', '198.51.100.0/24', '203.0.113.9'])
    })

    test('is why a temporary entry cannot be added, and that is said', async () => {
      await using world = await startWithFile((path) => `::1 file:${path}`)
      const adding = world.at.host.jails.tune('app', { addIgnored: ['203.0.113.9'] })
      await expect(adding).rejects.toThrow(/reads the file .*office\.txt.*make the change permanent/)
    })

    test('is named with the reason when BanGUI cannot know what it holds', async () => {
      await using world = await startWithFile(() => 'file:/dev/null')
      expect(await world.at.host.jails.getIgnoreList('app')).toMatchObject({
        files: [{ path: '/dev/null', addresses: [], problem: expect.stringContaining('not a regular file') }],
      })
    })
  },
)
