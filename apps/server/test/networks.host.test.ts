import { describe, expect, it } from 'vitest'
import { createBadDay } from './bad-day.ts'
import { eventually } from './eventually.ts'

const whole = ['0.0.0.0/0', '::/0', '7.7.7.7/0', '::ffff:0:0/96']

describe('a network of length 0', { concurrent: true }, () => {
  it('is not banned, whoever insists and for however long', async () => {
    await using day = await createBadDay()
    const { api } = await day.start()
    for (const duration of [undefined, 20, -1]) {
      const input = { jail: 'app', addresses: [...whole, '45.1.1.1'], force: true, duration }
      const preview = await api.bans.preview.mutate(input)
      expect(preview.refused.map(({ reason }) => reason)).toEqual(['whole_family', 'whole_family'])
    }
    const result = await api.bans.ban.mutate({ jail: 'app', addresses: [...whole, '45.1.1.1'], force: true })
    expect(result).toMatchObject({
      banned: 1,
      refused: [{ reason: 'whole_family' }, { reason: 'whole_family' }],
    })
    expect(result.refused[0]?.message).toContain('would ban the single address')
    expect(await day.banned('app')).toEqual(['45.1.1.1'])
  })

  it('ends, where it is unbanned, every ban of its family and no other', async () => {
    await using day = await createBadDay()
    const { api, inForce } = await day.start()
    await day.ban('app', '45.1.1.1', '45.2.0.0/16', '2a00::1', '0.0.0.0')
    await day.ban('web', '46.1.1.1')
    expect(await api.bans.unban.mutate({ jail: 'app', addresses: ['0.0.0.0/0'] })).toMatchObject({
      unbanned: 3,
    })
    expect(await day.banned('app')).toEqual(['2a00::1'])
    expect(await day.banned('web')).toEqual(['46.1.1.1'])
    await eventually(async () => expect((await inForce()).toSorted()).toEqual(['2a00::1', '46.1.1.1']))
  })

  it('is not ignored, insisted upon or not, for a while or for good', async () => {
    await using day = await createBadDay()
    const { api } = await day.start()
    for (const permanent of [false, true])
      for (const force of [false, true])
        for (const text of whole)
          await expect(
            api.jails.update.mutate({ name: 'app', addIgnored: [text], permanent, force }),
          ).rejects.toMatchObject({ data: { reason: 'ignore_whole_family' } })
    expect((await api.jails.tuning.query({ name: 'app' })).ignored).not.toContain('0.0.0.0')
  })
})

describe('a very wide network', { concurrent: true }, () => {
  it('is ignored only where somebody insists', async () => {
    await using day = await createBadDay()
    const { api } = await day.start()
    for (const text of ['44.0.0.0/7', '2000::/15'])
      await expect(api.jails.update.mutate({ name: 'app', addIgnored: [text] })).rejects.toMatchObject({
        data: { reason: 'ignore_too_wide' },
      })
    await api.jails.update.mutate({ name: 'app', addIgnored: ['44.0.0.0/7'], force: true })
    await api.jails.update.mutate({ name: 'app', addIgnored: ['10.0.0.0/8', '2a00::/16', 'fc00::/7'] })
    expect((await api.jails.tuning.query({ name: 'app' })).ignored).toEqual(
      expect.arrayContaining(['44.0.0.0/7', '10.0.0.0/8', '2a00::/16', 'fc00::/7']),
    )
  })
})

describe('an address inside a banned network', { concurrent: true }, () => {
  const inside = '203.0.113.77'

  it('is found as banned, wherever one looks for it', async () => {
    await using day = await createBadDay()
    const { api, inForce, reconcile } = await day.start()
    await day.ban('app', '203.0.113.0/24', '2001:db8::/32')
    await eventually(async () => expect(await inForce()).toHaveLength(2))
    const holder = { address: '203.0.113.0/24', jail: 'app' }
    expect((await api.bans.list.query({ search: inside })).rows).toMatchObject([holder])
    expect((await api.bans.list.query({ search: '203.0.113.64/26' })).rows).toMatchObject([holder])
    expect((await api.bans.list.query({ search: '2001:db8:77::1' })).total).toBe(1)
    expect((await api.bans.list.query({ search: '203.0.114.1' })).total).toBe(0)
    const detail = await api.history.address.query({ address: inside })
    expect(detail).toMatchObject({ active: [holder], bans: [holder], totals: { bans: 1 } })
    expect((await api.history.list.query({ search: inside })).rows).toMatchObject([holder])
    await eventually(async () => {
      await reconcile()
      const live = await api.history.list.query({ search: inside, source: 'live' })
      expect(live.rows).toMatchObject([holder])
    })
  })

  it('is said to be covered before it is banned, and banned all the same', async () => {
    await using day = await createBadDay()
    const { api, inForce } = await day.start()
    await day.ban('web', '203.0.113.0/24')
    await eventually(async () => expect(await inForce()).toHaveLength(1))
    const input = { jail: 'app', addresses: [inside, '45.1.1.1'] }
    const covered = { count: 1, some: [{ address: inside, by: { address: '203.0.113.0/24', jail: 'web' } }] }
    expect(await api.bans.preview.mutate(input)).toMatchObject({ wouldBan: 2, already: 0, covered })
    expect(await api.bans.ban.mutate(input)).toMatchObject({ banned: 2, already: 0, covered })
    expect((await day.banned('app')).toSorted()).toEqual([inside, '45.1.1.1'])
    await eventually(async () => expect(await inForce()).toHaveLength(3))
    const again = await api.bans.preview.mutate({ jail: 'web', addresses: ['203.0.113.0/24'] })
    expect(again).toMatchObject({ wouldBan: 0, already: 1 })
    expect(again.covered).toBeUndefined()
  })

  it('is said to be banned still after it was unbanned, until its network is', async () => {
    await using day = await createBadDay()
    const { api, inForce } = await day.start()
    await day.ban('app', '203.0.113.0/24', inside)
    await day.ban('web', inside)
    await eventually(async () => expect(await inForce()).toHaveLength(3))
    const unban = (addresses: string[], jail?: string) => api.bans.unban.mutate({ addresses, jail })
    const byNetwork = { address: inside, by: { address: '203.0.113.0/24', jail: 'app' } }
    expect(await unban([inside], 'app')).toMatchObject({
      unbanned: 1,
      covered: { count: 1, some: [byNetwork, { address: inside, by: { address: inside, jail: 'web' } }] },
    })
    expect(await unban([inside])).toMatchObject({ unbanned: 1, covered: { count: 1, some: [byNetwork] } })
    expect(await unban([inside])).toMatchObject({ unbanned: 0, absent: 1, covered: { some: [byNetwork] } })
    expect(await unban([inside, '203.0.113.0/24'])).toEqual({ unbanned: 1, absent: 1 })
    expect(await day.banned('app')).toEqual([])
  })
})
