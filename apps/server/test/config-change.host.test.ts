import { createPrivateDaemon } from '@bangui/fail2ban'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
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
      rows: [{ ...change, title: 'Changing jail app and 2 more', state: 'applied' }],
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
})
