import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { hasMountNamespaces } from '../../test/in-mount-namespace.ts'
import { runScript } from '../../test/run-script.ts'
import { createTestHost, runningJails } from '../../test/with-host.ts'
import type { ConfigEdit } from '../models/edit-models.ts'
import { findFail2banVersions } from '../testing.ts'

const title = 'A change of a test'
const set = {
  kind: 'set',
  scope: 'jail',
  name: 'app',
  key: 'maxretry',
  value: '9',
} as const satisfies ConfigEdit

/** Returns a hash of each file of a folder, by its path. */
async function contentsOf(folder: string): Promise<string[]> {
  const paths = (await readdir(folder, { recursive: true })).toSorted()
  return Promise.all(
    paths.map(async (path) => {
      const isFile = (await stat(join(folder, path))).isFile()
      const content = isFile ? await readFile(join(folder, path)) : ''
      return `${path} ${createHash('sha256').update(content).digest('hex')}`
    }),
  )
}

const jailLocal = (content: string | Uint8Array) => (dir: string) =>
  writeFile(join(dir, 'jail.local'), content)

it.each([
  ['a file begins with a byte order mark', jailLocal('\ufeff[app]\nmaxretry = 4\n'), /no section headers/],
  [
    'a section is there twice',
    jailLocal('[app]\nmaxretry = 4\n[app]\n'),
    /\[line {2}3\]: section 'app' already/,
  ],
  [
    'an option is there twice',
    jailLocal('[app]\nmaxretry = 4\nmaxretry = 5\n'),
    /option 'maxretry' .*already/,
  ],
  ['the filter does not exist', jailLocal('[app]\nfilter = nosuch\n'), /Unable to read the filter 'nosuch'/],
])(
  'a change is refused with the reason where %s, and the folder is untouched',
  async (_, prepare, reason) => {
    await using at = await createTestHost({ jails: [{ name: 'app' }] })
    const { configDir } = at.daemon
    await prepare(configDir)
    const before = await contentsOf(configDir)
    expect(await at.host.config.preview({ edits: [set] })).toMatchObject({
      refused: expect.stringMatching(reason) as string,
      refusedReason: 'config_refused',
    })
    await expect(at.host.config.stage({ edits: [set], title })).rejects.toMatchObject({
      code: 'config_refused',
    })
    expect(await contentsOf(configDir)).toEqual(before)
  },
)

const large = `[app]\nmaxretry = 4\n${'# a long comment\n'.repeat(640_000)}`

it.each([
  ['a file of 10 MB sets the option', jailLocal(large), 'jail.d/zz-bangui.local'],
  [
    'a file has the name of a folder',
    (dir: string) => mkdir(join(dir, 'jail.local')),
    'jail.d/zz-bangui.local',
  ],
  [
    'a file is not UTF-8',
    jailLocal(Buffer.from('[app]\n# M\u00fcller\n', 'latin1')),
    'jail.d/zz-bangui.local',
  ],
  [
    'a file includes itself',
    jailLocal('[INCLUDES]\nbefore = jail.local\n[app]\nmaxretry = 4\n'),
    'jail.local',
  ],
  [
    '[DEFAULT] in jail.d sets it',
    (dir: string) => writeFile(join(dir, 'jail.d', 'x.local'), '[DEFAULT]\nmaxretry = 7\n'),
    'jail.d/zz-bangui.local',
  ],
  [
    'the folder is a link',
    async (dir: string) => {
      await rename(dir, `${dir}-real`)
      await symlink(`${dir}-real`, dir)
    },
    'jail.d/zz-bangui.local',
  ],
])('a change goes into one file where %s, and is taken back byte for byte', async (_, prepare, file) => {
  await using at = await createTestHost({ jails: [{ name: 'app' }] })
  const { configDir } = at.daemon
  await prepare(configDir)
  await at.daemon.start()
  const before = await contentsOf(configDir)
  const staged = await at.host.config.stage({ edits: [set], title })
  const id = staged?.changeId ?? ''
  expect(await at.host.config.apply(id)).toMatchObject({ applied: true, files: [join(configDir, file)] })
  expect(await at.host.jails.getTuning('app')).toMatchObject({ maxretry: 9 })
  const back = await at.host.config.stage({ edits: [{ kind: 'revert', changeId: id }], title })
  expect(await at.host.config.apply(back?.changeId ?? '')).toMatchObject({ applied: true })
  expect(await contentsOf(configDir)).toEqual(before)
})

