import { spawnSync } from 'node:child_process'
import { readlinkSync } from 'node:fs'
import { chown, mkdir, mkdtemp, readdir, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { expect, it } from 'vitest'
import { makeTemporaryFolder, removeLeftovers, removeTemporaryFolder } from './temporary-folder.ts'

async function createBase() {
  const path = await mkdtemp('/tmp/bgt-')
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) }
}

/** The number of a process that has ended, as it is in a name: with the namespace of this one. */
const dead = () => `${spawnSync('true').pid}-${namespace}`
const namespace = Number(/\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0]).toString(36)

it('is for this user alone, and its name has the process id', async () => {
  await using base = await createBase()
  const path = await makeTemporaryFolder('bangui-stage', base.path)
  expect(basename(path)).toMatch(new RegExp(`^bangui-stage-${process.pid}-${namespace}-\\w{6}$`))
  expect((await stat(path)).mode & 0o777).toBe(0o700)
})

it('removes the folders of killed processes, and nothing else', async () => {
  await using base = await createBase()
  await using other = await createBase()
  await writeFile(join(other.path, 'jail.local'), 'apikey')
  const ended = dead()
  const living = `${process.ppid}-${namespace}`
  const kept = [
    `bangui-stage-${living}-abcdef`,
    `bangui-stage-${ended}`,
    `bangui-data-${ended}-abcdef`,
    // in another container, a process of this number may run
    `bangui-stage-${process.pid}-other-abcdef`,
  ]
  const old = [
    `bangui-stage-${ended}-abcdef`,
    `bgr-${ended}-abcdef`,
    `bgr-${living}-abcdef`,
    'bgr-1-other-abcdef',
  ]
  for (const name of [...kept, ...old]) {
    await mkdir(join(base.path, name))
    await writeFile(join(base.path, name, 'jail.local'), 'apikey')
  }
  for (const name of old.slice(2)) await utimes(join(base.path, name), 1, 1)
  await symlink(other.path, join(base.path, old[0] ?? '', 'link'))
  await symlink(other.path, join(base.path, `bgr-${ended}-linked`))
  await removeLeftovers(base.path)
  expect((await readdir(base.path)).toSorted()).toEqual([...kept, `bgr-${ended}-linked`].toSorted())
  expect(await readdir(other.path)).toEqual(['jail.local'])
})

it('removes the folders of a process that had the same id, as in a container, and keeps its own', async () => {
  await using base = await createBase()
  await mkdir(join(base.path, `bangui-stage-${process.pid}-${namespace}-abcdef`))
  const own = await makeTemporaryFolder('bangui-stage', base.path)
  await removeLeftovers(base.path)
  expect(await readdir(base.path)).toEqual([basename(own)])
  await removeTemporaryFolder(own)
  expect(await readdir(base.path)).toEqual([])
})

it('leaves what belongs to another user', async () => {
  await using base = await createBase()
  const path = join(base.path, `bangui-stage-${dead()}-abcdef`)
  await mkdir(path)
  if (process.geteuid?.() === 0) await chown(path, 65_534, 65_534)
  await removeLeftovers(base.path)
  expect(await readdir(base.path)).toHaveLength(process.geteuid?.() === 0 ? 1 : 0)
})
