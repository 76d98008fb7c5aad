import { chmod, chown, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createSetupToken } from './setup-token.ts'

async function create() {
  const folder = await mkdtemp(join(tmpdir(), 'bangui-'))
  const dataDir = join(folder, 'data')
  const token = createSetupToken({ dataDir })
  return { folder, dataDir, token, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) }
}

it('is made once, in a file that only we can read, and leaves no draft behind', async () => {
  await using test = await create()
  const value = await test.token.ensure()
  expect(value).toMatch(/^[\w-]{43}$/)
  expect(await test.token.ensure()).toBe(value)
  expect(await readFile(test.token.path, 'utf8')).toBe(`${value}\n`)
  expect((await stat(test.token.path)).mode & 0o777).toBe(0o600)
  expect((await stat(test.dataDir)).mode & 0o777).toBe(0o700)
  expect(await readdir(test.dataDir)).toEqual(['setup-token'])
})

it('is the same after a restart, so that the link in the log stays good', async () => {
  await using test = await create()
  const value = await test.token.ensure()
  expect(await createSetupToken({ dataDir: test.dataDir }).ensure()).toBe(value)
})

it('matches itself and nothing else', async () => {
  await using test = await create()
  expect(await test.token.matches('')).toBe(false)
  const value = await test.token.ensure()
  expect(await test.token.matches(value)).toBe(true)
  expect(await test.token.matches(` ${value}\n`)).toBe(true)
  for (const other of ['', value.slice(1), `${value}x`, 'A'.repeat(43), value.toLowerCase()]) {
    expect(await test.token.matches(other)).toBe(false)
  }
})

it('matches nothing once it is removed', async () => {
  await using test = await create()
  const value = await test.token.ensure()
  await test.token.remove()
  await test.token.remove()
  expect(await test.token.matches(value)).toBe(false)
  expect(await readdir(test.dataDir)).toEqual([])
})

it('is made anew where others could have read or made the file', async () => {
  await using test = await create()
  const value = await test.token.ensure()
  await chmod(test.token.path, 0o644)
  expect(await test.token.matches(value)).toBe(false)
  const next = await test.token.ensure()
  expect(next).not.toBe(value)
  expect((await stat(test.token.path)).mode & 0o777).toBe(0o600)
})

it.runIf(process.getuid?.() === 0)('of another user is not taken', async () => {
  await using test = await create()
  const value = await test.token.ensure()
  await chown(test.token.path, 65_534, 65_534)
  expect(await test.token.matches(value)).toBe(false)
  expect(await test.token.ensure()).not.toBe(value)
})

it('follows no link, and takes nothing that is no token', async () => {
  await using test = await create()
  await test.token.ensure()
  const elsewhere = join(test.folder, 'elsewhere')
  await writeFile(elsewhere, 'B'.repeat(43), { mode: 0o600 })
  await rm(test.token.path)
  await symlink(elsewhere, test.token.path)
  expect(await test.token.matches('B'.repeat(43))).toBe(false)
  await test.token.ensure()
  expect(await readFile(elsewhere, 'utf8')).toBe('B'.repeat(43))
  await writeFile(test.token.path, 'short\n')
  expect(await test.token.matches('short')).toBe(false)
})
