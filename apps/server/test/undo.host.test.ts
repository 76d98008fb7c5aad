import { describe, expect, it } from 'vitest'
import { createBadDay } from './bad-day.ts'
import { eventually } from './eventually.ts'

describe('the undo of an unban', { concurrent: true }, () => {
  it('puts the ban back as it was, once, and counts no further one', async () => {
    await using day = await createBadDay()
    const { api, inForce, reconcile, history } = await day.start()
    await day.ban('app', '45.1.1.1')
    await api.bans.ban.mutate({ jail: 'app', addresses: ['45.1.1.2'], reason: 'scans', duration: '30m' })
    await eventually(async () => {
      await reconcile()
      expect(await inForce()).toHaveLength(2)
    })
    const list = async () => (await api.bans.list.query({ sort: 'address' })).rows
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
    await using day = await createBadDay({
      jails: [
        { name: 'app', bantime: 12 },
        { name: 'web', bantime: '1h' },
      ],
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
    await eventually(async () => expect(await inForce()).toEqual(['45.1.1.2']))
    const row = (await api.history.list.query({ jail: 'app' })).rows[0]
    expect(row).toMatchObject({ id: short?.id, active: false })
    expect(Math.abs((row?.until ?? 0) - (short?.until ?? 0))).toBeLessThan(8_000)
  })
})
