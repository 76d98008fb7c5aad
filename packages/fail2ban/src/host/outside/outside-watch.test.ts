import { appendFile, chmod, mkdir, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createFolder } from '../../../test/fail2ban-reader.ts'
import { putFiles } from '../put-files.ts'
import { readChange } from '../read-change.ts'
import { createSavedChanges } from '../saved-changes.ts'
import { createOutsideWatch } from './outside-watch.ts'

const MINUTE = 60_000
const stock = {
  'jail.conf': '[DEFAULT]\nbantime = 10m\n',
  'fail2ban.conf': '[Definition]\nloglevel = INFO\n',
  'filter.d/web.conf': '[Definition]\nfailregex = ^a <HOST>$\n',
  'jail.local': '[web]\nport = 80\n',
}

/** A configuration that BanGUI has looked at once. */
async function openWatch(first = true) {
  const config = await createFolder(stock)
  const state = await createFolder({})
  let now = 1_000_000_000_000
  const changes = createSavedChanges(state.path)
  const create = () =>
    createOutsideWatch({ configDir: config.path, stateDir: state.path, changes, clock: () => now })
  let watch = create()
  const path = (name: string) => join(config.path, name)
  if (first) await watch.look(0)
  return {
    changes,
    state: state.path,
    path,
    context: () => ({ configDir: config.path, changes, outside: watch }),
    look: async (ms = 5 * MINUTE, after = 0) => {
      now += ms
      return watch.look(after)
    },
    restart: () => {
      watch = create()
    },
    read: async (id: string | undefined) => readChange({ changes, configDir: config.path }, id ?? ''),
    write: (name: string, text: string) => writeFile(path(name), text),
    async [Symbol.asyncDispose]() {
      await config[Symbol.asyncDispose]()
      await state[Symbol.asyncDispose]()
    },
  }
}

const attributes = { mode: 0o644, uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 }

it('the first look only remembers the files', async () => {
  await using at = await openWatch(false)
  expect(await at.look()).toEqual([])
  expect(await at.look()).toEqual([])
})

it('a file that somebody changed, made or removed is one entry, with both texts', async () => {
  await using at = await openWatch()
  await at.write('jail.local', '[web]\nport = 443\n')
  await at.write('jail.d.conf', 'x')
  await rm(at.path('filter.d/web.conf'))
  const [entry, ...others] = await at.look()
  expect(others).toEqual([])
  expect(entry).toMatchObject({ title: 'Changed outside BanGUI: 3 files', replaces: null })
  const kept = await at.read(entry?.id)
  expect(kept?.files).toEqual([
    { file: 'filter.d/web.conf', before: stock['filter.d/web.conf'], after: null, now: 'after' },
    { file: 'jail.d.conf', before: null, after: 'x', now: 'after' },
    { file: 'jail.local', before: stock['jail.local'], after: '[web]\nport = 443\n', now: 'after' },
  ])
  expect(kept?.since).toBe(1_000_000_000_000)
  expect(await at.look()).toEqual([entry])
  expect(await at.look(MINUTE, entry?.at)).toEqual([])
})

it('what fail2ban does not read is not looked at, nor a time that was set', async () => {
  await using at = await openWatch()
  await at.write('jail.local.dpkg-new', 'x')
  await at.write('jail.local.bangui-0123456789ab', 'x')
  await mkdir(at.path('.git'))
  await at.write('.git/config.conf', 'x')
  await utimes(at.path('jail.local'), 1, 1)
  expect(await at.look()).toEqual([])
})

it('what BanGUI writes is not noticed; what somebody changes right after it is', async () => {
  await using at = await openWatch()
  const file = (text: string | null) => ({
    path: at.path('jail.local'),
    content: text === null ? null : Buffer.from(text),
    ...attributes,
  })
  await putFiles(at.context(), [file('[web]\nport = 1\n')])
  expect(await at.look()).toEqual([])
  await putFiles(at.context(), [file('[web]\nport = 2\n')])
  await appendFile(at.path('jail.local'), 'maxretry = 9\n')
  const [entry] = await at.look()
  expect((await at.read(entry?.id))?.files[0]).toMatchObject({
    before: '[web]\nport = 2\n',
    after: '[web]\nport = 2\nmaxretry = 9\n',
  })
  await putFiles(at.context(), [file(null)])
  expect(await at.look(5 * MINUTE, entry?.at)).toEqual([])
})

