import { createPrivateDaemon } from '@bangui/fail2ban'
import { describe, expect, it } from 'vitest'
import { createBadDay } from './bad-day.ts'
import { signIn, unattended, watchLive } from './api-client.ts'
import { startBangui } from './bangui-process.ts'
import { environmentOf } from './daemon-environment.ts'
import { eventually } from './eventually.ts'
import { latestRuntime } from './latest-runtime.ts'

describe('a BanGUI that starts at a daemon', { concurrent: true }, () => {
  it('which a reload has left without jails says so, blames no change, and loads them again', async () => {
    await using day = await createBadDay()
    await day.daemon.addJail({ name: 'bad', bantime: 'nonsense' })
    await day.daemon.client('reload')
    expect((await day.daemon.client('status')).output).toMatch(/Jail list:\s*bad$/m)
    const { api, runtime } = await day.start()
    await eventually(() =>
      expect(runtime()?.pendingRecovery).toMatchObject({
        cause: 'jails_missing',
        jailName: null,
        changeId: null,
        missingJails: expect.arrayContaining(['app', 'web', 'bad']),
        recovered: false,
      }),
    )
    const result = await api.recovery.rollback.mutate()
    expect(result.output).toMatch(/^bad: /m)
    expect((await day.daemon.client('status')).output).toMatch(/app, web|web, app/)
    await eventually(() => expect(runtime()?.pendingRecovery).toMatchObject({ recovered: true }))
  })

  it('that runs all its jails, or is starting, says nothing', async () => {
    await using day = await createBadDay()
    const { runtime, api } = await day.start()
    const first = runtime()?.serverStatus.checkedAt ?? 0
    await eventually(async () => {
      const { checkedAt } = await api.server.probe.mutate()
      expect(checkedAt).toBeGreaterThan(first + 4_000)
    })
    expect(runtime()?.pendingRecovery).toBeNull()
  })

  it('does not miss a jail that was stopped through the BanGUI before it, nor one that was dismissed', async () => {
    await using daemon = await createPrivateDaemon({
      jails: ['app', 'web', 'mail'].map((name) => ({ name })),
    })
    await daemon.start()
    const env = { ...environmentOf(daemon), ...unattended, BANGUI_PROBE_INTERVAL_SECONDS: '1' }
    {
      await using bangui = await startBangui(env)
      const { api } = await signIn(bangui.url)
      using live = watchLive(api)
      await eventually(() => expect(latestRuntime(live)?.serverStatus).toMatchObject({ activeJails: 3 }))
      await api.jails.stop.mutate({ name: 'web' })
      await daemon.ask('stop', 'mail')
      await eventually(() =>
        expect(latestRuntime(live)?.pendingRecovery).toMatchObject({ missingJails: ['mail'] }),
      )
      await api.recovery.dismiss.mutate()
      await bangui.kill('SIGTERM')
    }
    await using bangui = await startBangui(env)
    const { api } = await signIn(bangui.url)
    const first = Date.now()
    await eventually(async () => {
      const { checkedAt, activeJails } = await api.server.probe.mutate()
      expect([activeJails, (checkedAt ?? 0) > first + 4_000]).toEqual([1, true])
    })
    expect(await api.recovery.pending.query()).toBeNull()
  })
})
