import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { reloadAll } from '../../test/changes.ts'
import { createTestHost, type TestHost } from '../../test/with-host.ts'
import type { IgnoresEdit } from '../models/ignore-models.ts'
import { findFail2banVersions, type TestedFail2ban } from '../testing.ts'

const before =
  '[DEFAULT]\n# mine\nignoreip = 127.0.0.1/8,  ::1 ; office\n[web]\nignoreip = 192.0.2.1\n[spare]\nignoreip = %(default/ignoreip)s 192.0.2.2\n'

/** fail2ban asks it before the list. */
const CACHE = 'key="<ip> it\'s", max-count=7, max-time=1d'

const WAIT = { timeout: 60_000, interval: 50 }

const inFolder = (at: TestHost, file: string) => join(at.daemon.configDir, file)
const read = (at: TestHost, file: string) => readFile(inFolder(at, file), 'utf8')
const OWN = 'jail.d/zz-bangui.local'

async function change(at: TestHost, { add = [], remove = [] }: Partial<IgnoresEdit>) {
  const staged = await at.host.config.stage({ edits: [{ kind: 'ignores', add, remove }], title: 'a test' })
  if (staged === undefined) return undefined
  const outcome = await at.host.config.apply(staged.changeId)
  expect(outcome).toMatchObject({ applied: true, failure: null })
  return staged
}

const everywhere = (...entries: string[]) => entries.map((entry) => ({ entry, jail: null }))
const inJail = (jail: string, entry: string) => ({ entry, jail })

async function running(at: TestHost): Promise<Record<string, readonly string[]>> {
  const lists = await at.host.ignores.listRunning()
  return Object.fromEntries(lists.map(({ jail, entries }) => [jail, entries.toSorted()]))
}

const open = ({ binDir }: TestedFail2ban) =>
  createTestHost({
    jails: [
      { name: 'app', options: { ignorecache: CACHE } },
      { name: 'web' },
      { name: 'spare', enabled: false },
    ],
    ...(binDir !== undefined && { binDir }),
  })

describe.each(findFail2banVersions())('the allow list of fail2ban $version', (fail2ban) => {
  test('is written for every jail, on or off, without a load, and set while the jails run', async () => {
    await using at = await open(fail2ban)
    await writeFile(inFolder(at, 'jail.local'), before)
    await at.daemon.start()
    const entries = ['203.0.113.0/24', '2001:db8::1', 'localhost']
    const staged = await change(at, { add: [...everywhere(...entries), inJail('app', '198.51.100.7')] })
    expect(staged).toMatchObject({ load: [], runtime: [], risks: [] })
    expect(await running(at)).toEqual({ app: ['127.0.0.0/8', '::1'], web: ['192.0.2.1'] })
    expect(await read(at, 'jail.local')).toBe(
      '[DEFAULT]\n# mine\nignoreip = 127.0.0.1/8,  ::1,  203.0.113.0/24,  2001:db8::1,  localhost ; office\n[web]\nignoreip = 192.0.2.1\n[spare]\nignoreip = %(default/ignoreip)s 192.0.2.2\n',
    )
    expect(await read(at, OWN)).toContain(
      '[web]\nignoreip = 203.0.113.0/24 2001:db8::1 localhost %(known/ignoreip)s\n',
    )
    expect(await read(at, OWN)).toContain('[app]\nignoreip = 198.51.100.7 %(known/ignoreip)s\n')
    expect(await read(at, OWN)).not.toContain('[spare]')

    const wanted = { app: [...entries, '198.51.100.7'], web: entries }
    const set = Object.entries(wanted).map(([jail, add]) => ({ jail, add, remove: [] }))
    const held = {
      app: ['127.0.0.0/8', '198.51.100.7', '2001:db8::1', '203.0.113.0/24', '::1', 'localhost'],
      web: ['192.0.2.1', '2001:db8::1', '203.0.113.0/24', 'localhost'],
    }
    expect(await at.host.ignores.set([...set, { jail: 'spare', add: ['192.0.2.9'], remove: [] }])).toEqual([])
    expect(await running(at)).toEqual(held)
    await at.daemon.logFailure('app', '203.0.113.5')
    await at.daemon.logFailure('app', '198.51.100.8')
    await vi.waitFor(
      async () =>
        expect(await readFile(at.daemon.logfile, 'utf8')).toMatch(
          /Ignore 203\.0\.113\.5 by ip[^]*Found 198\.51\.100\.8/,
        ),
      WAIT,
    )
    // whether an address is ignored is asked anew after a change, also where that is in the jail's cache
    expect(await at.daemon.ask('get', 'app', 'ignorecache')).toEqual(["<ip> it's", 7, 86_400])
    await at.host.ignores.set([{ jail: 'app', add: ['198.51.100.8'], remove: ['203.0.113.0/24'] }])
    expect(await at.daemon.ask('get', 'app', 'ignorecache')).toEqual(["<ip> it's", 7, 86_400])
    await at.daemon.logFailure('app', '203.0.113.5')
    await at.daemon.logFailure('app', '198.51.100.8')
    await vi.waitFor(
      async () =>
        expect(await readFile(at.daemon.logfile, 'utf8')).toMatch(
          /Found 203\.0\.113\.5[^]*Ignore 198\.51\.100\.8 by ip/,
        ),
      WAIT,
    )
    await at.host.ignores.set([{ jail: 'app', add: ['203.0.113.0/24'], remove: ['198.51.100.8'] }])
    expect(await reloadAll(at.host)).toMatchObject({ applied: true })
    expect(await running(at)).toEqual(held)
    expect(await change(at, { add: everywhere(...entries) })).toBeUndefined()

    const sections = ['DEFAULT', 'web']
    await change(at, {
      remove: [
        ...entries.map((entry) => ({ entry, sections })),
        { entry: '198.51.100.7', sections: ['app'] },
      ],
    })
    expect(await read(at, 'jail.local')).toBe(before)
    await expect(read(at, OWN)).rejects.toThrow('ENOENT')
    expect(await running(at)).toEqual(held)
    const remove = [...entries, '198.51.100.7', '203.0.113.77']
    expect(await at.host.ignores.set(['app', 'web'].map((jail) => ({ jail, add: [], remove })))).toEqual([])
    expect(await running(at)).toEqual({ app: ['127.0.0.0/8', '::1'], web: ['192.0.2.1'] })
    await expectRefused(at)
    if (fail2ban.version >= '1.1.1') await expectFileNamed(at)
  })
})

