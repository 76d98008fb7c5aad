import { createPrivateDaemon } from '@bangui/fail2ban'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { signIn, unattended, watchLive } from './api-client.ts'
import { startBangui, wired } from './bangui-process.ts'
import { environmentOf } from './daemon-environment.ts'
import { eventually } from './eventually.ts'
import { latestRuntime } from './latest-runtime.ts'
import { scriptTools } from './scripted-tools.ts'

it('a load that hangs is cancelled by an administrator, and everything is as before', async () => {
  await using stack = new AsyncDisposableStack()
  const daemon = stack.use(await createPrivateDaemon({ jails: [{ name: 'app' }] }))
  await daemon.start()
  const tools = await scriptTools(daemon)
  const environment = { ...environmentOf(daemon), ...unattended, ...tools.environment }
  const bangui = stack.use(await startBangui(environment, { program: wired }))
  const { api } = await signIn(bangui.url)
  const live = stack.use(watchLive(api))
  const activity = () => latestRuntime(live)?.serverStatus.activity
  await eventually(() => expect(activity()).toBeNull())
  expect(await api.server.cancelLoad.mutate()).toEqual({ cancelled: false })
  await tools.hold('load')
  const changing = api.jails.update.mutate({ name: 'app', bantime: '2h', permanent: true })
  await tools.held()
  await eventually(() => expect(activity()).toBe('loading'))
  // what holds up the load holds up that of the restored files as well
  let isDone = false
  const done = changing.finally(() => (isDone = true))
  await eventually(async () => {
    await api.server.cancelLoad.mutate()
    expect(isDone).toBe(true)
  })
  expect(await done).toMatchObject({ applied: false, output: expect.stringContaining('was cancelled') })
  await eventually(() => expect(activity()).toBeNull())
  const own = join(daemon.configDir, 'jail.d', 'zz-bangui.local')
  await expect(readFile(own)).rejects.toThrow('ENOENT')
  expect(await api.jails.tuning.query({ name: 'app' })).toMatchObject({ bantime: 600 })
  expect(bangui.lines).toContainEqual(expect.objectContaining({ event: 'load_cancelled' }))
})
