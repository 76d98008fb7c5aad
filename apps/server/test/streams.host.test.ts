import { createPrivateDaemon, type PrivateDaemon } from '@bangui/fail2ban'
import type { Live } from '@bangui/shared'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { clientOf, signIn, unattended, watchLive } from './api-client.ts'
import { startBangui } from './bangui-process.ts'
import { environmentOf } from './daemon-environment.ts'
import { startFlakyProxy } from './flaky-proxy.ts'

let daemon: PrivateDaemon
beforeAll(async () => {
  daemon = await createPrivateDaemon({ jails: [{ name: 'sshd' }] })
  await daemon.start()
})
afterAll(() => daemon.dispose())

let installations = 0
const environment = () => {
  installations += 1
  return { ...environmentOf(daemon, `${daemon.folder}/bangui-${installations}`), ...unattended }
}

const revisionOf = (live: Live) => ('runtime' in live ? live.runtime.revision : 0)

describe('a live stream', () => {
  it('begins with the snapshot and its jails', async () => {
    await using bangui = await startBangui(environment())
    const { api } = await signIn(bangui.url)
    await api.jails.list.query()
    using live = watchLive(api)
    const first = await live.until(() => true)
    expect(first).toMatchObject({
      type: 'snapshot',
      runtime: { node: expect.any(String), setupComplete: true },
    })
    expect(first.type === 'snapshot' && first.jails?.map((jail) => jail.name)).toEqual(['sshd'])
  })

  it("comes back by itself after a proxy's 502 and after a restart of the server, with the state as it is", async () => {
    const env = environment()
    let bangui = await startBangui(env)
    await using proxy = await startFlakyProxy(bangui.url)
    const { api } = await signIn(proxy.url)
    using live = watchLive(api)
    await live.until((message) => message.type === 'snapshot')

    proxy.broken = true
    await expect.poll(() => proxy.refused).toBeGreaterThan(1)
    const seen = live.messages.length
    proxy.broken = false
    // what was missed comes first
    const state = () => live.messages.slice(seen).find(({ type }) => type !== 'events')
    await expect.poll(() => state()?.type).toBe('snapshot')

    const before = live.messages.length
    expect(await bangui.kill('SIGTERM')).toBe(0)
    bangui = await startBangui(env)
    proxy.target = bangui.url
    await expect.poll(() => live.messages.length).toBeGreaterThan(before)
    await live.until((message) => revisionOf(message) > 0)
    expect(live.errors).toEqual([])
    await bangui.kill('SIGKILL')
  })

  it('ends within a second when its session is ended, and says so', async () => {
    await using bangui = await startBangui(environment())
    const first = await signIn(bangui.url)
    const second = await signIn(bangui.url)
    using live = watchLive(second.api)
    await live.until(() => true)
    const sessions = await first.api.auth.sessions.query()
    const other = sessions.find((session) => !session.current)
    await first.api.auth.endSession.mutate({ id: String(other?.id) })
    await expect.poll(() => live.errors.length).toBe(1)
    expect(live.errors[0]).toMatchObject({ data: { code: 'UNAUTHORIZED', reason: 'no_session' } })
    await expect(second.api.server.status.query()).rejects.toMatchObject({ data: { reason: 'no_session' } })
  })

  it('is refused without a session, and above twenty of one session', async () => {
    await using bangui = await startBangui(environment())
    using stranger = watchLive(clientOf(bangui.url).api)
    await expect
      .poll(() => stranger.errors)
      .toMatchObject([{ data: { code: 'UNAUTHORIZED', reason: 'no_session' } }])

    const { api, cookie } = await signIn(bangui.url)
    const streams = Array.from({ length: 20 }, () => watchLive(api))
    for (const stream of streams) await stream.until(() => true)
    const refused = await fetch(`${bangui.url}trpc/live.watch`, { headers: { cookie } })
    expect(await refused.text()).toMatch(/too_many_streams/)
    for (const stream of streams) stream[Symbol.dispose]()
  })

  it('names each state by boot and revision on state.watch', async () => {
    await using bangui = await startBangui(environment())
    const { api } = await signIn(bangui.url)
    const ids: string[] = []
    const subscription = api.state.watch.subscribe(undefined, { onData: ({ id }) => ids.push(id) })
    await expect.poll(() => ids.length).toBeGreaterThan(0)
    await api.settings.update.mutate({ probeIntervalSeconds: 45 })
    await expect.poll(() => ids.length).toBeGreaterThan(1)
    subscription.unsubscribe()
    const [boot] = ids[0]?.split('.') ?? []
    expect(ids.every((id) => id.startsWith(`${boot}.`))).toBe(true)
    const revisions = ids.map((id) => Number(id.split('.')[1]))
    expect(revisions).toEqual(revisions.toSorted((a, b) => a - b))
  })
})
