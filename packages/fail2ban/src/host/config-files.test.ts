import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { listConfigFiles, readConfigFile } from './config-files.ts'

let root: string
let configDir: string

const put = async (path: string, content: string | Uint8Array) => {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, content)
}

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'bangui-files-'))
  configDir = join(root, 'fail2ban')
  await put(join(root, 'secret'), 'root:x')
  await put(join(root, 'elsewhere', 'drop.local'), '[app]\nenabled = true\n')
  await put(join(configDir, 'jail.conf'), '[DEFAULT]\nbantime = 10m\n')
  await put(join(configDir, 'filter.d', 'app.conf'), '[Definition]\n')
  await put(join(configDir, 'action.d', 'latin.conf'), Buffer.from('# caf\u00e9\n', 'latin1'))
  await put(join(configDir, 'mark.conf'), '\uFEFF[DEFAULT]\n')
  await put(join(configDir, 'large.conf'), `${'\u00e9'.repeat(300_000)}\n`)
  await put(join(configDir, 'odd\nname.conf'), '')
  await symlink(join(root, 'secret'), join(configDir, 'link.local'))
  await symlink('jail.conf', join(configDir, 'inside.local'))
  await symlink(join(root, 'elsewhere'), join(configDir, 'jail.d'))
  await symlink(root, join(configDir, 'up'))
  await promisify(execFile)('mkfifo', [join(configDir, 'pipe.conf')])
})
afterAll(() => rm(root, { recursive: true, force: true }))

test('the files of the configuration are listed by path, without links to other folders and names that break a line', async () => {
  const { files, isCut } = await listConfigFiles({ configDir })
  expect(isCut).toBe(false)
  expect(files.map(({ path }) => path)).toEqual([
    'action.d/latin.conf',
    'filter.d/app.conf',
    'inside.local',
    'jail.conf',
    'jail.d/drop.local',
    'large.conf',
    'link.local',
    'mark.conf',
  ])
  expect(files.find(({ path }) => path === 'jail.conf')).toEqual({ path: 'jail.conf', size: 24 })
})

test('a folder that does not exist is named', async () => {
  const missing = join(root, 'missing')
  await expect(listConfigFiles({ configDir: missing })).rejects.toMatchObject({
    code: 'config_unreadable',
    message: expect.stringContaining(`${missing} does not exist.`),
  })
})

describe('a file of the configuration', () => {
  const read = (path: string) => readConfigFile({ configDir }, path)

  test('is returned as it stands', async () => {
    expect(await read('jail.conf')).toEqual({
      path: 'jail.conf',
      text: '[DEFAULT]\nbantime = 10m\n',
      encoding: 'utf-8',
      size: 24,
      isCut: false,
      sha256: createHash('sha256').update('[DEFAULT]\nbantime = 10m\n').digest('hex'),
    })
    expect(await read('inside.local')).toMatchObject({ text: '[DEFAULT]\nbantime = 10m\n' })
    expect(await read('jail.d/drop.local')).toMatchObject({ text: '[app]\nenabled = true\n' })
  })

  test('keeps its byte order mark, and bytes that are no UTF-8', async () => {
    expect(await read('mark.conf')).toMatchObject({ text: '\uFEFF[DEFAULT]\n', encoding: 'utf-8' })
    expect(await read('action.d/latin.conf')).toMatchObject({ text: '# caf\u00e9\n', encoding: 'latin1' })
  })

  test('is cut after 512 KiB, between two characters', async () => {
    const file = await read('large.conf')
    expect(file).toMatchObject({ encoding: 'utf-8', size: 600_001, isCut: true, sha256: null })
    expect(file?.text).toBe('\u00e9'.repeat(512 * 512))
  })

  test.each([
    '../secret',
    '/etc/passwd',
    'filter.d/../../secret',
    '.',
    '',
    'filter.d//app.conf',
    'jail.conf\0',
    'odd\nname.conf',
    'missing.conf',
    'jail.conf/x',
    'a'.repeat(2_000),
  ])('is not there by the path %j', async (path) => {
    expect(await read(path)).toBeNull()
  })

  test.each([
    ['link.local', /is a link to .*secret, outside of/],
    ['up/secret', /is a link to .*secret, outside of/],
    ['filter.d', /is not a regular file/],
    ['pipe.conf', /is not a regular file/],
  ])('is refused with a reason by the path %s', async (path, reason) => {
    await expect(read(path)).rejects.toMatchObject({
      code: 'config_unreadable',
      message: expect.stringMatching(reason),
    })
  })
})
