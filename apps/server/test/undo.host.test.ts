import { describe, expect, it } from 'vitest'
import { createBadDay } from './bad-day.ts'
import { eventually } from './eventually.ts'
import { createOwnClock } from './own-clock.ts'

describe('the undo of an unban', { concurrent: true }, () => {
  it('puts the ban back as it was, once, and counts no further one', async () => {
    await using day = await createBadDay()
    const { api, reconcile, history } = await day.start()
    await day.ban('app', '45.1.1.1')
    await api.bans.ban.mutate({ jail: 'app', addresses: ['45.1.1.2'], reason: 'scans', duration: '30m' })
    const list = async () => (await api.bans.list.query({ sort: 'address' })).rows
    await eventually(async () => {
      await reconcile()
      expect(await list()).toMatchObject([{ reason: null }, { reason: 'scans' }])
    })
    const before = await list()
    const overview = await api.stats.overview.query({ range: '24h' })
    const addresses = ['45.1.1.1', '45.1.1.2']
    expect(await api.bans.unban.mutate({ jail: 'app', addresses, operationId: 'unban-1' })).toMatchObject({
      unbanned: 2,
    })
    expect(await api.operations.undo.mutate({ id: 'unban-1' })).toEqual({
      restored: 2,
      over: 0,
      already: 0,
      refused: [],
      shortened: [],
    })
    expect((await day.banned('app')).toSorted()).toEqual(addresses)
    const asBefore = before.map(({ id, address, since, until, by, reason, times }) => ({
      id,
      address,
      since,
      until,
      by,
      reason,
      times,
    }))
    await eventually(async () => {
      const rows = await list()
      expect(rows).toMatchObject(asBefore)
      for (const row of rows) expect(row.restoredAt).toBeGreaterThanOrEqual(row.since)
    })
    // what fail2ban's database and list have of it changes nothing
    for (let look = 0; look < 2; look += 1) await reconcile()
    expect(await list()).toMatchObject(asBefore)
    expect(await history()).toHaveLength(2)
    const { bans, newAddresses } = await api.stats.overview.query({ range: '24h' })
    expect({ bans, newAddresses }).toEqual({ bans: overview.bans, newAddresses: overview.newAddresses })
    expect((await api.history.address.query({ address: '45.1.1.1' })).totals.bans).toBe(1)
    await expect(api.operations.undo.mutate({ id: 'unban-1' })).rejects.toMatchObject({
      data: { reason: 'undo_none' },
    })
  })

  it('leaves alone what somebody has banned anew, and bans at their old end', async () => {
    await using clock = await createOwnClock(Date.now())
    await using day = await createBadDay({
      jails: [
        { name: 'app', bantime: '30m' },
        { name: 'web', bantime: '1h' },
      ],
      environment: clock.environment,
    })
    const { api, inForce } = await day.start()
    await day.ban('app', '45.1.1.1')
    await day.ban('web', '45.1.1.2')
    await eventually(async () => expect(await inForce()).toHaveLength(2))
    const [short] = (await api.bans.list.query({ jail: 'app' })).rows
    await api.bans.unban.mutate({ addresses: ['45.1.1.1', '45.1.1.2'], operationId: 'unban-2' })
    await eventually(async () => expect(await inForce()).toEqual([]))
    await day.ban('web', '45.1.1.2')
    await eventually(async () => expect(await inForce()).toEqual(['45.1.1.2']))
    const [anew] = (await api.bans.list.query({})).rows
    expect(await api.operations.undo.mutate({ id: 'unban-2' })).toMatchObject({ restored: 1, already: 1 })
    await eventually(async () =>
      expect((await api.bans.list.query({ jail: 'app' })).rows).toMatchObject([
        { id: short?.id, until: short?.until },
      ]),
    )
    expect((await api.bans.list.query({ jail: 'web' })).rows).toMatchObject([{ id: anew?.id }])
    await clock.set(short?.until ?? 0)
    await eventually(async () => expect(await inForce()).toEqual(['45.1.1.2']))
    const row = (await api.history.list.query({ jail: 'app' })).rows[0]
    expect(row).toMatchObject({ id: short?.id, active: false })
    expect(Math.abs((row?.until ?? 0) - (short?.until ?? 0))).toBeLessThan(8_000)
  })

  it.each(['SIGTERM', 'SIGKILL'] as const)('is the same after BanGUI began anew: %s', async (signal) => {
    await using day = await createBadDay()
    const { api, bangui } = await day.start()
    await api.bans.ban.mutate({ jail: 'app', addresses: ['45.1.1.1'], reason: 'scans', duration: '30m' })
    await day.ban('web', '45.1.1.2')
    const before = await eventually(async () => {
      const { rows } = await api.bans.list.query({ sort: 'address' })
      expect(rows).toMatchObject([{ reason: 'scans' }, { reason: null, by: { kind: 'unknown' } }])
      return rows
    })
    await api.bans.unban.mutate({ addresses: ['45.1.1.1', '45.1.1.2'], operationId: 'unban-3' })
    await bangui.kill(signal)
    const again = await day.start()
    expect(await again.api.operations.undo.mutate({ id: 'unban-3' })).toMatchObject({
      restored: 2,
      refused: [],
      shortened: [],
    })
    const asBefore = before.map(({ id, address, jail, since, until, duration, by, reason, times }) => ({
      id,
      address,
      jail,
      since,
      until,
      duration,
      by,
      reason,
      times,
    }))
    await eventually(async () =>
      expect((await again.api.bans.list.query({ sort: 'address' })).rows).toMatchObject(asBefore),
    )
    for (let look = 0; look < 2; look += 1) await again.reconcile()
    expect((await again.api.bans.list.query({ sort: 'address' })).rows).toMatchObject(asBefore)
    expect(await again.history()).toHaveLength(2)
    await expect(again.api.operations.undo.mutate({ id: 'unban-3' })).rejects.toMatchObject({
      data: { reason: 'undo_none' },
    })
  })

  it('puts a ban that its jail does not ban for any more into the jail for manual bans, until its old end', async () => {
    await using day = await createBadDay({
      jails: [
        { name: 'app', bantime: '2h' },
        { name: 'bangui', bantime: -1 },
      ],
    })
    const { api, history, reconcile } = await day.start()
    await day.ban('app', '45.1.1.1')
    await api.bans.ban.mutate({ jail: 'app', addresses: ['45.1.1.2'], reason: 'scans', duration: '3h' })
    const list = async () => (await api.bans.list.query({ sort: 'address' })).rows
    const before = await eventually(async () => {
      const rows = await list()
      expect(rows).toMatchObject([{ reason: null, by: { kind: 'unknown' } }, { reason: 'scans' }])
      return rows
    })
    const overview = await api.stats.overview.query({ range: '24h' })
    const addresses = ['45.1.1.1', '45.1.1.2']
    await api.bans.unban.mutate({ addresses, operationId: 'unban-4' })
    await day.daemon.ask('set', 'app', 'bantime', '600')
    const until = before[0]?.until
    expect(await api.operations.undo.mutate({ id: 'unban-4' })).toMatchObject({
      restored: 2,
      shortened: [],
      moved: [{ address: '45.1.1.1', from: 'app', jail: 'bangui', until }],
    })
    const asBefore = before.map(({ id, address, since, until: end, duration, by, reason, times }) => ({
      id,
      address,
      since,
      until: end,
      duration,
      by,
      reason,
      times,
      jail: 'bangui',
    }))
    for (let look = 0; look < 2; look += 1) {
      await eventually(async () => expect(await list()).toMatchObject(asBefore))
      await reconcile()
    }
    expect((await day.banned('bangui')).toSorted()).toEqual(addresses)
    expect(await day.banned('app')).toEqual([])
    expect(await history()).toHaveLength(2)
    expect((await api.stats.overview.query({ range: '24h' })).bans).toEqual(overview.bans)
  })

  it('names the end of a ban that its jail does not ban for any more, without a jail for manual bans', async () => {
    await using day = await createBadDay({ jails: [{ name: 'app', bantime: '2h' }] })
    const { api, inForce } = await day.start()
    await day.ban('app', '45.1.1.1')
    await eventually(async () => expect(await inForce()).toHaveLength(1))
    const [before] = (await api.bans.list.query({})).rows
    await api.bans.unban.mutate({ addresses: ['45.1.1.1'], operationId: 'unban-5' })
    await day.daemon.ask('set', 'app', 'bantime', '600')
    const { shortened } = await api.operations.undo.mutate({ id: 'unban-5' })
    expect(shortened).toMatchObject([{ address: '45.1.1.1', jail: 'app' }])
    const [after] = await eventually(async () => {
      const { rows } = await api.bans.list.query({})
      expect(rows).toHaveLength(1)
      return rows
    })
    expect(after).toMatchObject({ id: before?.id, since: before?.since, jail: 'app' })
    expect(Math.abs((after?.until ?? 0) - (shortened[0]?.until ?? 0))).toBeLessThan(2_000)
  })
})
