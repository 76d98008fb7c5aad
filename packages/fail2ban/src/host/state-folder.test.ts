import { execFileSync } from 'node:child_process'
import { mkdir, readdir, readFile, rm, statfs, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { resultOf } from '@bangui/async'
import { expect, test } from 'vitest'
import { stageSwitch } from '../../test/changes.ts'
import { createTestHost, runningJails, type TestHost } from '../../test/with-host.ts'
import { noteState } from './note-state.ts'

/** Gives the state of a host a disk of its own, small enough to be filled; undefined where none can be made. */
async function mountState({ stateDir }: TestHost) {
  await mkdir(stateDir)
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', stateDir], { stdio: 'ignore' })
  } catch {
    return undefined
  }
  const file = join(stateDir, 'fill')
  return {
    async fill() {
      const { bavail, bsize } = await statfs(stateDir)
      await writeFile(file, Buffer.alloc(bavail * bsize))
    },
    empty: () => rm(file),
    [Symbol.dispose]: () => void execFileSync('umount', ['--lazy', stateDir]),
  }
}

test('a change whose files cannot be saved on a full disk changes nothing', async (context) => {
  await using at = await createTestHost()
  using disk = await mountState(at)
  if (!disk) return context.skip('No disk can be made here.')
  await at.daemon.start()
  const before = await readdir(join(at.daemon.configDir, 'jail.d'))
  const prepared = await stageSwitch(at.host, 'spare', true)
  await disk.fill()
  await expect(stageSwitch(at.host, 'spare', true)).rejects.toMatchObject({
    code: 'config_unwritable',
    message: expect.stringContaining('ENOSPC'),
  })
  await expect(at.host.config.apply(prepared?.changeId ?? '')).rejects.toMatchObject({
    code: 'config_unwritable',
  })
  expect(await readdir(join(at.daemon.configDir, 'jail.d'))).toEqual(before)
  expect(await readdir(join(at.stateDir, 'changes'))).toEqual([prepared?.changeId])
  await disk.empty()
  expect(await at.host.config.apply(prepared?.changeId ?? '')).toMatchObject({ applied: true })
  expect(await runningJails(at.host)).toEqual(['app', 'spare', 'web'])
})

test('a rollback on a full disk restores the files and says that this was not recorded', async (context) => {
  await using at = await createTestHost()
  using disk = await mountState(at)
  if (!disk) return context.skip('No disk can be made here.')
  await at.daemon.start()
  const change = await stageSwitch(at.host, 'spare', true)
  await at.host.config.apply(change?.changeId ?? '')
  await disk.fill()
  const request = { changeId: change?.changeId ?? '', jailName: 'spare', missingJails: [] }
  expect(await resultOf(at.host.config.rollback(request))).toMatchObject({
    online: true,
    output: expect.stringContaining('could not be recorded'),
  })
  expect(await runningJails(at.host)).toEqual(['app', 'web'])
})

test('a rollback to files that are not BanGUI’s touches and copies none of them', async () => {
  await using at = await createTestHost()
  await at.daemon.start()
  const change = await stageSwitch(at.host, 'spare', true)
  await at.host.config.apply(change?.changeId ?? '')
  const manifest = join(at.stateDir, 'changes', change?.changeId ?? '', 'manifest.json')
  const elsewhere = join(at.daemon.folder, 'elsewhere')
  await mkdir(elsewhere)
  await writeFile(join(elsewhere, 'x.local'), 'of somebody')
  const own = join(at.daemon.configDir, 'jail.d', 'zz-bangui.local')
  const text = await readFile(manifest, 'utf8')
  await writeFile(manifest, text.replaceAll(own, join(elsewhere, 'x.local')))
  const request = { changeId: change?.changeId ?? '', jailName: 'spare', missingJails: [] }
  await expect(resultOf(at.host.config.rollback(request))).rejects.toMatchObject({
    code: 'config_unwritable',
  })
  expect(await readdir(elsewhere)).toEqual(['x.local'])
  expect(await readFile(join(elsewhere, 'x.local'), 'utf8')).toBe('of somebody')
})

test('a rollback whose saved files are damaged deactivates the jail and says why', async () => {
  await using at = await createTestHost()
  await at.daemon.start()
  const change = await stageSwitch(at.host, 'spare', true)
  await at.host.config.apply(change?.changeId ?? '')
  await writeFile(join(at.stateDir, 'changes', change?.changeId ?? '', 'manifest.json'), '')
  const request = { changeId: change?.changeId ?? '', jailName: 'spare', missingJails: [] }
  const result = await resultOf(at.host.config.rollback(request))
  expect(result.output).toMatch(/saved files in .* cannot be used/)
  expect(result.output).toContain('spare was deactivated')
  expect(await runningJails(at.host)).toEqual(['app', 'web'])
  const own = await readFile(join(at.daemon.configDir, 'jail.d', 'zz-bangui.local'), 'utf8')
  expect(own).toContain('enabled = false')
  await expect(at.host.config.apply(change?.changeId ?? '')).rejects.toThrow(/cannot be used/)
})

test('an end that cannot be recorded is a sentence, not an error', async () => {
  await using at = await createTestHost()
  expect(await noteState(at, 'nothing', 'applied')).toContain('There is no change')
})

test('a start names the damaged record of a change among the notices', async () => {
  await using at = await createTestHost()
  await at.daemon.start()
  const change = await stageSwitch(at.host, 'spare', true)
  const folder = join(at.stateDir, 'changes', change?.changeId ?? '')
  await writeFile(join(folder, 'manifest.json'), '')
  expect(await at.host.config.listNotices()).toEqual([])
  expect(await at.host.config.settleInterrupted()).toEqual([])
  expect(await at.host.config.listNotices()).toMatchObject([
    { kind: 'unreadable', file: folder, message: expect.stringContaining('delete this folder') },
  ])
})
