import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { RevertChoice } from '@bangui/shared'
import { expect, it } from 'vitest'
import { createFolder } from '../../test/fail2ban-reader.ts'
import { emptyDraft } from '../config/draft.ts'
import { readFail2banConfig } from '../config/read-config.ts'
import { planRevert } from './edit-revert.ts'
import { compareRevert, readChange } from './read-change.ts'
import { createSavedChanges } from './saved-changes.ts'

const id = '7c9e6679-7425-40de-944b-e07fc1f90ae7'
const stock = {
  'jail.conf': '[DEFAULT]\nbantime = 10m\n[web]\nlogpath = /dev/null\n',
  'fail2ban.conf': '[Definition]\nloglevel = INFO\n',
}
const before = '# mine\n[web]\nport = 80\n'
const after = '# mine\n[web]\nport = 443\nmaxretry = 3\n'

/** A change of jail.local that is on record, with `now` in the file. */
async function openChange(now: string, { was = before, became = after, file = 'jail.local' } = {}) {
  const folder = await createFolder({ ...stock, [file]: now })
  const path = join(folder.path, file)
  const changes = createSavedChanges(join(folder.path, 'state'))
  const attributes = { mode: 0o644, uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 }
  await changes.save({
    id,
    title: 'A change',
    createdAt: 1,
    state: 'applied',
    load: [],
    runtime: [],
    expect: { before: [], running: [], stopped: [] },
    files: [{ path, content: Buffer.from(was), ...attributes }],
    written: [{ path, content: Buffer.from(became) }],
    tested: { output: 'a warning', samples: { passed: 2, failed: 0 } },
  })
  const context = {
    changes,
    configDir: folder.path,
    configWrite: 'jails',
    logDirs: [],
    client: '/nowhere',
  } as const
  const revert = async (choices: readonly RevertChoice[]) => {
    const { plan } = await planRevert(context, { kind: 'revert', changeId: id, choices })
    return (await plan(emptyDraft(await readFail2banConfig(folder.path), 'jails')))[0]?.after
  }
  return { context, path, revert, [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() }
}

const port = { file: 'jail.local', section: 'web', key: 'port' }

it('a change is read with its files, how they are now, and its test', async () => {
  for (const [now, text] of [
    ['after', after],
    ['before', before],
    ['other', 'else'],
  ] as const) {
    await using at = await openChange(text)
    expect(await readChange(at.context, id)).toEqual({
      files: [{ file: 'jail.local', before, after, now }],
      omitted: [],
      since: null,
      tested: { output: 'a warning', samples: { passed: 2, failed: 0 } },
    })
  }
  await using at = await openChange(after)
  expect(await readChange(at.context, '00000000-0000-4000-8000-000000000000')).toBeNull()
})

it('a revert of what is as the change left it has no conflict', async () => {
  await using at = await openChange(after)
  expect(await compareRevert(at.context, id, [])).toMatchObject({ conflicts: [], problem: null })
  expect(await at.revert([])).toBe(before)
})

it('an option that was changed since is a conflict with its three values, and stops the revert without a choice', async () => {
  await using at = await openChange(after.replace('443', '8080'))
  const { files, conflicts } = await compareRevert(at.context, id, [])
  expect(conflicts).toEqual([{ ...port, before: '80', after: '443', now: '8080' }])
  expect(files[0]?.unified).toContain('-maxretry = 3\n')
  expect(files[0]?.unified).not.toContain('-port')
  await expect(at.revert([])).rejects.toMatchObject({ code: 'config_changed' })
})

it('a chosen side of a conflict is what the revert writes', async () => {
  await using at = await openChange(after.replace('443', '8080'))
  const choose = (take: RevertChoice['take'], now = '8080') => [{ ...port, now, take }]
  expect(await at.revert(choose('now'))).toBe('# mine\n[web]\nport = 8080\n')
  expect(await at.revert(choose('before'))).toBe(before)
  const compared = await compareRevert(at.context, id, choose('before'))
  expect(compared.conflicts).toEqual([])
  expect(compared.files[0]?.unified).toContain('-port = 8080\n')
})

it('a choice that was made about another value does not count', async () => {
  await using at = await openChange(after.replace('443', '8080'))
  const choices: RevertChoice[] = [{ ...port, now: '9090', take: 'before' }]
  expect((await compareRevert(at.context, id, choices)).conflicts).toHaveLength(1)
  await expect(at.revert(choices)).rejects.toMatchObject({ code: 'config_changed' })
})

it('a revert that cannot be made says why', async () => {
  await using at = await openChange(after)
  await writeFile(at.path, Buffer.from([0xff, 0xfe, 0x00]))
  expect((await compareRevert(at.context, id, [])).problem).toContain('jail.local')
  const other = await compareRevert(at.context, '00000000-0000-4000-8000-000000000000', [])
  expect(other.problem).toContain('no longer exist')
  expect(await readFile(at.path)).toHaveLength(3)
})

it.each([
  { file: 'jail.local', was: '[web]\nignorecommand = id\n', became: '[web]\n', key: 'ignorecommand' },
  // a jail that the change removed
  { file: 'jail.local', was: '[web]\n[x]\naction = noop\n', became: '[web]\n', key: 'action' },
  {
    file: 'action.d/noop.local',
    was: '[Definition]\nactionban = id\n',
    became: '[Definition]\n',
    key: 'actionban',
  },
  {
    file: 'fail2ban.local',
    was: '[Definition]\nsocket = /etc/x\n',
    became: '[Definition]\n',
    key: 'socket',
    needs: 'never',
  },
])(
  'a revert brings no value of $key back that the host does not allow to set',
  async ({ key, needs = 'all', ...change }) => {
    await using at = await openChange(change.became, change)
    await expect(at.revert([])).rejects.toMatchObject({ code: 'config_not_allowed', params: { key, needs } })
    const { problem } = await compareRevert(at.context, id, [])
    expect(problem).toContain(needs === 'all' ? 'BANGUI_CONFIG_WRITE=all' : 'never changed by BanGUI')
    const { problem: atAll } = await compareRevert({ ...at.context, configWrite: 'all' }, id, [])
    expect(atAll === null).toBe(needs === 'all')
  },
)
