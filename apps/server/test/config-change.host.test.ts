import { createPrivateDaemon } from '@bangui/fail2ban'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { packTar } from '../src/features/config/backup/tar.ts'
import { signIn, unattended } from './api-client.ts'
import { startBangui, wired } from './bangui-process.ts'
import { environmentOf } from './daemon-environment.ts'
import { eventually } from './eventually.ts'

/** Two jails that run, one that is off, and an administrator. */
async function setUp(env: Record<string, string> = {}) {
  const stack = new AsyncDisposableStack()
  const jails = [{ name: 'app' }, { name: 'web' }, { name: 'spare', enabled: false }]
  const daemon = stack.use(await createPrivateDaemon({ jails }))
  await daemon.start()
  const bangui = stack.use(
    await startBangui({ ...environmentOf(daemon), ...unattended, ...env }, { program: wired }),
  )
  const { api } = await signIn(bangui.url)
  await eventually(async () => expect(await api.server.status.query()).toMatchObject({ online: true }))
  return {
    daemon,
    api,
    running: async () => (await api.jails.list.query()).flatMap((jail) => (jail.running ? [jail.name] : [])),
    written: () => readFile(join(daemon.configDir, 'jail.d', 'zz-bangui.local'), 'utf8').catch(() => null),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

const set = (name: string, key: string, value: string | null) =>
  ({ kind: 'set', scope: 'jail', name, key, value }) as const

describe('the configuration over the API', { concurrent: true }, () => {
  it('is previewed, changed in several jails at once, listed in the history, and taken back byte for byte', async () => {
    await using at = await setUp()
    const { api } = at
    const edits = [set('app', 'bantime', '2h'), set('web', 'maxretry', '9'), set('spare', 'enabled', 'true')]
    expect(await api.config.preview.mutate({ edits })).toMatchObject({
      ok: true,
      output: '',
      messages: [],
      diff: [
        {
          file: expect.stringContaining('zz-bangui.local'),
          unified: expect.stringContaining('+bantime = 2h'),
        },
      ],
      load: { jails: ['spare', 'app', 'web'], restartJails: [], stopJails: [], full: false, restart: false },
      bansEnding: 0,
      bansInterrupted: 0,
      riskOfLockout: false,
    })
    expect(await at.written()).toBeNull()
    const applied = await api['config.apply'].mutate({
      edits,
      note: 'Before the holidays',
      operationId: 'change',
    })
    expect(applied).toMatchObject({
      applied: true,
      provisional: false,
      files: [expect.stringContaining('zz-bangui')],
    })
    expect(await at.running()).toEqual(['app', 'spare', 'web'])
    expect(await api.jails.tuning.query({ name: 'app' })).toMatchObject({ bantime: 7200 })
    expect(await api.operations.get.query({ id: 'change' })).toMatchObject({
      kind: 'config.apply',
      title: 'Changing jail app and 2 more',
      state: 'done',
      undoable: true,
    })
    const row = { at: expect.any(Number), actor: { kind: 'user', name: 'admin' }, operationId: 'change' }
    const change = { ...row, id: applied.id, note: 'Before the holidays', files: applied.files }
    expect(await api.config.history.query()).toEqual({
      rows: [{ ...change, title: 'Changing jail app and 2 more', state: 'applied', outside: false }],
      nextCursor: null,
    })
    expect(await api.config.revert.mutate({ id: applied.id! })).toMatchObject({ applied: true })
    expect(await at.written()).toBeNull()
    expect(await at.running()).toEqual(['app', 'web'])
    expect(await api.jails.tuning.query({ name: 'app' })).toMatchObject({ bantime: 600 })
    const { rows } = await api.config.history.query()
    expect(rows.map(({ title, state }) => [title, state])).toEqual([
      ['Undoing: Changing jail app and 2 more', 'applied'],
      ['Changing jail app and 2 more', 'reverted'],
    ])
    // a revert is a change as any other
    expect(await api.config.revert.mutate({ id: rows[0]!.id })).toMatchObject({ applied: true })
    expect(await at.running()).toEqual(['app', 'spare', 'web'])
  })

  it('is not taken back where a test of a filter would fail then, unless somebody insists', async () => {
    await using at = await setUp()
    const { api } = at
    const value = '^.*(?:Failed|Refused) login for .* from <HOST>$'
    const edits = [{ kind: 'set', scope: 'filter', name: 'app', key: 'failregex', value }] as const
    const { id } = await api['config.apply'].mutate({
      edits: [...edits],
      operationId: 'filter',
      provisional: false,
    })
    const line = '2026-11-30 04:00:00 host app[1]: Refused login for root from 203.0.113.9'
    await api.config.addFilterTest.mutate({ filter: 'app', line, address: '203.0.113.9' })
    const refused = { data: { reason: 'filter_tests_failed' } }
    await expect(api.config.revert.mutate({ id: id ?? '' })).rejects.toMatchObject(refused)
    await expect(api.operations.undo.mutate({ id: 'filter' })).rejects.toMatchObject(refused)
    expect(await api.operations.undo.mutate({ id: 'filter', ignoreFailedTests: true })).toMatchObject({
      restored: 1,
    })
    const { rows } = await api.operations.list.query({ kind: 'undo', state: 'done' })
    expect(rows[0]?.title).toBe('Undoing: Changing filter app, even if tests of filters fail')
  })

  it('is refused with the line of the mistake, and stays as it was', async () => {
    await using at = await setUp()
    const { api } = at
    const edits = [set('web', 'maxretry', '9'), set('app', 'failregex', '(((')]
    const preview = await api.config.preview.mutate({ edits })
    expect(preview).toMatchObject({ ok: false, riskOfLockout: true })
    expect(preview.messages).toMatchObject([
      { severity: 'error', jail: 'app', file: expect.stringContaining('zz-bangui.local'), line: 7 },
    ])
    expect(await api['config.apply'].mutate({ edits })).toEqual({
      id: null,
      applied: false,
      provisional: false,
      output: expect.stringContaining('failregex'),
      files: [],
    })
    expect(await at.written()).toBeNull()
    expect((await api.config.history.query()).rows).toEqual([])
    const { rows } = await api.operations.list.query({})
    expect(rows[0]).toMatchObject({ kind: 'config.apply', state: 'failed' })
  })

  it('can be changed beside a jail that was broken before, which is a warning', async () => {
    await using at = await setUp()
    await writeFile(join(at.daemon.configDir, 'jail.local'), '[web]\nfilter = nonesuch\n')
    const edits = [set('app', 'bantime', '2h')]
    expect(await at.api.config.preview.mutate({ edits })).toMatchObject({
      ok: true,
      messages: [{ severity: 'warning', jail: 'web' }],
      load: { jails: ['app'] },
    })
    expect(await at.api['config.apply'].mutate({ edits })).toMatchObject({ applied: true })
    expect(await at.running()).toEqual(['app', 'web'])
  })

  it('cannot be changed where the host does not allow the key, or any', async () => {
    await using at = await setUp()
    const edits = [set('app', 'ignorecommand', 'touch /tmp/x')]
    await expect(at.api.config.preview.mutate({ edits })).rejects.toMatchObject({
      data: { reason: 'config_not_allowed' },
    })
    await expect(at.api['config.apply'].mutate({ edits })).rejects.toMatchObject({
      data: { reason: 'config_not_allowed' },
    })
    await using off = await setUp({ BANGUI_CONFIG_WRITE: 'off' })
    await expect(
      off.api['config.apply'].mutate({ edits: [set('app', 'bantime', '2h')] }),
    ).rejects.toMatchObject({
      data: { reason: 'config_read_only' },
    })
  })

  it('has no change of an unknown id', async () => {
    await using at = await setUp()
    const id = '6f2c1b2e-0000-4000-8000-000000000000'
    await expect(at.api.config.revert.mutate({ id })).rejects.toMatchObject({ data: { reason: 'not_found' } })
  })

  it('is backed up as one archive, and restored from it by a change of what differs', async () => {
    await using at = await setUp()
    const { api, daemon } = at
    const own = async (name: string) => readFile(join(daemon.configDir, name), 'utf8').catch(() => null)
    const write = (name: string, text: string) => writeFile(join(daemon.configDir, name), text)
    const text = '# kept\r\n[app]\nmaxretry = 7\n'
    await write('jail.local', text)
    await write('filter.d/app.local', '[Definition]\nmaxlines = 2\n')
    await write('action.d/noop.local', '[Init]\nkey = hunter2\n')
    const { archive, files, name, leftOut } = await api.config.backup.query({})
    expect(name).toMatch(/^fail2ban-\d{4}-\d\d-\d\d\.tar\.gz$/)
    expect(files).toEqual(expect.arrayContaining(['action.d/noop.local', 'filter.d/app.local', 'jail.local']))
    expect(leftOut).toEqual([])
    expect(await api.config.readBackup.mutate({ archive })).toEqual({
      edits: [],
      removals: [],
      same: files.length,
      leftOut: [],
    })
    await write('jail.local', '[app]\nmaxretry = 3\n')
    await rm(join(daemon.configDir, 'filter.d/app.local'))
    await write('filter.d/web.local', '[Definition]\nmaxlines = 3\n')
    // what runs commands is not restored at this level either
    await write('action.d/noop.local', '[Init]\nkey = other\n')
    const found = await api.config.readBackup.mutate({ archive })
    expect(found.edits.map(({ file, base }) => [file, base === null])).toEqual([
      ['filter.d/app.local', true],
      ['jail.local', false],
    ])
    expect(found.removals).toMatchObject([{ file: 'filter.d/web.local', content: null }])
    expect(found.leftOut).toEqual([
      { path: 'action.d/noop.local', why: expect.stringContaining('BANGUI_CONFIG_WRITE=all') },
    ])
    const applied = await api['config.apply'].mutate({
      edits: [...found.edits, ...found.removals],
      provisional: false,
    })
    expect(applied).toMatchObject({ applied: true })
    expect(await own('jail.local')).toBe(text)
    expect(await own('filter.d/app.local')).toBe('[Definition]\nmaxlines = 2\n')
    expect(await own('filter.d/web.local')).toBeNull()
    expect(await own('action.d/noop.local')).toContain('other')
    await refuseHostile(api)
  })
})

/** Archives that somebody made to write elsewhere, or to use up the memory. */
async function refuseHostile(api: Awaited<ReturnType<typeof signIn>>['api']): Promise<void> {
  const read = (files: readonly (readonly [path: string, content: string])[]) => {
    const entries = files.map(([path, content]) => ({
      path,
      content: Buffer.from(content, 'latin1'),
      mode: 0o644,
      changedAt: 0,
    }))
    return api.config.readBackup.mutate({ archive: gzipSync(packTar(entries)).toString('base64') })
  }
  const paths = ['../../etc/cron.d/x', '/etc/passwd', 'jail.d/../../x.local', 'a\\..\\b.local']
  const outside = await read(paths.map((path) => [path, 'x'] as const))
  expect(outside.edits).toEqual([])
  expect(outside.leftOut).toMatchObject(
    paths.map((path) => ({ path, why: expect.stringContaining('outside') })),
  )
  const others = await read([
    ['jail.conf', '[x]\n'],
    ['jail.d/x.local', '\xff'],
    ['jail.d/y.local', '[y]\nbantime = 1\0h\n'],
    ['jail.d/z.local', '[z]\nbantime = 1h\n'],
    ['./jail.d/z.local', '[z]\nbantime = 2h\n'],
    ['README', 'x'],
    ['action.d/x.py', 'import os'],
  ])
  expect(others.edits).toMatchObject([{ file: 'jail.d/z.local', content: '[z]\nbantime = 1h\n', base: null }])
  expect(others.leftOut).toHaveLength(6)
  const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024)).toString('base64')
  for (const archive of [bomb, '', Buffer.from('no archive').toString('base64')])
    await expect(api.config.readBackup.mutate({ archive })).rejects.toThrow('This backup cannot be read.')
}
