import { createPrivateDaemon } from '@bangui/fail2ban'
import type { Edit } from '@bangui/shared'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { signIn, unattended, watchLive, type ApiClient } from './api-client.ts'
import { startBangui, wired } from './bangui-process.ts'
import { environmentOf } from './daemon-environment.ts'
import { eventually } from './eventually.ts'
import { latestRuntime } from './latest-runtime.ts'

/** How many seconds a change waits to be confirmed. */
async function setUp(seconds: number, env: Record<string, string> = {}) {
  const stack = new AsyncDisposableStack()
  // the addresses of the test are those of this machine
  const options = { ignoreself: 'false', ignoreip: '' }
  const daemon = stack.use(
    await createPrivateDaemon({ jails: [{ name: 'app', maxretry: 3, options }, { name: 'web' }] }),
  )
  await daemon.start()
  const environment = {
    ...environmentOf(daemon),
    ...unattended,
    BANGUI_CONFIRM_CHANGES_SECONDS: String(seconds),
    ...env,
  }
  const start = async () => {
    const bangui = stack.use(await startBangui(environment, { program: wired }))
    const { api } = await signIn(bangui.url)
    const live = stack.use(watchLive(api))
    await eventually(() => expect(latestRuntime(live)?.serverStatus).toMatchObject({ online: true }))
    return { bangui, api, runtime: () => latestRuntime(live) }
  }
  return {
    daemon,
    start,
    written: () => readFile(join(daemon.configDir, 'jail.d', 'zz-bangui.local'), 'utf8').catch(() => null),
    ignored: () => daemon.ask('get', 'app', 'ignoreip'),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

const edit: Edit = { kind: 'set', scope: 'jail', name: 'app', key: 'ignoreip', value: '192.0.2.1' }
const risky = { edits: [edit] }

type Api = ApiClient['api']

const stateOf = async (api: Api, id: string | null) =>
  (await api.config.history.query()).rows.find((row) => row.id === id)?.state

/** Confirms as the page does, until the change is kept. */
async function confirmTwice(api: Api, id: string): Promise<boolean[]> {
  const counted: boolean[] = []
  await eventually(async () => {
    const answer = await api.config.confirm.mutate({ id })
    if (answer.counted) counted.push(answer.kept)
    expect(answer.kept).toBe(true)
  })
  return counted
}

describe('a change that can lock people out', { concurrent: true }, () => {
  it('is kept when its session confirms it twice over new connections, and holds up other changes until then', async () => {
    await using at = await setUp(24)
    const { api, runtime, bangui } = await at.start()
    const other = await signIn(bangui.url)
    expect(await api.config.preview.mutate(risky)).toMatchObject({
      riskOfLockout: true,
      risks: [{ cause: 'ignore_list', jails: ['app'] }],
      confirmWithin: 24,
    })
    const { id, ...applied } = await api['config.apply'].mutate(risky)
    expect(applied).toMatchObject({ applied: true, provisional: true })
    await eventually(() =>
      expect(runtime()?.unconfirmedChange).toMatchObject({
        id,
        by: 'admin',
        title: 'Changing jail app',
        risks: [{ cause: 'ignore_list', jails: ['app'] }],
        confirmations: 0,
      }),
    )
    expect(await stateOf(api, id)).toBe('provisional')
    const pending = { data: { reason: 'change_pending', params: { title: 'Changing jail app' } } }
    await expect(api['config.apply'].mutate(risky)).rejects.toMatchObject(pending)
    await expect(api.config.revert.mutate({ id: id! })).rejects.toMatchObject(pending)
    await expect(api.jails.deactivate.mutate({ name: 'web' })).rejects.toMatchObject(pending)
    await expect(api.jails.reload.mutate({ name: 'web' })).rejects.toMatchObject(pending)
    await expect(api.server.reload.mutate()).rejects.toMatchObject(pending)
    expect(await other.api.config.confirm.mutate({ id: id! })).toMatchObject({ counted: false, own: false })
    expect(await confirmTwice(api, id!)).toEqual([false, true])
    await eventually(() => expect(runtime()?.unconfirmedChange).toBeNull())
    expect(runtime()?.pendingRecovery).toBeNull()
    expect(await stateOf(api, id)).toBe('applied')
    await expect(api.config.confirm.mutate({ id: id! })).rejects.toMatchObject({
      data: { reason: 'confirm_none' },
    })
    // from now on it can be undone like any other change
    const reverted = await api.config.revert.mutate({ id: id!, provisional: false })
    expect(reverted).toMatchObject({ applied: true, provisional: false })
    expect(await at.written()).toBeNull()
  })

  it('is rolled back when nobody confirms it, for everybody to see', async () => {
    await using at = await setUp(2)
    const { api, runtime } = await at.start()
    const before = await at.ignored()
    const { id } = await api['config.apply'].mutate(risky)
    expect(await at.written()).toContain('192.0.2.1')
    await eventually(() =>
      expect(runtime()).toMatchObject({
        unconfirmedChange: null,
        pendingRecovery: {
          cause: 'not_confirmed',
          changeId: id,
          recovered: true,
          title: 'Changing jail app',
        },
        recovery: { step: 'done' },
      }),
    )
    expect(await at.written()).toBeNull()
    expect(await at.ignored()).toEqual(before)
    expect(await stateOf(api, id)).toBe('reverted')
    const { rows } = await api.operations.list.query({ kind: 'rollback' })
    expect(rows[0]).toMatchObject({
      title: 'Rolling back, because nobody confirmed it: Changing jail app',
      actor: { kind: 'system' },
      state: 'done',
    })
    // nothing stands in the way of the next change
    expect(await api['config.apply'].mutate({ ...risky, provisional: false })).toMatchObject({
      applied: true,
      provisional: false,
    })
  })

  it('says whom it would have banned, judging by the last lines of the logs', async () => {
    await using at = await setUp(0)
    const { api } = await at.start()
    const preview = async (key: string, value: string) =>
      (await api.config.preview.mutate({ edits: [{ ...edit, key, value }] })).lockOut
    for (const address of ['127.0.0.1', '127.0.0.1', '203.0.113.9', '203.0.113.9'])
      await at.daemon.logFailure('app', address)
    expect(await preview('bantime', '2h')).toBeNull()
    // a check that takes too long on a busy machine says so, and finds nobody
    await eventually(async () =>
      expect(await preview('ignoreip', '192.0.2.1')).toMatchObject({ lockedOut: [], addresses: 1, lines: 4 }),
    )
    const strict: Edit[] = [
      { ...edit, value: '192.0.2.1 example.org' },
      { ...edit, key: 'maxretry', value: '2' },
    ]
    const stricter = await eventually(async () => {
      const found = await api.config.preview.mutate({ edits: strict })
      expect(found.lockOut?.lockedOut).toHaveLength(1)
      return found
    })
    expect(stricter).toMatchObject({
      confirmWithin: null,
      lockOut: {
        lockedOut: [
          {
            address: '127.0.0.1',
            jail: 'app',
            reason: 'failures',
            failures: 2,
            users: ['admin'],
            ssh: false,
          },
        ],
      },
    })
    expect(stricter.lockOut?.unknown.join()).toContain(
      'app: BanGUI did not look up example.org in its ignore list',
    )
    const ignoring = [
      { ...edit, value: '127.0.0.0/8' },
      { ...edit, key: 'maxretry', value: '2' },
    ]
    expect((await api.config.preview.mutate({ edits: ignoring })).lockOut?.lockedOut).toEqual([])
  })

  it('can be kept or rolled back at once', async () => {
    await using at = await setUp(600, { BANGUI_TRUST_PROXY: '127.0.0.1' })
    const { api, runtime } = await at.start()
    const first = await api['config.apply'].mutate(risky)
    expect(await api.recovery.rollback.mutate()).toMatchObject({ online: true })
    expect(await at.written()).toBeNull()
    expect(await stateOf(api, first.id)).toBe('reverted')
    const second = await api['config.apply'].mutate(risky)
    // what comes through a proxy shows nothing about the way to the proxy
    expect(await api.config.confirm.mutate({ id: second.id!, keep: true })).toMatchObject({
      kept: true,
      throughProxy: true,
    })
    expect(await stateOf(api, second.id)).toBe('applied')
    await eventually(() => expect(runtime()?.unconfirmedChange).toBeNull())
  })

  it('that fail2ban dies of is rolled back with one click', async () => {
    await using at = await setUp(600)
    const { api, runtime } = await at.start()
    const { id } = await api['config.apply'].mutate(risky)
    process.kill((await at.daemon.pid())!, 'SIGKILL')
    await eventually(() =>
      expect(runtime()).toMatchObject({
        pendingRecovery: { cause: 'crashed', changeId: id, recovered: false },
        unconfirmedChange: { id },
      }),
    )
    expect(await api.recovery.rollback.mutate()).toMatchObject({ started: true, online: true })
    expect(await at.written()).toBeNull()
    expect(await stateOf(api, id)).toBe('reverted')
    await eventually(() => expect(runtime()?.unconfirmedChange).toBeNull())
  })

  it('still waits after BanGUI was killed, and the user who applied it can still confirm it', async () => {
    await using at = await setUp(600)
    const first = await at.start()
    const { id } = await first.api['config.apply'].mutate(risky)
    await first.bangui.kill('SIGKILL')
    const { api, runtime } = await at.start()
    await eventually(() =>
      expect(runtime()?.unconfirmedChange).toMatchObject({ id, by: 'admin', confirmations: 0 }),
    )
    await expect(api['config.apply'].mutate(risky)).rejects.toMatchObject({
      data: { reason: 'change_pending' },
    })
    expect(await api.config.confirm.mutate({ id: id! })).toMatchObject({ counted: true })
    expect(await api.recovery.rollback.mutate()).toMatchObject({ online: true })
    expect(await at.written()).toBeNull()
  })

  it('is one of a single jail as well, where its caller can confirm it', async () => {
    await using at = await setUp(600)
    const { api } = await at.start()
    await at.daemon.addJail({ name: 'my-ssh', enabled: false })
    const settings = { name: 'app', permanent: true, addIgnored: ['192.0.2.1'] }
    const kept = await api.jails.update.mutate(settings)
    expect(kept).toMatchObject({ applied: true })
    expect(kept.unconfirmed).toBeUndefined()
    const { unconfirmed } = await api.jails.update.mutate({
      ...settings,
      addIgnored: ['192.0.2.2'],
      provisional: true,
    })
    await expect(api.jails.activate.mutate({ name: 'my-ssh' })).rejects.toMatchObject({
      data: { reason: 'change_pending' },
    })
    await api.config.confirm.mutate({ id: unconfirmed!, keep: true })
    const activated = await api.jails.activate.mutate({ name: 'my-ssh', provisional: true })
    expect(activated).toMatchObject({ applied: true, unconfirmed: expect.any(String) })
    // an emergency waits for nobody
    expect(await api.jails.stop.mutate({ name: 'web' })).toMatchObject({ applied: true })
    await api.recovery.rollback.mutate()
    expect(await at.written()).toContain('192.0.2.2')
    expect(await at.written()).not.toContain('my-ssh')
  })

  it('is rolled back by the next start where its time has passed meanwhile', async () => {
    await using at = await setUp(1)
    const first = await at.start()
    const { id } = await first.api['config.apply'].mutate(risky)
    await first.bangui.kill('SIGKILL')
    const { api, runtime } = await at.start()
    await eventually(() =>
      expect(runtime()).toMatchObject({
        pendingRecovery: { cause: 'not_confirmed', changeId: id, recovered: true },
        unconfirmedChange: null,
      }),
    )
    expect(await at.written()).toBeNull()
    expect(await stateOf(api, id)).toBe('reverted')
  })
})
