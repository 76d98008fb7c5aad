import { spawnSync } from 'node:child_process'
import { chown, mkdir, mkdtemp, readdir, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { expect, it } from 'vitest'
import { makeTemporaryFolder, removeLeftovers, removeTemporaryFolder } from './temporary-folder.ts'

async function createBase() {
  const path = await mkdtemp('/tmp/bgt-')
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) }
}

/** The number of a process that has ended. */
const deadPid = () => spawnSync('true').pid

it('is for this user alone, and its name has the process id', async () => {
  await using base = await createBase()
  const path = await makeTemporaryFolder('bangui-stage', base.path)
  expect(basename(path)).toMatch(new RegExp(`^bangui-stage-${process.pid}-\\w{6}$`))
  expect((await stat(path)).mode & 0o777).toBe(0o700)
})

it('removes the folders of killed processes, and nothing else', async () => {
  await using base = await createBase()
  await using other = await createBase()
  await writeFile(join(other.path, 'jail.local'), 'apikey')
  const dead = deadPid()
  const kept = [`bangui-stage-${process.ppid}-abcdef`, `bangui-stage-${dead}`, `bangui-data-${dead}-abcdef`]
  const old = [`bangui-stage-${dead}-abcdef`, `bgr-${dead}-abcdef`, `bgr-${process.ppid}-abcdef`]
  for (const name of [...kept, ...old]) {
    await mkdir(join(base.path, name))
    await writeFile(join(base.path, name, 'jail.local'), 'apikey')
  }
  await utimes(join(base.path, old[2] ?? ''), 1, 1)
  await symlink(other.path, join(base.path, old[0] ?? '', 'link'))
  await symlink(other.path, join(base.path, `bgr-${dead}-linked`))
  await removeLeftovers(base.path)
  expect((await readdir(base.path)).toSorted()).toEqual([...kept, `bgr-${dead}-linked`].toSorted())
  expect(await readdir(other.path)).toEqual(['jail.local'])
})

it('removes the folders of a process that had the same id, as in a container, and keeps its own', async () => {
  await using base = await createBase()
  await mkdir(join(base.path, `bangui-stage-${process.pid}-abcdef`))
  const own = await makeTemporaryFolder('bangui-stage', base.path)
  await removeLeftovers(base.path)
  expect(await readdir(base.path)).toEqual([basename(own)])
  await removeTemporaryFolder(own)
  expect(await readdir(base.path)).toEqual([])
})

it('leaves what belongs to another user', async () => {
  await using base = await createBase()
  const path = join(base.path, `bangui-stage-${deadPid()}-abcdef`)
  await mkdir(path)
  if (process.geteuid?.() === 0) await chown(path, 65_534, 65_534)
  await removeLeftovers(base.path)
  expect(await readdir(base.path)).toHaveLength(process.geteuid?.() === 0 ? 1 : 0)
})
