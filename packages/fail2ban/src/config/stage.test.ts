import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { link, mkdir, readdir, readFile, stat, symlink, truncate } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createFolder } from '../../test/fail2ban-reader.ts'
import { ConfigUnreadableError } from '../errors.ts'
import { isInside, stageConfig } from './stage.ts'

const textOf = (path: string) => readFile(path, 'utf8')

describe('a staged configuration', () => {
  it('is a copy that only this user may enter, and that is removed in the end', async () => {
    await using folder = await createFolder({
      'jail.conf': '[a]\n',
      'jail.d/x.local': 'x',
      'filter.d/deep/y.conf': 'y',
    })
    let path = ''
    {
      await using staged = await stageConfig(folder.path)
      path = staged.path
      expect(staged).toMatchObject({ configDir: folder.path, skipped: [] })
      expect((await stat(path)).mode & 0o777).toBe(0o700)
      expect((await stat(join(path, 'jail.conf'))).mode & 0o777).toBe(0o600)
      expect(await textOf(join(path, 'filter.d/deep/y.conf'))).toBe('y')
    }
    await expect(stat(path)).rejects.toThrow('ENOENT')
  })

  it('takes what is written to it, and leaves the live folder alone, also behind links', async () => {
    await using folder = await createFolder({ 'jail.conf': 'live', 'real/jail.local': 'live' })
    await using outside = await createFolder({ 'o.local': 'outside' })
    await symlink('real/jail.local', join(folder.path, 'jail.local'))
    await symlink(join(outside.path, 'o.local'), join(folder.path, 'o.local'))
    await symlink('real', join(folder.path, 'jail.d'))
    await link(join(folder.path, 'jail.conf'), join(folder.path, 'hard.conf'))
    await using staged = await stageConfig(folder.path)
    for (const name of ['jail.local', 'o.local', 'jail.d/jail.local', 'hard.conf', 'new.d/new.local'])
      await staged.write(name, 'staged')
    expect(await textOf(join(staged.path, 'jail.local'))).toBe('staged')
    expect(await textOf(join(staged.path, 'new.d/new.local'))).toBe('staged')
    expect(await textOf(join(folder.path, 'real/jail.local'))).toBe('live')
    expect(await textOf(join(folder.path, 'jail.conf'))).toBe('live')
    expect(await textOf(join(outside.path, 'o.local'))).toBe('outside')
    await staged.write('jail.local', null)
    await expect(stat(join(staged.path, 'jail.local'))).rejects.toThrow('ENOENT')
  })

  it.each(['../x', '/etc/x', 'a/../../x', '.', '', 'a\0b'])('is not written to at %j', async (name) => {
    await using folder = await createFolder({ 'jail.conf': '' })
    await using staged = await stageConfig(folder.path)
    await expect(staged.write(name, 'x')).rejects.toThrow(TypeError)
  })

  it('leaves out sockets, links that lead nowhere or out to other folders, and says so', async () => {
    await using folder = await createFolder({ 'jail.conf': '[a]\n' })
    await symlink('/nowhere', join(folder.path, 'dangling.conf'))
    await symlink('/usr', join(folder.path, 'usr'))
    await using server = await listenAt(join(folder.path, 'socket.conf'))
    expect(server.listening).toBe(true)
    await mkdir(join(folder.path, '.git'))
    await using staged = await stageConfig(folder.path)
    expect(await readdir(staged.path)).toEqual(['jail.conf'])
    expect(
      staged.skipped
        .map((text) => text.split(' ')[0] ?? '')
        .toSorted((one, other) => one.localeCompare(other)),
    ).toEqual(['dangling.conf', 'socket.conf', 'usr'].map((name) => join(folder.path, name)))
  })

  it('holds a file that fail2ban refuses for each one that fail2ban would wait for', async () => {
    await using folder = await createFolder({ 'jail.conf': '[a]\n' })
    await symlink('/dev/zero', join(folder.path, 'zero.conf'))
    spawnSync('mkfifo', [join(folder.path, 'pipe.local'), join(folder.path, 'no-config')])
    await symlink('/dev/null', join(folder.path, 'masked.local'))
    await using staged = await stageConfig(folder.path)
    expect((await readdir(staged.path)).toSorted()).toEqual([
      'jail.conf',
      'masked.local',
      'pipe.local',
      'zero.conf',
    ])
    expect([...staged.uncopied.keys()].toSorted()).toEqual(
      ['pipe.local', 'zero.conf'].map((name) => join(folder.path, name)),
    )
    expect(await textOf(join(staged.path, 'masked.local'))).toBe('')
  })

  it('follows links to the folders that fail2ban reads, wherever they are', async () => {
    await using outside = await createFolder({ 'f.conf': '[Definition]\n' })
    await using folder = await createFolder({ 'jail.conf': '[a]\n' })
    await symlink(outside.path, join(folder.path, 'filter.d'))
    await using staged = await stageConfig(folder.path)
    await staged.write('filter.d/f.conf', 'staged')
    expect(await textOf(join(staged.path, 'filter.d/f.conf'))).toBe('staged')
    expect(await textOf(join(outside.path, 'f.conf'))).toBe('[Definition]\n')
  })

  it('refuses a folder that is far too large, and one that goes in circles, leaving nothing behind', async () => {
    await using folder = await createFolder({ 'jail.conf': '' })
    await symlink('.', join(folder.path, 'loop'))
    await expect(stageConfig(folder.path)).rejects.toThrow(ConfigUnreadableError)
    await using large = await createFolder({ 'jail.conf': '' })
    await truncate(join(large.path, 'jail.conf'), 101 * 1024 * 1024)
    await expect(stageConfig(large.path)).rejects.toThrow('100 MB')
  })

  it('refuses a folder that is not there', async () => {
    await expect(stageConfig('/nowhere/fail2ban')).rejects.toThrow(ConfigUnreadableError)
  })
})

it.each([
  ['/a', '/a', true],
  ['/a', '/a/b', true],
  ['/a', '/a/..b', true],
  ['/a', '/ab', false],
  ['/a', '/', false],
])('knows whether %s holds %s', (folder, path, expected) => {
  expect(isInside(folder, path)).toBe(expected)
})

async function listenAt(path: string) {
  const server = createServer().listen(path)
  await once(server, 'listening')
  return server
}
