import type { TestedFail2ban } from '@bangui/fail2ban/testing'
import { describe, expect, it } from 'vitest'
import { createBadDay } from './bad-day.ts'
import { eventually } from './eventually.ts'
import { installedAndNewest } from './installed-and-newest.ts'

/** Two jails with a ban each, BanGUI on them, and what it tells from then on. */
async function setUp(fail2ban: TestedFail2ban) {
  const day = await createBadDay({ fail2ban })
  const bangui = await day.start()
  await day.ban('app', '45.1.1.1')
  await day.ban('web', '45.2.2.2')
  await eventually(async () => expect(await bangui.inForce()).toHaveLength(2))
  const told: { type: string; reason?: unknown; by?: unknown }[] = []
  const subscription = bangui.api.events.watch.subscribe(undefined, {
    onData: ({ data }) => {
      if (data.type.startsWith('ban.') || data.type === 'jail.changed') told.push(data)
    },
  })
  const ends = () => told.filter(({ type }) => type === 'ban.removed')
  const rowOf = async (address: string) => (await bangui.history()).find((row) => row.address === address)
  return { ...day, ...bangui, told, ends, rowOf, [Symbol.dispose]: () => subscription.unsubscribe() }
}

describe.each(installedAndNewest)(
  'a jail of fail2ban $version that stops',
  { concurrent: true },
  (fail2ban) => {
    it('takes its bans with it, and nobody is named where nobody is known', async () => {
      await using day = await setUp(fail2ban)
      await day.daemon.ask('stop', 'app')
      await eventually(async () => expect(await day.inForce()).toEqual(['45.2.2.2']))
      await eventually(() => expect(day.ends()).toMatchObject([{ reason: 'jail_stopped', by: null }]))
      expect(await day.rowOf('45.1.1.1')).toMatchObject({
        active: false,
        endReason: 'jail_stopped',
        endedBy: null,
      })
    })

    it('names who had BanGUI stop it, and its bans go on as they were when it starts again', async () => {
      await using day = await setUp(fail2ban)
      // fail2ban's record of it comes a moment after the line
      await eventually(async () => expect((await day.rowOf('45.1.1.1'))?.attempts).toBe(0))
      const before = await day.rowOf('45.1.1.1')
      await day.api.jails.stop.mutate({ name: 'app' })
      await eventually(async () => expect(await day.inForce()).toEqual(['45.2.2.2']))
      await eventually(() => expect(day.ends()).toMatchObject([{ reason: 'jail_stopped', by: 'admin' }]))
      expect(await day.rowOf('45.1.1.1')).toMatchObject({ endReason: 'jail_stopped', endedBy: 'admin' })
      expect(day.told).toContainEqual(expect.objectContaining({ change: 'stopped', by: 'admin' }))
      await day.api.jails.start.mutate({ name: 'app' })
      await eventually(async () => expect(await day.inForce()).toHaveLength(2))
      // its failures are in fail2ban's database, which is read a moment later
      const asBefore = { ...before, until: expect.any(Number), attempts: expect.toBeOneOf([null, 0]) }
      expect(await day.rowOf('45.1.1.1')).toEqual(asBefore)
      expect(await day.history()).toHaveLength(2)
    })

    it('names who switched it off', async () => {
      await using day = await setUp(fail2ban)
      expect(await day.api.jails.deactivate.mutate({ name: 'app' })).toMatchObject({ applied: true })
      await eventually(async () => expect(await day.inForce()).toEqual(['45.2.2.2']))
      expect(await day.rowOf('45.1.1.1')).toMatchObject({ endReason: 'jail_stopped', endedBy: 'admin' })
    })
  },
)

describe.each(installedAndNewest)('a fail2ban $version that stops', { concurrent: true }, (fail2ban) => {
  it('has no active bans, and all of them again when it starts, without new events', async () => {
    await using day = await setUp(fail2ban)
    await day.daemon.stop()
    await eventually(async () => expect(await day.inForce()).toEqual([]))
    await day.daemon.start()
    await eventually(async () => expect(await day.inForce()).toHaveLength(2))
    await day.reconcile()
    expect(day.told.filter(({ type }) => type.startsWith('ban.'))).toEqual([])
    expect(await day.history()).toHaveLength(2)
    expect(day.runtime()?.lostBans ?? null).toBeNull()
  })

  it('soon after an activation did not crash', async () => {
    await using day = await setUp(fail2ban)
    await day.api.jails.deactivate.mutate({ name: 'web' })
    await day.api.jails.activate.mutate({ name: 'web' })
    await day.daemon.stop()
    await eventually(() => expect(day.runtime()?.serverStatus.online).toBe(false))
    expect(day.runtime()?.pendingRecovery ?? null).toBeNull()
    await day.daemon.start()
    await eventually(() => expect(day.runtime()?.serverStatus.online).toBe(true))
    expect(day.bangui.lines.map(({ event }) => event)).not.toContain('activation_crash_detected')
  })
})
