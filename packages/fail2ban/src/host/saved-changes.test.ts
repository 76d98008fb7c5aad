import { randomUUID } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createSavedChanges } from './saved-changes.ts'
import type { SavedChange } from './saved-change.ts'

const everyByte = new Uint8Array(Array.from({ length: 256 }, (_, byte) => byte))

const changeOf = (over: Partial<SavedChange> = {}): SavedChange => ({
  id: randomUUID(),
  title: 'Deactivating jail sshd',
  createdAt: 1,
  state: 'prepared',
  files: [
    { path: '/etc/fail2ban/jail.d/z.local', content: everyByte, mode: 0o640, uid: 1, gid: 2 },
    { path: '/etc/fail2ban/jail.d/a.local', content: null, mode: 0o644, uid: 0, gid: 0 },
    { path: '/etc/fail2ban/jail.local', content: new Uint8Array(), mode: 0o600, uid: 0, gid: 0 },
  ],
  written: [
    { path: '/etc/fail2ban/jail.d/z.local', content: null },
    { path: '/etc/fail2ban/jail.d/a.local', content: everyByte },
  ],
  load: [{ jail: 'sshd', how: 'stop' }],
  runtime: [{ jail: 'nginx', key: 'bantime', value: '60' }],
  expect: { before: ['sshd', 'nginx'], running: [], stopped: ['sshd'] },
  ...over,
})

async function setUp() {
  const folder = await mkdtemp(join(tmpdir(), 'changes-'))
  const stateDir = join(folder, 'data', 'host')
  const root = join(stateDir, 'changes')
  await mkdir(join(folder, 'data'))
  const dispose = () => rm(folder, { recursive: true })
  return { folder, root, stateDir, changes: createSavedChanges(stateDir), [Symbol.asyncDispose]: dispose }
}

test('a change comes back as it was saved, byte for byte and in order, with its latest state', async () => {
  await using at = await setUp()
  const change = changeOf()
  await at.changes.save(change)
  const again = createSavedChanges(at.stateDir)
  expect(await again.get(change.id)).toEqual(change)
  await again.setState(change.id, 'applied')
  expect(await at.changes.get(change.id)).toEqual({ ...change, state: 'applied' })
  expect(await at.changes.get(randomUUID())).toBeUndefined()
})

test('folders and files of a change can be read by this user only', async () => {
  await using at = await setUp()
  const { id } = changeOf()
  await at.changes.save(changeOf({ id }))
  await at.changes.setState(id, 'applying')
  const modeOf = async (path: string) => (await stat(path)).mode & 0o777
  for (const path of [at.stateDir, at.root, join(at.root, id)]) expect(await modeOf(path)).toBe(0o700)
  const names = await readdir(join(at.root, id))
  expect(names.toSorted()).toEqual(['before-0', 'before-2', 'manifest.json', 'written-1'])
  for (const name of names) expect(await modeOf(join(at.root, id, name))).toBe(0o600)
})

test('a second change of the same id is refused, and the first one stays', async () => {
  await using at = await setUp()
  const change = changeOf()
  await at.changes.save(change)
  await expect(at.changes.save({ ...change, title: 'other' })).rejects.toThrow('The folder already exists.')
  expect(await at.changes.get(change.id)).toEqual(change)
  await expect(at.changes.setState(randomUUID(), 'applied')).rejects.toThrow('There is no change')
})

test('the changes that were being applied are listed, the oldest first', async () => {
  await using at = await setUp()
  const [newer, older, done] = [3, 1, 2].map((createdAt) => changeOf({ createdAt, state: 'applying' }))
  for (const change of [newer, older, done]) await at.changes.save(change!)
  await at.changes.setState(done!.id, 'applied')
  expect((await at.changes.listInterrupted()).map(({ id }) => id)).toEqual([older!.id, newer!.id])
})

test('a change is deleted with its files, but not while it is being applied', async () => {
  await using at = await setUp()
  const [applying, old] = [changeOf({ state: 'applying' }), changeOf()]
  for (const change of [applying, old]) await at.changes.save(change)
  for (const id of [applying.id, old.id, randomUUID(), '../..', '']) await at.changes.forget(id)
  expect(await readdir(at.root)).toEqual([applying.id])
})

test('no name but that of a change is ever a path', async () => {
  await using at = await setUp()
  await writeFile(join(at.folder, 'manifest.json'), '{}')
  for (const id of ['..', '../../..', '', '.', 'x/y']) {
    expect(await at.changes.get(id)).toBeUndefined()
    await expect(at.changes.save(changeOf({ id }))).rejects.toThrow()
  }
  expect(await readdir(at.folder)).toEqual(['data', 'manifest.json'])
})

/** Changes the manifest of a change, as somebody could who may write to the state folder. */
async function tamper(folder: string, change: (text: string) => string): Promise<void> {
  const path = join(folder, 'manifest.json')
  await writeFile(path, change(await readFile(path, 'utf8')))
}