it('a change of BanGUI that a crash cut off from the next look is not noticed as another’s', async () => {
  await using at = await openWatch()
  const saved = {
    id: '7c9e6679-7425-40de-944b-e07fc1f90ae7',
    title: 'A change',
    createdAt: 1_000_000_000_000,
    state: 'applying' as const,
    load: [],
    runtime: [],
    expect: { before: [], running: [], stopped: [] },
    files: [{ path: at.path('jail.local'), content: Buffer.from(stock['jail.local']), ...attributes }],
    written: [{ path: at.path('jail.local'), content: Buffer.from('[web]\nport = 7\n') }],
  }
  await at.changes.save(saved)
  await at.write('jail.local', '[web]\nport = 7\n')
  at.restart()
  await at.write('filter.d/web.conf', 'other')
  const [entry, ...others] = await at.look()
  expect([entry?.title, others]).toEqual(['Changed outside BanGUI: filter.d/web.conf', []])
})

it('what was changed while BanGUI did not run is noticed when it starts', async () => {
  await using at = await openWatch()
  await at.write('jail.local', '[web]\nport = 443\n')
  at.restart()
  const [entry] = await at.look(60 * MINUTE)
  expect((await at.read(entry?.id))?.files[0]).toMatchObject({ before: stock['jail.local'] })
  at.restart()
  expect(await at.look()).toEqual([entry])
})

it('an upgrade that takes several looks is one entry; a later change is another', async () => {
  await using at = await openWatch()
  await at.write('filter.d/web.conf', '[Definition]\nfailregex = ^b <HOST>$\n')
  const [first] = await at.look(MINUTE)
  await at.write('filter.d/web.conf', '[Definition]\nfailregex = ^c <HOST>$\n')
  await at.write('jail.conf', '[DEFAULT]\nbantime = 1h\n')
  const [second, ...others] = await at.look(MINUTE)
  expect(others).toEqual([])
  expect(second).toMatchObject({ replaces: first?.id, began: first?.at })
  expect((await at.read(second?.id))?.files).toMatchObject([
    { file: 'filter.d/web.conf', before: stock['filter.d/web.conf'], after: expect.stringContaining('^c') },
    { file: 'jail.conf', before: stock['jail.conf'] },
  ])
  expect(await at.read(first?.id)).toBeNull()
  await at.write('jail.conf', '[DEFAULT]\nbantime = 2h\n')
  expect(await at.look(10 * MINUTE)).toMatchObject([{ id: second?.id }, { replaces: null }])
})

it('a file that goes on changing has an entry an hour at most', async () => {
  await using at = await openWatch()
  let entries = 0
  for (let minute = 0; minute < 121; minute += 1) {
    await at.write('jail.local', `[web]\nport = ${minute}\n`)
    entries = (await at.look(MINUTE)).length
  }
  expect(entries).toBe(2)
})

it('of what is too large, or a link, only the name is kept', async () => {
  await using at = await openWatch()
  await at.write('jail.local', `# ${'x'.repeat(2_000_000)}\n`)
  await symlink('/etc/shadow', at.path('filter.d/link.conf'))
  const [entry] = await at.look()
  const kept = await at.read(entry?.id)
  expect(kept?.files).toEqual([])
  expect(kept?.omitted).toEqual([at.path('filter.d/link.conf'), at.path('jail.local')])
  expect(entry?.files).toEqual(kept?.omitted)
})

it('a folder that cannot be read is no change, and a file in one that is closed was not removed', async () => {
  await using at = await openWatch()
  if (process.getuid?.() !== 0) {
    await chmod(at.path('filter.d'), 0)
    expect(await at.look()).toEqual([])
    await chmod(at.path('filter.d'), 0o755)
  }
  await rename(at.path('.'), `${at.path('.')}-away`)
  await expect(at.look()).rejects.toMatchObject({ code: 'config_unreadable' })
  await rename(`${at.path('.')}-away`, at.path('.'))
  expect(await at.look()).toEqual([])
})

it('a memory that cannot be read is begun anew', async () => {
  await using at = await openWatch()
  await writeFile(join(at.state, 'known-config', 'index.json'), '{')
  await at.write('jail.local', 'x')
  at.restart()
  expect(await at.look()).toEqual([])
  await at.write('jail.local', 'y')
  expect(await at.look()).toHaveLength(1)
})
