import { chmod, chown, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { isRoot, openToOrdinaryUser, ORDINARY_USER, runAsOrdinaryUser } from '../../test/as-ordinary-user.ts'
import { createTestHost, runningJails } from '../../test/with-host.ts'

const script = (name: string) => new URL(`../../test/children/${name}.ts`, import.meta.url)

test('an ordinary user with an opened socket and a writable jail.d switches a jail on and off and rolls it back', async () => {
  await using at = await createTestHost()
  const { daemon } = at
  await daemon.start()
  await openToOrdinaryUser(at)
  const { socketPath, configDir, clientProgram } = daemon
  const said = await runAsOrdinaryUser(script('switch-and-roll-back'), socketPath, configDir, clientProgram)
  const own = join(configDir, 'jail.d', 'zz-bangui.local')
  const applied = { applied: true, files: [own], failure: null }
  expect(said).toMatchObject({
    preview: { refused: null, files: [{ path: own }] },
    on: applied,
    rolledBack: { restored: [own], online: true },
    again: applied,
    off: applied,
  })
  expect(await runningJails(at.host)).toEqual(['app', 'web'])
  expect((await readdir(dirname(own))).toSorted()).toEqual(['defaults.conf', 'zz-bangui.local'])
  expect((await stat(own)).uid).toBe(isRoot ? ORDINARY_USER : process.getuid?.())
})

test.runIf(isRoot)(
  'a file that an ordinary user replaces keeps its content and mode where its owner cannot be kept, without set-id bits',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'f2b-'))
    const jails = join(folder, 'jail.d')
    await mkdir(jails)
    await writeFile(join(folder, 'jail.conf'), '[DEFAULT]\n', { mode: 0o640 })
    const path = join(jails, 'there.local')
    await writeFile(path, 'before\n')
    await chmod(path, 0o4666)
    await chmod(folder, 0o755)
    await chown(jails, ORDINARY_USER, ORDINARY_USER)
    const own = (mode: number) => ({ mode, uid: ORDINARY_USER, gid: ORDINARY_USER })
    expect(await runAsOrdinaryUser(script('replace-files'), folder)).toEqual({
      there: { written: own(0o666), copy: own(0o666), restored: own(0o666) },
      made: { written: own(0o640), copy: own(0o640), restored: null },
    })
    expect(await readFile(path, 'utf8')).toBe('before\n')
    await rm(folder, { recursive: true })
  },
)