const damages: readonly (readonly [string, (folder: string) => Promise<unknown>])[] = [
  ['a manifest that was cut off', (folder) => writeFile(join(folder, 'manifest.json'), '{"version":1')],
  ['a manifest of another shape', (folder) => writeFile(join(folder, 'manifest.json'), '{"version":2}')],
  ['no manifest', (folder) => rm(join(folder, 'manifest.json'))],
  ['a content that was changed', (folder) => writeFile(join(folder, 'before-0'), 'other')],
  ['a content that is gone', (folder) => rm(join(folder, 'before-0'))],
  [
    'the name of a content that lies elsewhere',
    (folder) => tamper(folder, (text) => text.replace('"before-0"', '"../../manifest.json"')),
  ],
  [
    'a mode with other bits',
    (folder) => tamper(folder, (text) => text.replace(/"mode":\d+/, '"mode":65535')),
  ],
  [
    'a link instead of a content',
    async (folder) => {
      await writeFile(join(folder, '..', 'elsewhere'), everyByte)
      await rm(join(folder, 'before-0'))
      await symlink(join(folder, '..', 'elsewhere'), join(folder, 'before-0'))
    },
  ],
  [
    'a link instead of the folder',
    async (folder) => {
      const elsewhere = join(folder, '..', '..', 'elsewhere')
      await mkdir(elsewhere)
      await writeFile(join(elsewhere, 'manifest.json'), await readFile(join(folder, 'manifest.json')))
      await rm(folder, { recursive: true })
      await symlink(elsewhere, folder)
    },
  ],
]

test.each(damages)(
  'a record with %s is an error that names its folder, and no other is lost',
  async (_, damage) => {
    await using at = await setUp()
    const [bad, good] = [changeOf({ state: 'applying' }), changeOf({ state: 'applying' })]
    for (const change of [bad, good]) await at.changes.save(change)
    await damage(join(at.root, bad.id))
    await expect(at.changes.get(bad.id)).rejects.toMatchObject({
      code: 'config_unwritable',
      message: expect.stringContaining(join(at.root, bad.id)),
    })
    expect(await at.changes.listInterrupted()).toEqual([good])
    await at.changes.save(changeOf())
  },
)

test('a link instead of the folder of all changes is refused', async () => {
  await using at = await setUp()
  await mkdir(join(at.folder, 'elsewhere'))
  await mkdir(at.stateDir)
  await symlink(join(at.folder, 'elsewhere'), at.root)
  await expect(at.changes.save(changeOf())).rejects.toThrow(/is not a folder/)
  expect(await readdir(join(at.folder, 'elsewhere'))).toEqual([])
})

test('a save that was cut off leaves nothing that is listed, and the next save removes it', async () => {
  await using at = await setUp()
  const change = changeOf()
  await mkdir(join(at.root, `.${change.id}`), { recursive: true })
  expect(await at.changes.listInterrupted()).toEqual([])
  await at.changes.save(change)
  expect(await readdir(at.root)).toEqual([change.id])
})

test('a start deletes drafts and changes that were never applied, and names the damaged ones', async () => {
  await using at = await setUp()
  const [old, fresh, applied, bad] = [
    changeOf({ createdAt: 1 }),
    changeOf({ createdAt: 5 }),
    changeOf({ createdAt: 1, state: 'applied' }),
    changeOf({ createdAt: 1, state: 'applying' }),
  ] as const
  for (const change of [old, fresh, applied, bad]) await at.changes.save(change)
  await mkdir(join(at.root, `.${randomUUID()}`))
  await writeFile(join(at.root, bad.id, 'manifest.json'), '')
  expect(await at.changes.clean(5)).toEqual([
    { folder: join(at.root, bad.id), message: expect.stringContaining('cannot be used') },
  ])
  expect((await readdir(at.root)).toSorted()).toEqual([fresh.id, applied.id, bad.id].toSorted())
})

test('only the newest are kept, and those that are being applied', async () => {
  await using at = await setUp()
  const changes = createSavedChanges(at.stateDir, 3)
  const [first, applying] = [changeOf({ createdAt: 0 }), changeOf({ createdAt: 0, state: 'applying' })]
  for (const change of [first, applying]) await changes.save(change)
  for (let createdAt = 1; createdAt <= 3; createdAt += 1) await changes.save(changeOf({ createdAt }))
  const left = await readdir(at.root)
  expect(left).toHaveLength(4)
  expect(left).not.toContain(first.id)
})

test('a folder that cannot be made is an error', async () => {
  await using at = await setUp()
  await writeFile(at.stateDir, 'a file')
  await expect(at.changes.save(changeOf())).rejects.toMatchObject({ code: 'config_unwritable' })
})