/** Only canonical entries get to fail2ban, and none that it would take for something else. */
async function expectRefused({ host }: TestHost): Promise<void> {
  for (const entry of [
    '0.0.0.0/0',
    '192.0.2.1/24',
    '1.2.3.256',
    'file:/etc/shadow',
    'A.example',
    '%(x)s',
    'a b',
    '',
  ]) {
    const edit = { kind: 'ignores', add: everywhere(entry), remove: [] } as const
    await expect(host.config.stage({ edits: [edit], title: 'a test' })).rejects.toThrow()
    await expect(host.ignores.set([{ jail: 'app', add: [entry], remove: [] }])).rejects.toThrow()
  }
  const edit = { kind: 'ignores', add: [inJail('nowhere', '192.0.2.1')], remove: [] } as const
  await expect(host.config.stage({ edits: [edit], title: 'a test' })).rejects.toMatchObject({
    code: 'jail_unknown',
  })
  await expect(host.ignores.resolve(['192.0.2.1'])).rejects.toThrow()
  expect(await host.ignores.resolve(['localhost', 'nosuch.invalid'])).toEqual([
    { name: 'localhost', addresses: expect.arrayContaining(['127.0.0.1']) },
    { name: 'nosuch.invalid', addresses: [] },
  ])
}

/** fail2ban 1.1.1 adds nothing to a running list with a file. */
async function expectFileNamed(at: TestHost): Promise<void> {
  await writeFile(inFolder(at, 'friends.txt'), '192.0.2.50\n')
  await writeFile(inFolder(at, 'jail.d/web.local'), `[web]\nignoreip = file:${inFolder(at, 'friends.txt')}\n`)
  expect(await reloadAll(at.host)).toMatchObject({ applied: true })
  expect(await at.host.ignores.set([{ jail: 'web', add: ['192.0.2.60'], remove: [] }])).toEqual([
    {
      jail: 'web',
      problem: expect.stringMatching(/friends\.txt.*a reload of web brings the entry into force/),
    },
  ])
  expect(await at.host.ignores.listRunning()).toContainEqual({
    jail: 'web',
    entries: [],
    files: [inFolder(at, 'friends.txt')],
    self: true,
    hasCommand: false,
  })
}