/** A fail2ban-client whose test never ends, and that is the real one else. */
async function hangingClient(folder: string): Promise<string> {
  const path = join(folder, 'fail2ban-client')
  const hang = `case "$*" in *-t*) echo $$ > ${join(folder, 'hanging')}; exec tail -f /dev/null;; esac`
  await writeFile(path, `#!/bin/sh\n${hang}\nexec fail2ban-client "$@"\n`, { mode: 0o755 })
  await writeFile(join(folder, 'fail2ban-server'), '#!/bin/sh\nexec fail2ban-server "$@"\n', { mode: 0o755 })
  return path
}

it('a change is refused where the test of fail2ban does not end, the test is ended, and nothing is touched', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'f2b-'))
  const client = await hangingClient(folder)
  await using at = await createTestHost({ jails: [{ name: 'app' }] }, { client, testDeadline: 1500 })
  await at.daemon.start()
  const before = await contentsOf(at.daemon.configDir)
  const reason =
    'fail2ban’s own test (fail2ban-client -t) did not finish within 1.5 s and was ended, so BanGUI cannot tell whether fail2ban accepts the configuration.'
  expect(await at.host.config.preview({ edits: [set] })).toMatchObject({
    refused: reason,
    messages: [{ severity: 'error', text: reason }],
  })
  await expect(at.host.config.stage({ edits: [set], title })).rejects.toMatchObject({
    code: 'config_refused',
    message: reason,
  })
  expect(await contentsOf(at.daemon.configDir)).toEqual(before)
  expect(await runningJails(at.host)).toEqual(['app'])
  const pid = Number(await readFile(join(folder, 'hanging'), 'utf8'))
  expect(() => process.kill(pid, 0)).toThrow(/ESRCH/)
  await rm(folder, { recursive: true })
})

const onFullDisk = new URL('../../test/children/change-on-full-disk.ts', import.meta.url)
const mounted = 'mount -t tmpfs -o size=2m tmpfs "$0" && exec "$@"'

// where no file system can be mounted, there is no disk that is small enough to fill
it.runIf(hasMountNamespaces).for([
  ['of the configuration', 'elsewhere', /zz-bangui\.local could not be written: ENOSPC/],
  ['of what BanGUI keeps', 'disk/state', /could not be recorded in .*: ENOSPC/],
] as const)('a change on a full disk %s is refused, and is possible later', async ([, state, reason]) => {
  const folder = await mkdtemp(join(tmpdir(), 'f2b-'))
  const disk = join(folder, 'disk')
  await mkdir(disk)
  const under = ['unshare', '--mount', '--propagation', 'private', 'sh', '-c', mounted, disk]
  const said = await runScript(onFullDisk, [disk, join(folder, state)], { under })
  expect(said).toMatchObject({
    loaded: { code: 'config_unwritable', message: expect.stringMatching(reason) as string },
    isSame: true,
    isStillSame: true,
    again: { applied: true },
  })
  await rm(folder, { recursive: true })
})

it('of two changes of one file that are applied at once, one is made, and the other is refused', async () => {
  await using at = await createTestHost({ jails: [{ name: 'app' }, { name: 'web' }] })
  await at.daemon.start()
  const stage = (name: string) => at.host.config.stage({ edits: [{ ...set, name }], title })
  const [app, web] = [await stage('app'), await stage('web')]
  const ended = await Promise.allSettled([app, web].map((each) => at.host.config.apply(each?.changeId ?? '')))
  expect(ended).toMatchObject([
    { status: 'fulfilled', value: { applied: true } },
    { status: 'rejected', reason: { code: 'busy' } },
  ])
  await expect(at.host.config.apply(web?.changeId ?? '')).rejects.toMatchObject({ code: 'config_changed' })
  const text = await readFile(join(at.daemon.configDir, 'jail.d/zz-bangui.local'), 'utf8')
  expect([text.includes('[app]'), text.includes('[web]')]).toEqual([true, false])
})

const old = findFail2banVersions().find(({ version }) => version.startsWith('0.'))
const installed = findFail2banVersions().find(({ binDir }) => binDir === undefined)

it.skipIf(old === undefined || installed === undefined || installed.version.startsWith('0.'))(
  'a change is refused where a newer client would remove the jails of the daemon that still runs',
  async () => {
    await using at = await createTestHost(
      { jails: [{ name: 'app' }, { name: 'web' }], ...(old?.binDir && { binDir: old.binDir }) },
      { client: 'fail2ban-client' },
    )
    await at.daemon.start()
    const before = await contentsOf(at.daemon.configDir)
    const reason = expect.stringContaining(`fail2ban ${old?.version} is still running`) as string
    expect(await at.host.config.preview({ edits: [set] })).toMatchObject({ refused: reason })
    await expect(at.host.config.stage({ edits: [set], title })).rejects.toMatchObject({
      code: 'config_refused',
      message: reason,
    })
    expect(await contentsOf(at.daemon.configDir)).toEqual(before)
    expect(await runningJails(at.host)).toEqual(['app', 'web'])
  },
)
