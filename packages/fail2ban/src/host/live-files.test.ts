import { spawnSync } from 'node:child_process'
import {
  chmod,
  chown,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { someOwner } from '../../test/as-ordinary-user.ts'
import { ConfigUnwritableError } from '../errors.ts'
import { hasContent, keepCopy, putFile, saveFile } from './live-files.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'f2b-'))
  await mkdir(join(folder, 'config', 'jail.d'), { recursive: true })
  await writeFile(join(folder, 'config', 'jail.conf'), '[DEFAULT]\n', { mode: 0o640 })
})
afterEach(() => rm(folder, { recursive: true }))

const config = () => join(folder, 'config')

test('a file comes back with its bytes, mode and owner', async () => {
  const path = join(config(), 'jail.local')
  const odd = Buffer.from([0xff, 0x00, 0x0d, 0x0a, 0xe9])
  await writeFile(path, odd)
  await chown(path, someOwner.uid, someOwner.gid)
  await chmod(path, 0o4604)
  const saved = await saveFile(config(), path)
  await putFile(config(), { ...saved, content: Buffer.from('changed') })
  expect(await readFile(path, 'utf8')).toBe('changed')
  await chmod(path, 0o777)
  await putFile(config(), saved)
  expect(await readFile(path)).toEqual(odd)
  const { mode, uid, gid } = await stat(path)
  expect([mode & 0o7777, uid, gid]).toEqual([0o4604, someOwner.uid, someOwner.gid])
})

test('a file that was not there is made no more open than its siblings, and goes again', async () => {
  const path = join(config(), 'jail.d', 'zz.local')
  const saved = await saveFile(config(), path)
  expect(saved).toMatchObject({ content: null, mode: 0o640 })
  await putFile(config(), { ...saved, content: Buffer.from('new') })
  expect((await stat(path)).mode & 0o7777).toBe(0o640)
  await putFile(config(), saved)
  await putFile(config(), saved)
  expect(await readdir(join(config(), 'jail.d'))).toEqual([])
})

test('the folder of a new file is made', async () => {
  await rm(join(config(), 'jail.d'), { recursive: true })
  const path = join(config(), 'jail.d', 'zz.local')
  await putFile(config(), { ...(await saveFile(config(), path)), content: Buffer.from('new') })
  expect(await hasContent(path, Buffer.from('new'))).toBe(true)
})

test.each(['jail.conf', '../outside.local', 'jail.d/../../outside.local', '', 'jail.d/a\nb.local'])(
  'the path %j is never written',
  async (path) => {
    const file = { path: join(config(), path), content: Buffer.from('x'), mode: 0o644, uid: 0, gid: 0 }
    await expect(putFile(config(), file)).rejects.toThrow(ConfigUnwritableError)
    await expect(saveFile(config(), file.path)).rejects.toThrow(ConfigUnwritableError)
    expect(await readFile(join(config(), 'jail.conf'), 'utf8')).toBe('[DEFAULT]\n')
    expect(await readdir(folder)).toEqual(['config'])
  },
)

test('nothing is written through a link, be it the file or its folder', async () => {
  const outside = join(folder, 'outside')
  await mkdir(outside)
  await writeFile(join(outside, 'a.local'), 'kept')
  await symlink(join(outside, 'a.local'), join(config(), 'jail.local'))
  await symlink(outside, join(config(), 'fail2ban.d'))
  for (const path of [join(config(), 'jail.local'), join(config(), 'fail2ban.d', 'a.local')]) {
    const file = { path, content: Buffer.from('x'), mode: 0o644, uid: 0, gid: 0 }
    await expect(putFile(config(), file)).rejects.toThrow(/link/)
  }
  expect(await readFile(join(outside, 'a.local'), 'utf8')).toBe('kept')
})

test('what is no regular file, or too large, is neither read nor waited for', async () => {
  const pipe = join(config(), 'jail.d', 'pipe.local')
  spawnSync('mkfifo', [pipe])
  const link = join(config(), 'jail.d', 'link.local')
  await symlink('/etc/passwd', link)
  for (const path of [pipe, link, join(config(), 'jail.d')]) {
    await expect(hasContent(path, null)).rejects.toThrow(/not a regular file/)
    await expect(keepCopy(path, 1)).rejects.toThrow(/not a regular file/)
  }
  const large = join(config(), 'jail.d', 'large.local')
  await writeFile(large, '')
  await truncate(large, 1024 * 1024 + 1)
  await expect(saveFile(config(), large)).rejects.toThrow(/larger than 1 MiB/)
})

test('a file that cannot be written is named in the error, with the reason', async () => {
  const path = join(config(), 'jail.d', 'zz-bangui.local')
  await rm(join(config(), 'jail.d'), { recursive: true })
  await writeFile(join(config(), 'jail.d'), 'a file where a folder should be')
  const writing = putFile(config(), { path, content: Buffer.from('x'), mode: 0o644, uid: 0, gid: 0 })
  await expect(writing).rejects.toThrow(ConfigUnwritableError)
  await expect(writing).rejects.toThrow(path)
})
