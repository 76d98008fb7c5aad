import { createPrivateDaemon } from '@bangui/fail2ban'
import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it } from 'vitest'
import { signIn, unattended, watchLive, type ApiClient } from './api-client.ts'
import { startBangui, wired } from './bangui-process.ts'
import { environmentOf } from './daemon-environment.ts'
import { eventually } from './eventually.ts'
import { latestRuntime } from './latest-runtime.ts'
import { scriptTools } from './scripted-tools.ts'

async function setUp() {
  const stack = new AsyncDisposableStack()
  const daemon = stack.use(await createPrivateDaemon({ jails: [{ name: 'app' }] }))
  await daemon.addJail({ name: 'spare', enabled: false })
  await daemon.addCrashingJail('bad')
  await daemon.start()
  const tools = await scriptTools(daemon)
  const environment = { ...environmentOf(daemon), ...unattended, ...tools.environment }
  const start = async (more: Record<string, string> = {}) => {
    const bangui = stack.use(await startBangui({ ...environment, ...more }, { program: wired }))
    const { api } = await signIn(bangui.url)
    const live = stack.use(watchLive(api))
    await eventually(() => expect(latestRuntime(live)?.serverStatus.checkedAt).toBeTypeOf('number'))
    return { bangui, api, runtime: () => latestRuntime(live) }
  }
  return {
    daemon,
    tools,
    environment: environment as Record<string, string>,
    start,
    written: () => readFile(join(daemon.configDir, 'jail.d', 'zz-bangui.local'), 'utf8').catch(() => null),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

type SetUp = Awaited<ReturnType<typeof setUp>>

/** Ends BanGUI when it has written a change and is about to load it; gives the exit code. */
async function endBeforeLoad(
  { tools, start, written }: SetUp,
  name: string,
  signal: NodeJS.Signals = 'SIGKILL',
): Promise<number | null> {
  const { bangui, api } = await start()
  await tools.hold('load')
  const cutOff = activate(api, name)
  await tools.held()
  expect(await written()).toContain(`[${name}]`)
  const code = await bangui.kill(signal)
  await cutOff
  await tools.release()
  return code
}

const activate = (api: ApiClient['api'], name: string) =>
  api.jails.activate.mutate({ name }).then(
    () => expect.unreachable('BanGUI was killed before it could answer'),
    () => undefined,
  )

describe('a change that the end of BanGUI cut off between writing and loading', { concurrent: true }, () => {
  it('is put back by the next start where the daemon runs without it, and blamed for nothing', async () => {
    await using at = await setUp()
    await endBeforeLoad(at, 'spare')
    const { api, bangui } = await at.start()
    await eventually(() =>
      expect(bangui.lines).toContainEqual(
        expect.objectContaining({ event: 'change_interrupted', jail: 'spare', state: 'failed' }),
      ),
    )
    expect(await at.written()).toBeNull()
    expect(await api.recovery.pending.query()).toBeNull()
    // what BanGUI does by itself has a record as well
    const byItself = {
      kind: 'rollback',
      title: 'Checking the interrupted change: Activating jail spare',
      actor: { kind: 'system', name: null },
      state: 'done',
    }
    await eventually(async () =>
      expect((await api.operations.list.query()).rows).toContainEqual(expect.objectContaining(byItself)),
    )
    expect(await api.jails.activate.mutate({ name: 'spare' })).toMatchObject({ applied: true })
  })

  it('is put back where BanGUI lost its database meanwhile, as the change of an unknown person', async () => {
    await using at = await setUp()
    await endBeforeLoad(at, 'spare')
    const { BANGUI_DATA_DIR: dataDir = '' } = at.environment
    for (const file of await readdir(dataDir)) if (file.startsWith('bangui.db')) await rm(join(dataDir, file))
    const { bangui } = await at.start()
    await eventually(() =>
      expect(bangui.lines).toContainEqual(
        expect.objectContaining({ event: 'change_interrupted', state: 'failed', operation: null }),
      ),
    )
    expect(await at.written()).toBeNull()
    using database = new DatabaseSync(join(dataDir, 'bangui.db'), { readOnly: true })
    expect(database.prepare('select operation_id, state from changes').all()).toEqual([
      { operation_id: null, state: 'failed' },
    ])
  })

  it('is put back where it was one of settings, and the daemon is not said to have them', async () => {
    await using at = await setUp()
    const first = await at.start()
    await at.tools.hold('load')
    const input = { name: 'app', bantime: '2h', permanent: true }
    const cutOff = first.api.jails.update.mutate(input).catch(() => undefined)
    await at.tools.held()
    expect(await at.written()).toContain('bantime = 7200')
    await first.bangui.kill('SIGKILL')
    await cutOff
    await at.tools.release()
    const { api, bangui } = await at.start()
    await eventually(() =>
      expect(bangui.lines).toContainEqual(
        expect.objectContaining({ event: 'change_interrupted', jail: 'app', state: 'failed' }),
      ),
    )
    expect(await at.written()).toBeNull()
    expect(await api.jails.tuning.query({ name: 'app' })).toMatchObject({ bantime: 600 })
    expect(await api.jails.update.mutate(input)).toMatchObject({ applied: true })
  })

  it('stays as it is while BanGUI is read-only, and is put back by the next start that may', async () => {
    await using at = await setUp()
    await endBeforeLoad(at, 'spare')
    const written = await at.written()
    const { bangui, api } = await at.start({ BANGUI_READ_ONLY: 'true' })
    expect(bangui.lines).toContainEqual(expect.objectContaining({ event: 'read_only' }))
    await expect(api.jails.activate.mutate({ name: 'spare' })).rejects.toThrow(/read-only/)
    expect(await at.written()).toBe(written)
    await bangui.kill('SIGTERM')
    expect(await at.written()).toBe(written)
    await at.start()
    await eventually(async () => expect(await at.written()).toBeNull())
  })

  it('is put back as well where it was SIGTERM, which does not wait for the load', async () => {
    await using at = await setUp()
    expect(await endBeforeLoad(at, 'spare', 'SIGTERM')).toBe(0)
    const { api } = await at.start()
    await eventually(async () => expect(await at.written()).toBeNull())
    expect(await api.recovery.pending.query()).toBeNull()
  })

  it('is a pending recovery where the daemon died of it meanwhile, and one click undoes it', async () => {
    await using at = await setUp()
    await endBeforeLoad(at, 'bad')
    await at.daemon.client('reload', '--if-exists', 'bad')
    await eventually(async () => expect(await at.daemon.pid()).toBeUndefined())
    const { api, runtime } = await at.start()
    await eventually(() =>
      expect(runtime()?.pendingRecovery).toMatchObject({
        cause: 'crashed',
        jailName: 'bad',
        recovered: false,
      }),
    )
    expect(await api.recovery.rollback.mutate()).toMatchObject({ started: true, online: true })
    expect(await at.written()).toBeNull()
    await eventually(() =>
      expect(runtime()).toMatchObject({ serverStatus: { online: true, activeJails: 1 } }),
    )
  })
})

describe('a rollback', { concurrent: true }, () => {
  it('that kill -9 cut off is offered again after the restart, and then works', async () => {
    await using at = await setUp()
    const first = await at.start()
    await first.api.jails.activate.mutate({ name: 'bad' })
    await eventually(() => expect(first.runtime()?.pendingRecovery).toMatchObject({ recovered: false }))
    await at.tools.hold('start')
    const cutOff = first.api.recovery.rollback.mutate().catch(() => undefined)
    await at.tools.held()
    await eventually(() => expect(first.runtime()?.recovery?.step).toBe('starting'))
    await expect(first.api.recovery.rollback.mutate()).rejects.toMatchObject({ data: { reason: 'busy' } })
    await first.bangui.kill('SIGKILL')
    await cutOff
    await at.tools.release()

    const second = await at.start()
    await eventually(() =>
      expect(second.runtime()).toMatchObject({
        pendingRecovery: { jailName: 'bad', recovered: false },
        recovery: null,
      }),
    )
    expect(await second.api.recovery.rollback.mutate()).toMatchObject({ started: true, online: true })
    expect(await at.written()).toBeNull()
  })

  it('from which the daemon does not come back shows its output, and can be tried again', async () => {
    await using at = await setUp()
    const { api, runtime } = await at.start()
    await api.jails.activate.mutate({ name: 'bad' })
    await eventually(() => expect(runtime()?.pendingRecovery).toMatchObject({ recovered: false }))
    await at.tools.failStart('no luck today')
    expect(await api.recovery.rollback.mutate()).toMatchObject({
      started: false,
      online: false,
      output: expect.stringContaining('no luck today'),
    })
    await eventually(() =>
      expect(runtime()?.recovery).toMatchObject({
        step: 'failed',
        message: expect.stringContaining('did not respond'),
        output: expect.stringContaining('no luck today'),
      }),
    )
    expect(await api.recovery.pending.query()).toMatchObject({ recovered: false })
    await at.tools.failStart(null)
    expect(await api.recovery.rollback.mutate()).toMatchObject({ started: true, online: true })
    await api.recovery.dismiss.mutate()
    await eventually(() => expect(runtime()?.pendingRecovery).toBeNull())
  })
})
