import { describe, expect, it } from 'vitest'
import { createBadDay } from './bad-day.ts'
import { many } from './ban-api.ts'
import { eventually } from './eventually.ts'

/** What a call was refused with, as it came over HTTP. */
const refusalOf = (call: Promise<unknown>) =>
  call.then(
    () => undefined,
    (error: unknown) => (error as { data?: unknown }).data,
  )

describe('a long list of bans', { concurrent: true }, () => {
  it('whose jail goes in the middle says so, and nothing of it is in force', async () => {
    await using day = await createBadDay()
    const { api, reconcile } = await day.start()
    const addresses = many(4_000)
    const told = refusalOf(api.bans.ban.mutate({ jail: 'app', addresses, operationId: 'list' }))
    await eventually(async () => expect((await day.banned('app')).length).toBeGreaterThan(50))
    await day.daemon.ask('stop', 'app')
    expect(await told).toMatchObject({ reason: 'jail_not_running', params: { name: 'app' } })
    expect((await api.operations.list.query()).rows).toMatchObject([{ id: 'list', state: 'failed' }])
    await eventually(async () => {
      await reconcile()
      expect(await api.bans.counts.query()).toEqual([])
    })
  })

  it('whose daemon dies in the middle says how far it got; done again, all of it is banned once', async () => {
    await using day = await createBadDay()
    const { api, reconcile, runtime } = await day.start()
    const addresses = many(2_000)
    const input = { jail: 'app', addresses, operationId: 'list' }
    const told = refusalOf(api.bans.ban.mutate(input))
    await eventually(async () => expect((await day.banned('app')).length).toBeGreaterThan(50))
    await day.daemon.kill('SIGKILL')
    expect(await told).toMatchObject({
      reason: 'ban_interrupted',
      params: { done: expect.any(Number), total: 2_000, message: expect.any(String) },
    })
    await day.startDaemon()
    await eventually(() => expect(runtime()?.serverStatus).toMatchObject({ online: true }))
    const again = await eventually(() => api.bans.ban.mutate({ jail: 'app', addresses }))
    expect(again.banned + again.already).toBe(2_000)
    expect(new Set(await day.banned('app')).size).toBe(2_000)
    await eventually(async () => {
      await reconcile()
      expect(await api.bans.counts.query()).toEqual([{ jail: 'app', count: 2_000 }])
    })
  })
})
