import { describe, expect, it } from 'vitest'
import { createBadDay } from './bad-day.ts'
import { many } from './ban-api.ts'
import { eventually } from './eventually.ts'

const BANS = 2_000

type BadDay = Awaited<ReturnType<typeof createBadDay>>

/** Two jails full of bans, BanGUI watching them, and what it tells from then on. */
async function watchFull(day: BadDay) {
  const bangui = await day.start()
  await day.ban('app', ...many(BANS / 2))
  await day.ban('web', ...many(BANS / 2))
  const counts = () => bangui.api.bans.counts.query()
  const full = [
    { jail: 'app', count: BANS / 2 },
    { jail: 'web', count: BANS / 2 },
  ]
  await eventually(async () => expect(await counts()).toEqual(full))
  const told: string[] = []
  const subscription = bangui.api.events.watch.subscribe(undefined, {
    onData: ({ data }) => told.push(data.type),
  })
  const untilBack = () =>
    eventually(async () => {
      expect(told.filter((type) => type === 'daemon.changed').length).toBeGreaterThan(1)
      expect((await bangui.api.server.probe.mutate()).currentlyBanned).toBe(BANS)
    })
  return { ...bangui, counts, full, told, untilBack, [Symbol.dispose]: () => subscription.unsubscribe() }
}

describe(`fail2ban with ${BANS} bans`, () => {
  it('restarts and is reloaded without an end or a beginning of any of them', async () => {
    await using day = await createBadDay()
    using bangui = await watchFull(day)
    await day.daemon.client('restart')
    await bangui.untilBack()
    await bangui.reconcile()
    await day.daemon.client('reload', '--restart')
    await eventually(async () => expect((await bangui.api.server.probe.mutate()).currentlyBanned).toBe(BANS))
    await bangui.reconcile()
    await eventually(async () => expect(await bangui.counts()).toEqual(bangui.full))
    expect(bangui.told.filter((type) => type.startsWith('ban.'))).toEqual([])
    expect(bangui.runtime()?.lostBans).toBeNull()
    expect((await bangui.api.stats.overview.query({ range: '24h' })).bans).toBe(BANS)
  })
})
