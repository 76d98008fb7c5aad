import { describe, expect, it } from 'vitest'
import { createBadDay } from './bad-day.ts'
import { many } from './ban-api.ts'
import { eventually } from './eventually.ts'

const none = { refused: [], shortened: [] }

describe('the undo of a ban', { concurrent: true }, () => {
  it('ends what it banned, restores the ends that it changed, and leaves later bans alone, once', async () => {
    await using day = await createBadDay()
    const { api, inForce, reconcile } = await day.start()
    const list = async () => (await api.bans.list.query({ sort: 'address' })).rows
    const ban = (addresses: string[], duration: string, operationId: string) =>
      api.bans.ban.mutate({ jail: 'app', addresses, duration, operationId })
    await ban(['45.1.1.1'], '30m', 'earlier')
    await day.ban('app', '45.1.1.9')
    await eventually(async () => expect(await inForce()).toHaveLength(2))
    // a ban has the time of its line until fail2ban's database is read, which can have the second before
    await reconcile()
    const before = await list()
    await ban(['45.1.1.1', '45.1.1.2', '45.1.1.3', '45.1.1.9'], '10m', 'mine')
    await eventually(async () => expect(await inForce()).toHaveLength(4))
    expect((await list())[0]?.until).toBeLessThan(before[0]?.until ?? 0)
    await day.unban('app', '45.1.1.3')
    await eventually(async () => expect(await inForce()).toHaveLength(3))
    await day.ban('app', '45.1.1.3')
    await eventually(async () => expect(await inForce()).toHaveLength(4))
    expect(await api.operations.get.query({ id: 'mine' })).toMatchObject({ undoable: true })

    expect(await api.operations.undo.mutate({ id: 'mine' })).toEqual({
      ...none,
      restored: 2,
      already: 1,
      over: 0,
    })
    expect((await day.banned('app')).toSorted()).toEqual(['45.1.1.1', '45.1.1.3', '45.1.1.9'])
    await eventually(async () =>
      expect(await list()).toMatchObject([
        { address: '45.1.1.1', until: before[0]?.until, duration: before[0]?.duration },
        { address: '45.1.1.3' },
        { address: '45.1.1.9', until: before[1]?.until },
      ]),
    )
    const history = await api.history.list.query({ search: '45.1.1.2' })
    expect(history.rows).toMatchObject([{ endReason: 'unbanned', endedBy: before[0]?.by.name }])

    const { rows } = await api.operations.list.query({ kind: 'undo' })
    expect(rows).toMatchObject([{ undoes: 'mine', state: 'done', undoable: false }])
    expect(await api.operations.get.query({ id: 'mine' })).toMatchObject({ undoable: false })
    for (const id of ['mine', rows[0]?.id ?? ''])
      await expect(api.operations.undo.mutate({ id })).rejects.toMatchObject({
        data: { reason: 'undo_none' },
      })
  })

  it('that takes its time leaves what somebody asks for meanwhile', async () => {
    await using day = await createBadDay()
    const { api } = await day.start()
    const addresses = many(2_000).slice(300)
    const last = addresses.at(-1) ?? ''
    await api.bans.ban.mutate({ jail: 'app', addresses, duration: '30m', operationId: 'alice' })
    await eventually(async () =>
      expect((await api.bans.list.query({ limit: 1 })).total).toBe(addresses.length),
    )
    const undo = api.operations.undo.mutate({ id: 'alice' })
    await eventually(async () => {
      const { rows } = await api.operations.list.query({ kind: 'undo' })
      expect(rows[0]?.done).toBeGreaterThan(0)
    })
    await api.bans.ban.mutate({ jail: 'app', addresses: [last], duration: '40m', operationId: 'bob' })
    await undo
    expect(await day.banned('app')).toEqual([last])
    // its duration counts from its beginning, before Bob asked
    await eventually(async () => {
      const { rows } = await api.bans.list.query({})
      expect(rows.map(({ address }) => address)).toEqual([last])
      expect(rows[0]?.duration).toBeGreaterThanOrEqual(2_400)
    })
  })

  it('leaves a ban that somebody else asked for since, with another end or the same one', async () => {
    await using day = await createBadDay()
    const { api, inForce } = await day.start()
    const ban = (addresses: string[], operationId: string, duration?: string) =>
      api.bans.ban.mutate({ jail: 'app', addresses, operationId, duration })
    await ban(['45.1.1.1', '45.1.1.2', '45.1.1.3'], 'alice', '5m')
    await eventually(async () => expect(await inForce()).toHaveLength(3))
    await ban(['45.1.1.1'], 'bob', '9m')
    await ban(['45.1.1.2'], 'carol')
    expect(await api.operations.undo.mutate({ id: 'alice' })).toMatchObject({ restored: 1, already: 2 })
    expect((await day.banned('app')).toSorted()).toEqual(['45.1.1.1', '45.1.1.2'])
  })

  it.each(['of somebody else', 'from a shell'])(
    'of a longer ban leaves a later ban %s as it is',
    async (whose) => {
      await using day = await createBadDay()
      const { api, inForce, reconcile } = await day.start()
      const ban = (operationId: string, duration?: string) =>
        api.bans.ban.mutate({ jail: 'app', addresses: ['45.1.1.1'], operationId, duration })
      await ban('first', '2m')
      await eventually(async () => expect(await inForce()).toHaveLength(1))
      await ban('mine')
      await day.unban('app', '45.1.1.1')
      await eventually(async () => expect(await inForce()).toHaveLength(0))
      const unbanned = Date.now()
      // fail2ban's database has whole seconds
      await eventually(() => expect(Date.now()).toBeGreaterThan(unbanned + 2_000))
      if (whose === 'from a shell') await day.ban('app', '45.1.1.1')
      else await ban('bob')
      await eventually(async () => expect(await inForce()).toHaveLength(1))
      await reconcile()
      const before = (await api.bans.list.query({})).rows
      await expect(api.operations.undo.mutate({ id: 'mine' })).rejects.toMatchObject({
        data: { reason: 'undo_none' },
      })
      await reconcile()
      expect((await api.bans.list.query({})).rows).toMatchObject(
        before.map(({ id, until, duration }) => ({ id, until, duration })),
      )
    },
  )

  it('that was asked for again ends it at its old end, though fail2ban has prolonged it', async () => {
    await using day = await createBadDay()
    const { api, inForce, reconcile } = await day.start()
    const list = async () => (await api.bans.list.query({})).rows
    const ban = (operationId: string) =>
      api.bans.ban.mutate({ jail: 'app', addresses: ['45.1.1.1'], operationId })
    await ban('first')
    await eventually(async () => expect(await inForce()).toHaveLength(1))
    await reconcile()
    const before = await list()
    const asked = Date.now()
    await eventually(() => expect(Date.now()).toBeGreaterThan(asked + 4_000))
    await ban('mine')
    await eventually(async () => {
      await reconcile()
      expect((await list())[0]?.until).toBeGreaterThan((before[0]?.until ?? 0) + 2_000)
    })
    expect(await api.operations.undo.mutate({ id: 'mine' })).toMatchObject({ restored: 1 })
    for (let look = 0; look < 3; look += 1) {
      expect(await list()).toMatchObject([{ until: before[0]?.until, duration: before[0]?.duration }])
      await reconcile()
    }
  })

  it('of a network leaves the bans inside it', async () => {
    await using day = await createBadDay()
    const { api, inForce } = await day.start()
    await day.ban('app', '45.7.7.9')
    await api.bans.ban.mutate({ jail: 'app', addresses: ['45.7.7.0/24'], operationId: 'net', force: true })
    await eventually(async () => expect(await inForce()).toHaveLength(2))
    expect(await api.operations.undo.mutate({ id: 'net' })).toMatchObject({ restored: 1 })
    await eventually(async () => expect(await inForce()).toEqual(['45.7.7.9']))
    expect(await day.banned('app')).toEqual(['45.7.7.9'])
  })

  it('of a longer ban ends it in the jail for manual bans, at once and after a restart', async () => {
    await using day = await createBadDay({
      jails: [
        { name: 'app', bantime: 600 },
        { name: 'bangui', bantime: -1 },
      ],
    })
    const { api, bangui } = await day.start()
    const ban = (address: string, operationId: string) =>
      api.bans.ban.mutate({ jail: 'app', addresses: [address], duration: '3h', operationId })
    await ban('45.1.1.1', 'first')
    expect(await api.operations.undo.mutate({ id: 'first' })).toMatchObject({ restored: 1 })
    expect(await day.banned('bangui')).toEqual([])
    await ban('45.1.1.2', 'second')
    await bangui.kill('SIGKILL')
    const again = await day.start()
    expect(await again.api.operations.undo.mutate({ id: 'second' })).toMatchObject({ restored: 1 })
    expect(await day.banned('bangui')).toEqual([])
    await eventually(async () => expect(await again.inForce()).toEqual([]))
  })

  it('says that nothing stands any more where all of it has ended', async () => {
    await using day = await createBadDay()
    const { api, inForce } = await day.start()
    await api.bans.ban.mutate({ jail: 'app', addresses: ['45.1.1.1'], operationId: 'mine' })
    await eventually(async () => expect(await inForce()).toEqual(['45.1.1.1']))
    await day.unban('app', '45.1.1.1')
    await eventually(async () => expect(await inForce()).toEqual([]))
    await day.ban('app', '45.1.1.1')
    await eventually(async () => expect(await inForce()).toEqual(['45.1.1.1']))
    await expect(api.operations.undo.mutate({ id: 'mine' })).rejects.toMatchObject({
      data: { reason: 'undo_none' },
    })
    expect(await day.banned('app')).toEqual(['45.1.1.1'])
  })

  it('of a long list that was cancelled ends what was banned', async () => {
    await using day = await createBadDay()
    const { api } = await day.start()
    const call = api.bans.ban.mutate({ jail: 'app', addresses: many(4_000), operationId: 'long' })
    await eventually(async () =>
      expect((await api.operations.get.query({ id: 'long' })).done).toBeGreaterThan(0),
    )
    await api.operations.cancel.mutate({ id: 'long' })
    const { banned } = await call
    expect(banned).toBeLessThan(4_000)
    expect(await api.operations.undo.mutate({ id: 'long' })).toMatchObject({ restored: banned })
    expect(await day.banned('app')).toEqual([])
  })
})
