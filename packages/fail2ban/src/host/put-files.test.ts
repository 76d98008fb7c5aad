import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { ConfigChangedError } from '../errors.ts'
import { keepCopy, putFile, saveFile } from './live-files.ts'
import { putFiles, removeUnfinished } from './put-files.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'f2b-'))
  for (const name of ['jail.d', 'filter.d', 'action.d']) await mkdir(join(folder, name))
})
afterEach(() => rm(folder, { recursive: true }))

const file = (name: string, content: string | null) => ({
  path: join(folder, name),
  content: content === null ? null : Buffer.from(content),
  mode: 0o644,
  uid: process.geteuid?.() ?? 0,
  gid: process.getegid?.() ?? 0,
})

const own: string[] = []
const context = () => ({
  configDir: folder,
  outside: { noteOwn: (path: string) => void own.push(path), look: async () => [] },
})

const read = (name: string) => readFile(join(folder, name), 'utf8').catch(() => null)

it('what jails use is written before them, and removed after them', async () => {
  const order: string[] = []
  const files = [
    file('filter.d/gone.local', null),
    file('jail.d/gone.local', null),
    file('jail.local', '[app]'),
    file('action.d/new.local', '[Definition]'),
    file('fail2ban.local', '[Definition]'),
    file('filter.d/new.local', '[Definition]'),
  ]
  await putFiles(context(), files, { onPut: ({ path }) => order.push(path.slice(folder.length + 1)) })
  expect(own).toEqual(order.map((name) => join(folder, name)))
  expect(order).toEqual([
    'action.d/new.local',
    'filter.d/new.local',
    'jail.local',
    'fail2ban.local',
    'jail.d/gone.local',
    'filter.d/gone.local',
  ])
})

it('a file that another program writes at the same moment stays as that program wrote it', async () => {
  const before = [
    file('filter.d/app.local', 'old'),
    file('jail.local', 'old'),
    file('jail.d/own.local', 'old'),
  ]
  for (const { path, content } of before) await writeFile(path, content ?? '')
  const after = [file('filter.d/app.local', 'new'), file('jail.local', 'new'), file('jail.d/own.local', null)]
  const writing = (name: string) =>
    putFiles(context(), after, {
      before,
      onPut: ({ path }) =>
        path.endsWith('app.local')
          ? execFileSync('sh', ['-c', 'echo theirs > "$0"', join(folder, name)])
          : undefined,
    })
  await expect(writing('jail.local')).rejects.toThrow(ConfigChangedError)
  expect([await read('filter.d/app.local'), await read('jail.local')]).toEqual(['new', 'theirs\n'])
  await writeFile(join(folder, 'filter.d', 'app.local'), 'old')
  await writeFile(join(folder, 'jail.local'), 'old')
  await expect(writing('jail.d/own.local')).rejects.toThrow(/Somebody else has just changed .*own\.local/)
  expect(await read('jail.d/own.local')).toBe('theirs\n')
  expect((await readdir(folder, { recursive: true })).filter((name) => name.includes('.bangui-'))).toEqual([])
})

it('what a crash left of writing goes, and nothing else', async () => {
  const names = [
    'a.local.bangui-0123456789ab',
    'a.local.bangui-short',
    'b.local.bangui-0123456789ab',
    'a.local',
  ]
  for (const name of names) await writeFile(join(folder, 'jail.d', name), '')
  await removeUnfinished([join(folder, 'jail.d', 'a.local'), join(folder, 'nowhere', 'c.local')])
  expect((await readdir(join(folder, 'jail.d'))).toSorted()).toEqual(names.slice(1).toSorted())
})

const python = (code: string, path: string) =>
  execFileSync('python3', ['-c', code, path], { encoding: 'utf8' })

/** `u::rw- u:1234:r-- g::r-- m::r-- o::---` as Linux stores it, which needs no further program. */
const setAttributes = `
import os, struct, sys
entries = [(1, 6, -1), (2, 4, 1234), (4, 4, -1), (16, 4, -1), (32, 0, -1)]
acl = struct.pack("<I", 2) + b"".join(struct.pack("<HHi", *entry) for entry in entries)
os.setxattr(sys.argv[1], "system.posix_acl_access", acl)
os.setxattr(sys.argv[1], "user.note", b"kept")
`
const listAttributes = `
import os, sys
print({name: os.getxattr(sys.argv[1], name).hex() for name in sorted(os.listxattr(sys.argv[1]))})
`

function hasAttributes(path: string): boolean {
  try {
    python(setAttributes, path)
    return true
  } catch {
    return false // this file system has none
  }
}

it('a file keeps its access list and extended attributes when it is written, copied and restored', async ({
  skip,
}) => {
  const path = join(folder, 'jail.local')
  await writeFile(path, 'old')
  if (!hasAttributes(path)) skip()
  const before = python(listAttributes, path)
  expect(before).toContain('posix_acl_access')
  const { mode } = await stat(path)
  const saved = await saveFile(folder, path)
  await putFile(folder, { ...saved, content: Buffer.from('new') })
  expect([await read('jail.local'), python(listAttributes, path)]).toEqual(['new', before])
  expect(python(listAttributes, (await keepCopy(path, 1)) ?? '')).toBe(before)
  await putFile(folder, saved)
  expect([await read('jail.local'), python(listAttributes, path)]).toEqual(['old', before])
  expect((await stat(path)).mode).toBe(mode)
})
