import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { createKeySource } from './secret-key.ts'
import { createSecrets } from './secrets.ts'

const folders: string[] = []

afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true })
})

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'bangui-secrets-'))
  folders.push(folder)
  return folder
}

const open = (dataDir: string, given: string | null = null) =>
  createSecrets({ key: createKeySource({ dataDir, given }) })

describe('secrets', () => {
  it('come back after a restart, and are not readable in between', async () => {
    const folder = await newFolder()
    const sealed = open(folder).seal('tk_very secret ✓')
    expect(sealed).toMatch(/^v1:[\w-]+$/)
    expect(Buffer.from(sealed.slice(3), 'base64url').includes('secret')).toBe(false)
    expect(open(folder).open(sealed)).toBe('tk_very secret ✓')
  })

  it('are sealed differently each time', async () => {
    const secrets = open(await newFolder())
    expect(secrets.seal('same')).not.toBe(secrets.seal('same'))
  })

  it('do not open once a single character was changed, or in another format', async () => {
    const secrets = open(await newFolder())
    const sealed = secrets.seal('token')
    for (let index = 3; index < sealed.length - 1; index++) {
      const other = sealed[index] === 'A' ? 'B' : 'A'
      expect(secrets.open(sealed.slice(0, index) + other + sealed.slice(index + 1))).toBeNull()
    }
    for (const text of ['', 'v1:', 'v1:AAAA', 'v2:AAAA', 'plain', sealed.slice(0, -4)])
      expect(secrets.open(text)).toBeNull()
    expect(secrets.problem).toBeNull()
  })

  it('do not open with a key that is lost, and the key is not replaced by looking', async () => {
    const folder = await newFolder()
    const sealed = open(folder).seal('token')
    const key = join(folder, 'secret-key')
    await rename(key, `${key}.away`)
    const without = open(folder)
    expect(without.open(sealed)).toBeNull()
    expect(without.problem).toContain('does not exist')
    await rename(`${key}.away`, key)
    expect(without.open(sealed)).toBe('token')
    expect(without.problem).toBeNull()
  })

  it('do not open with another key', async () => {
    const folder = await newFolder()
    const sealed = open(folder).seal('token')
    const other = open(folder, 'a key of the environment, long enough')
    expect(other.open(sealed)).toBeNull()
    expect(other.open(other.seal('again'))).toBe('again')
    expect(open(await newFolder(), 'a key of the environment, long enough').open(other.seal('x'))).toBe('x')
  })
})

describe('the file of the key', () => {
  it('is made when something is sealed first, for its owner only and without leaving a draft', async () => {
    const folder = await newFolder()
    const secrets = open(folder)
    expect(secrets.open('v1:AAAA')).toBeNull()
    expect(await readdir(folder)).toEqual([])
    secrets.seal('token')
    expect(await readdir(folder)).toEqual(['secret-key'])
    expect((await stat(join(folder, 'secret-key'))).mode & 0o777).toBe(0o600)
    const text = await readFile(join(folder, 'secret-key'), 'utf8')
    open(folder).seal('another')
    expect(await readFile(join(folder, 'secret-key'), 'utf8')).toBe(text)
  })

  it('is taken away from other users', async () => {
    const folder = await newFolder()
    const sealed = open(folder).seal('token')
    await chmod(join(folder, 'secret-key'), 0o644)
    expect(open(folder).open(sealed)).toBe('token')
    expect((await stat(join(folder, 'secret-key'))).mode & 0o777).toBe(0o600)
  })

  it.each([
    ['empty', (path: string) => writeFile(path, ''), 'does not contain a key'],
    ['short', (path: string) => writeFile(path, 'abc\n'), 'does not contain a key'],
    ['a link', (path: string) => symlink('another-file', path), 'is not a file'],
    ['a folder', (path: string) => mkdir(path), 'is not a file'],
  ])('is neither used nor replaced when it is %s', async (_, make, problem) => {
    const folder = await newFolder()
    await make(join(folder, 'secret-key'))
    const secrets = open(folder)
    expect(() => secrets.seal('token')).toThrow(problem)
    expect(secrets.open('v1:AAAA')).toBeNull()
    expect(secrets.problem).toContain(problem)
  })

  it('that cannot be written is an error of the change, not of the start', () => {
    const secrets = open('/proc/nowhere')
    expect(secrets.open('v1:AAAA')).toBeNull()
    expect(() => secrets.seal('token')).toThrow('cannot be written')
  })
})
