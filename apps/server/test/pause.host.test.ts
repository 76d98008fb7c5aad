import { createPrivateDaemon } from '@bangui/fail2ban'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, it } from 'vitest'
import { signIn, unattended, watchLive } from './api-client.ts'
import { startBangui, wired } from './bangui-process.ts'
import { environmentOf } from './daemon-environment.ts'
import { eventually } from './eventually.ts'
import { latestRuntime } from './latest-runtime.ts'

async function setUp() {
  const stack = new AsyncDisposableStack()
  const jails = ['app', 'web', 'mail', 'other'].map((name) => ({ name }))
  const daemon = stack.use(await createPrivateDaemon({ jails }))
  await daemon.start()
  const environment = { ...environmentOf(daemon), ...unattended }
  const start = async () => {
    const bangui = stack.use(await startBangui(environment, { program: wired }))
    const { api } = await signIn(bangui.url)
    const live = stack.use(watchLive(api))
    await eventually(() => expect(latestRuntime(live)?.serverStatus.online).toBe(true))
    const idle = async () =>
      (await api.jails.list.query()).filter((jail) => jail.idle === true).map(({ name }) => name)
    return { bangui, api, idle, runtime: () => latestRuntime(live) }
  }
  const has = async (jail: string, address: string) =>
    (await readFile(daemon.logfile, 'utf8')).includes(`[${jail}] Found ${address}`)
  /** Waits until a jail counts a failure. A jail that is no longer idle continues where it stopped reading its log. */
  const whenCounted = (jail: string, address: string) =>
    eventually(async () => {
      await daemon.logFailure(jail, address)
      expect(await has(jail, address)).toBe(true)
    })
  /** Whether a jail counts failures: a working jail has counted a later one. */
  const counts = async (jail: string, reference: string, address: string) => {
    await daemon.logFailure(jail, address)
    await whenCounted(reference, address)
    return has(jail, address)
  }
  return {
    daemon,
    environment: environment as Record<string, string>,
    start,
    counts,
    whenCounted,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

it('a maintenance pause survives BanGUI and fail2ban, and ends by itself for the jails that worked before', async () => {
  await using at = await setUp()
  const first = await at.start()
  await first.api.jails.setIdle.mutate({ name: 'mail', idle: true })
  expect(await first.api.pause.start.mutate({ minutes: 60, reason: 'new disks' })).toEqual({
    jails: ['app', 'other', 'web'],
    left: [],
  })
  await eventually(() =>
    expect(first.runtime()?.pause).toMatchObject({
      by: 'admin',
      reason: 'new disks',
      jails: ['app', 'other', 'web'],
    }),
  )
  const { startedAt = 0, endsAt = 0 } = first.runtime()?.pause ?? {}
  expect(endsAt - startedAt).toBe(60 * 60_000)
  await expect(first.api.pause.start.mutate({ minutes: 5 })).rejects.toThrow(
    'A maintenance pause is already running',
  )
  // somebody lets one jail work again, and it stays so
  await first.api.jails.setIdle.mutate({ name: 'other', idle: false })
  expect(await at.counts('app', 'other', '203.0.113.1')).toBe(false)
  await first.bangui.kill('SIGKILL')

  await at.daemon.stop()
  await at.daemon.start()
  const second = await at.start()
  await eventually(async () => expect(await second.idle()).toEqual(['app', 'web']))
  expect(second.runtime()?.pause).toMatchObject({ by: 'admin', jails: ['app', 'web'], endsAt })
  expect(await at.counts('web', 'other', '203.0.113.2')).toBe(false)
  await second.bangui.kill('SIGKILL')

  using database = new DatabaseSync(join(at.environment['BANGUI_DATA_DIR'] ?? '', 'bangui.db'))
  database.exec(`update pauses set ends_at = ${Date.now() - 1}`)
  const third = await at.start()
  await eventually(() => expect(third.runtime()?.pause).toBeNull())
  await eventually(async () => expect(await third.idle()).toEqual([]))
  for (const jail of ['app', 'web']) await at.whenCounted(jail, '203.0.113.3')
  const { rows } = await third.api.operations.list.query({ kind: 'pause.end' })
  expect(rows).toMatchObject([
    { title: 'Ending the maintenance pause of admin', actor: { kind: 'system' }, state: 'done' },
  ])
})

it('a maintenance pause is undone or ended by hand, and leaves jails idle that were idle before it', async () => {
  await using at = await setUp()
  const { api, idle, runtime } = await at.start()
  await api.jails.setIdle.mutate({ name: 'mail', idle: true })
  await api.pause.start.mutate({ minutes: 30, operationId: 'undone' })
  expect(await api.operations.get.query({ id: 'undone' })).toMatchObject({ undoable: true })
  expect(await api.operations.undo.mutate({ id: 'undone' })).toMatchObject({ restored: 3, refused: [] })
  expect(await idle()).toEqual(['mail'])
  await api.pause.start.mutate({ minutes: 60 })
  expect(await idle()).toEqual(['app', 'mail', 'other', 'web'])
  await expect(api.operations.undo.mutate({ id: 'undone' })).rejects.toMatchObject({
    data: { reason: 'undo_none' },
  })
  await expect(api.pause.end.mutate({})).resolves.toEqual({ jails: ['app', 'other', 'web'], left: [] })
  expect(await idle()).toEqual(['mail'])
  await eventually(() => expect(runtime()?.pause).toBeNull())
  await expect(api.pause.end.mutate({})).rejects.toThrow('There is no maintenance pause')
  expect(await at.counts('mail', 'app', '203.0.113.5')).toBe(false)
})
