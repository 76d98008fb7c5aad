import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Edit } from '@bangui/shared'
import { expect, test } from 'vitest'
import { configuredJails } from '../config/list-jails.ts'
import { readFail2banConfig } from '../config/read-config.ts'
import { setIn } from '../../test/planned-edits.ts'
import { createTestHost, runningJails, type TestHost } from '../../test/with-host.ts'

/** Every file of the configuration with its bytes. */
async function filesOf({ daemon }: TestHost): Promise<Record<string, string>> {
  const entries = await readdir(daemon.configDir, { recursive: true, withFileTypes: true })
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  const read = paths.map(async (path) => [path, await readFile(path, 'latin1')] as const)
  return Object.fromEntries(await Promise.all(read))
}

async function change({ host }: TestHost, edits: readonly Edit[]): Promise<string> {
  const { changeId = '' } = (await host.config.stage({ edits, title: 'A change of a test' })) ?? {}
  expect(await host.config.apply(changeId)).toMatchObject({ applied: true, failure: null })
  return changeId
}

test('an edit that the host does not allow is refused when it is previewed and when it is made, and nothing is touched', async () => {
  await using at = await createTestHost()
  await writeFile(join(at.daemon.configDir, 'jail.d', 'own.conf'), '[spare]\naction = noop[port="ssh"]\n')
  await at.daemon.start()
  const before = await filesOf(at)
  const refused: Edit[][] = [
    [setIn('spare', 'port', 'ssh$(touch /tmp/never)')],
    [setIn('spare', 'maxretry', '5'), setIn('spare', 'action', 'noop[actionban="touch /tmp/never"]')],
    // what the group captures would be words of a command
    [setIn('app', 'failregex', '^ z (?P<ip4>.+)$'), setIn('app', 'datepattern', '{NONE}')],
    [setIn('app', 'failregex', String.raw`^ z \(?P<F-ID>.+</F-ID>$`)],
    [setIn('app', 'usedns', 'raw')],
    [setIn('spare', 'action', 'noop[port="$(touch /tmp/never)"]')],
    [setIn('spare', 'action', 'noop[port="22", actionban="touch /tmp/never"]')],
    [{ kind: 'file', file: 'jail.local', content: '[spare]\nignorecommand = touch /tmp/never\n' }],
    [{ kind: 'file', file: 'action.d/noop.local', content: '[Definition]\nactionban = touch /tmp/never\n' }],
  ]
  for (const edits of refused) {
    const expected = { code: 'config_not_allowed', params: { needs: 'all' } }
    await expect(at.host.config.preview({ edits })).rejects.toMatchObject(expected)
    await expect(at.host.config.stage({ edits, title: 'evil' })).rejects.toMatchObject(expected)
  }
  expect(await filesOf(at)).toEqual(before)
  // the jail, switched on later, has nothing of it
  await change(at, [setIn('spare', 'enabled', 'true'), setIn('spare', 'port', '2222')])
  expect(await runningJails(at.host)).toEqual(['app', 'spare', 'web'])
  expect((await at.daemon.client('get', 'spare', 'ignorecommand')).output).not.toContain('touch')
  // a plain parameter of its action is set
  await change(at, [setIn('spare', 'action', 'noop[port="2222,2223"]')])
  expect((await at.daemon.client('get', 'spare', 'action', 'noop', 'port')).output.trim()).toBe('2222,2223')
})

test('with all, what runs commands can be changed as well', async () => {
  await using at = await createTestHost(undefined, { configWrite: 'all' })
  await at.daemon.start()
  // a caller that asks for less than the host allows
  await expect(
    at.host.config.stage({
      edits: [setIn('app', 'action', 'noop[actionban="touch /tmp/never"]')],
      title: 'evil',
      level: 'jails',
    }),
  ).rejects.toMatchObject({ code: 'config_not_allowed', params: { needs: 'all' } })
  const marker = join(at.daemon.folder, 'ran')
  await change(at, [setIn('app', 'action', `noop[actionban="touch ${marker}"]`)])
  await at.daemon.ask('set', 'app', 'banip', '192.0.2.7')
  await expect.poll(() => readFile(marker, 'utf8').catch(() => null), { timeout: 60_000 }).toBe('')
  // a revert brings back no value that only `all` may set
  const removed = await change(at, [setIn('app', 'action', null), setIn('app', 'maxretry', '7')])
  const before = await filesOf(at)
  const edits = [{ kind: 'revert', changeId: removed } as const]
  await expect(at.host.config.stage({ edits, title: 'evil', level: 'jails' })).rejects.toMatchObject({
    code: 'config_not_allowed',
    params: { file: 'jail.d/zz-bangui.local', section: 'app', key: 'action', needs: 'all' },
  })
  expect(await filesOf(at)).toEqual(before)
  expect(await at.host.config.stage({ edits, title: 'as before' })).toMatchObject({
    risks: [{ cause: 'actions' }],
  })
})

const tenJails = [
  'apache-auth',
  'nginx-http-auth',
  'lighttpd-auth',
  'vsftpd',
  'proftpd',
  'squid',
  'roundcube-auth',
  'openwebmail',
  '3proxy',
  'monit',
]

test('ten of the stock jails are switched on, edited and reverted on a running fail2ban, and every file is as before', async () => {
  await using at = await createTestHost({ jails: [{ name: 'app' }] })
  const { configDir, folder } = at.daemon
  const own = await readFile(join(configDir, 'jail.conf'), 'utf8')
  for (const name of ['filter.d', 'action.d'])
    await cp(join('/etc/fail2ban', name), join(configDir, name), { recursive: true, force: false })
  for (const name of ['jail.conf', 'paths-debian.conf', 'paths-common.conf']) {
    const text = await readFile(join('/etc/fail2ban', name), 'utf8')
    await writeFile(join(configDir, name), text.replaceAll('/var/log/', `${folder}/logs/`))
  }
  // the jail of the tests, with its defaults
  await writeFile(join(configDir, 'jail.d', 'base.conf'), own)
  const jails = configuredJails(await readFail2banConfig(configDir))
  for (const path of jails.flatMap(({ name, logPaths }) => (tenJails.includes(name) ? logPaths : []))) {
    expect(path).toContain(folder)
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path.replaceAll('*', 'any'), '')
  }
  await at.daemon.start()
  const before = await filesOf(at)
  const edits = (value: string | null) =>
    tenJails.flatMap((name) => [
      setIn(name, 'enabled', value === null ? null : 'true'),
      setIn(name, 'maxretry', value),
    ])
  await change(at, edits('7'))
  expect(await runningJails(at.host)).toEqual(['app', ...tenJails].toSorted())
  expect((await at.daemon.client('get', 'vsftpd', 'maxretry')).output.trim()).toBe('7')
  await change(at, edits(null))
  expect(await runningJails(at.host)).toEqual(['app'])
  expect(await filesOf(at)).toEqual(before)
})
