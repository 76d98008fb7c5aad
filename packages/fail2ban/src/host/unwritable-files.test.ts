import { readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { previewSwitch, stageSwitch } from '../../test/changes.ts'
import { isRoot, openToOrdinaryUser, runAsOrdinaryUser } from '../../test/as-ordinary-user.ts'
import { hasMountNamespaces, runWithMount } from '../../test/in-mount-namespace.ts'
import { createTestHost, runningJails, type TestHost } from '../../test/with-host.ts'
import { ConfigUnwritableError } from '../errors.ts'

const switchAndRollBack = new URL('../../test/children/switch-and-roll-back.ts', import.meta.url)
const off = '[spare]\nenabled = false\n'

const inJails = ({ daemon }: TestHost, name: string) => join(daemon.configDir, 'jail.d', name)
const ownFile = (at: TestHost) => inJails(at, 'zz-bangui.local')
const argumentsFor = ({ daemon }: TestHost) => [daemon.socketPath, daemon.configDir, daemon.clientProgram]

/** What the child says when every verb went through, in the file of BanGUI alone. */
function allIn(own: string, reason: RegExp) {
  const applied = { applied: true, files: [own], failure: null }
  return {
    preview: {
      refused: null,
      refusedReason: null,
      files: [{ path: own }],
      warnings: [expect.stringMatching(reason)],
    },
    on: applied,
    rolledBack: { restored: [own], online: true },
    again: applied,
    off: applied,
  }
}

test.runIf(hasMountNamespaces)(
  'a jail that a file sets which is mounted alone is switched in the file of BanGUI',
  async () => {
    await using at = await createTestHost()
    const mounted = inJails(at, 'mounted.local')
    await writeFile(mounted, off)
    await writeFile(join(at.daemon.folder, 'outside'), off)
    await at.daemon.start()
    const mount = { file: join(at.daemon.folder, 'outside'), over: mounted }
    const said = await runWithMount(mount, switchAndRollBack, argumentsFor(at))
    expect(said).toMatchObject(allIn(ownFile(at), /mounted as a single file/))
    expect(await readFile(join(at.daemon.folder, 'outside'), 'utf8')).toBe(off)
    expect(await runningJails(at.host)).toEqual(['app', 'web'])
  },
)

test.runIf(isRoot)('a jail that a file of somebody else sets is switched in the file of BanGUI', async () => {
  await using at = await createTestHost()
  await writeFile(inJails(at, 'theirs.local'), off)
  await at.daemon.start()
  await openToOrdinaryUser(at)
  const said = await runAsOrdinaryUser(switchAndRollBack, ...argumentsFor(at))
  expect(said).toMatchObject(allIn(ownFile(at), /theirs\.local \(EACCES\)/))
  expect(await readFile(inJails(at, 'theirs.local'), 'utf8')).toBe(off)
})

test('a jail that a link sets is switched in the file of BanGUI, and the link and its target stay', async () => {
  await using at = await createTestHost()
  const target = join(at.daemon.folder, 'target')
  await writeFile(target, off)
  await symlink(target, inJails(at, 'link.local'))
  await at.daemon.start()
  const preview = await previewSwitch(at.host, 'spare', true)
  expect(preview.warnings).toEqual([expect.stringMatching(/link\.local is a link to .*target/)])
  const change = await stageSwitch(at.host, 'spare', true)
  expect(await at.host.config.apply(change?.changeId ?? '')).toMatchObject({
    applied: true,
    files: [ownFile(at)],
    output: null,
  })
  expect(await runningJails(at.host)).toContain('spare')
  expect(await readFile(target, 'utf8')).toBe(off)
})

test('a preview says that the files cannot be written, and the change is refused for the same reason', async () => {
  await using at = await createTestHost()
  await symlink(join(at.daemon.folder, 'elsewhere'), ownFile(at))
  const reason = /zz-bangui\.local is a link to .*BanGUI does not write through links/
  expect(await previewSwitch(at.host, 'spare', true)).toMatchObject({
    refused: expect.stringMatching(reason),
    refusedReason: 'config_unwritable',
    files: [],
  })
  const preparing = stageSwitch(at.host, 'spare', true)
  await expect(preparing).rejects.toThrow(ConfigUnwritableError)
  await expect(preparing).rejects.toThrow(reason)
})

test('a file that cannot be written and is read after that of BanGUI is named with both reasons', async () => {
  await using at = await createTestHost()
  const target = join(at.daemon.folder, 'target')
  await writeFile(target, off)
  await symlink(target, inJails(at, 'zzz.local'))
  const preview = await previewSwitch(at.host, 'spare', true)
  expect(preview.refusedReason).toBe('config_unwritable')
  expect(preview.refused).toMatch(/zzz\.local, line 2, is read later and sets enabled = false/)
  expect(preview.refused).toMatch(/zzz\.local is a link to/)
  await expect(stageSwitch(at.host, 'spare', true)).rejects.toThrow(ConfigUnwritableError)
})

test.runIf(isRoot)('a preview for a user who may not write in jail.d says so', async () => {
  await using at = await createTestHost()
  await at.daemon.start()
  await openToOrdinaryUser(at, { jails: false })
  const preview = await runAsOrdinaryUser(
    new URL('../../test/children/preview-switch.ts', import.meta.url),
    ...argumentsFor(at),
  )
  expect(preview).toMatchObject({
    refused: expect.stringMatching(/BanGUI cannot write to the folder .*jail\.d \(EACCES\)/),
    refusedReason: 'config_unwritable',
  })
})
