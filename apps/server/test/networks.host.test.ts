import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createBadDay } from './bad-day.ts'
import { eventually } from './eventually.ts'

const whole = ['0.0.0.0/0', '::/0', '7.7.7.7/0', '::ffff:0:0/96']

/** One fail2ban for all tests: each has jails and networks of its own. */
const jails = ['single', 'family', 'other', 'strict', 'wide', 'found', 'cover', 'inside', 'ending', 'staying']

async function setUp() {
  const day = await createBadDay({ jails: jails.map((name) => ({ name, bantime: '1h' })) })
  const { api, reconcile } = await day.start()
  const inForce = async (...names: readonly string[]) =>
    (await api.bans.list.query({ limit: 500 })).rows
      .filter(({ jail }) => names.includes(jail))
      .map(({ address }) => address)
      .toSorted()
  return { ...day, api, reconcile, inForce }
}

let day: Awaited<ReturnType<typeof setUp>>
beforeAll(async () => {
  day = await setUp()
})
afterAll(() => day[Symbol.asyncDispose]())

describe('a network of length 0', () => {
  it('is not banned, whoever insists and for however long', async () => {
    const { api } = day
    for (const duration of [undefined, 20, -1]) {
      const input = { jail: 'single', addresses: [...whole, '45.10.1.1'], force: true, duration }
      const preview = await api.bans.preview.mutate(input)
      expect(preview.refused.map(({ reason }) => reason)).toEqual(['whole_family', 'whole_family'])
    }
    const result = await api.bans.ban.mutate({
      jail: 'single',
      addresses: [...whole, '45.10.1.1'],
      force: true,
    })
    expect(result).toMatchObject({
      banned: 1,
      refused: [{ reason: 'whole_family' }, { reason: 'whole_family' }],
    })
    expect(result.refused[0]?.message).toContain('would ban the single address')
    expect(await day.banned('single')).toEqual(['45.10.1.1'])
  })

  it('ends, where it is unbanned, every ban of its family and no other', async () => {
    const { api, inForce } = day
    await day.ban('family', '45.11.1.1', '45.12.0.0/16', '2a00::1', '0.0.0.0')
    await day.ban('other', '46.1.1.1')
    expect(await api.bans.unban.mutate({ jail: 'family', addresses: ['0.0.0.0/0'] })).toMatchObject({
      unbanned: 3,
    })
    expect(await day.banned('family')).toEqual(['2a00::1'])
    expect(await day.banned('other')).toEqual(['46.1.1.1'])
    await eventually(async () => expect(await inForce('family', 'other')).toEqual(['2a00::1', '46.1.1.1']))
  })

  it('is not ignored, insisted upon or not, for a while or for good', async () => {
    const { api } = day
    for (const permanent of [false, true])
      for (const force of [false, true])
        for (const text of whole)
          await expect(
            api.jails.update.mutate({ name: 'strict', addIgnored: [text], permanent, force }),
          ).rejects.toMatchObject({ data: { reason: 'ignore_whole_family' } })
    expect((await api.jails.tuning.query({ name: 'strict' })).ignored).not.toContain('0.0.0.0')
  })
})

describe('a very wide network', () => {
  it('is ignored only where somebody insists', async () => {
    const { api } = day
    for (const text of ['44.0.0.0/7', '2000::/15'])
      await expect(api.jails.update.mutate({ name: 'wide', addIgnored: [text] })).rejects.toMatchObject({
        data: { reason: 'ignore_too_wide' },
      })
    await api.jails.update.mutate({ name: 'wide', addIgnored: ['44.0.0.0/7'], force: true })
    await api.jails.update.mutate({ name: 'wide', addIgnored: ['10.0.0.0/8', '2a00::/16', 'fc00::/7'] })
    expect((await api.jails.tuning.query({ name: 'wide' })).ignored).toEqual(
      expect.arrayContaining(['44.0.0.0/7', '10.0.0.0/8', '2a00::/16', 'fc00::/7']),
    )
  })
})

describe('an address inside a banned network', () => {
  it('is found as banned, wherever one looks for it', async () => {
    const { api, inForce, reconcile } = day
    const inside = '203.0.113.77'
    await day.ban('found', '203.0.113.0/24', '2001:db8::/32')
    await eventually(async () => expect(await inForce('found')).toHaveLength(2))
    const holder = { address: '203.0.113.0/24', jail: 'found' }
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
    const { api, inForce } = day
    const inside = '45.77.1.77'
    await day.ban('cover', '45.77.1.0/24')
    await eventually(async () => expect(await inForce('cover')).toHaveLength(1))
    const input = { jail: 'inside', addresses: [inside, '45.78.1.1'] }
    const covered = { count: 1, some: [{ address: inside, by: { address: '45.77.1.0/24', jail: 'cover' } }] }
    expect(await api.bans.preview.mutate(input)).toMatchObject({ wouldBan: 2, already: 0, covered })
    expect(await api.bans.ban.mutate(input)).toMatchObject({ banned: 2, already: 0, covered })
    expect((await day.banned('inside')).toSorted()).toEqual([inside, '45.78.1.1'])
    await eventually(async () => expect(await inForce('cover', 'inside')).toHaveLength(3))
    const again = await api.bans.preview.mutate({ jail: 'cover', addresses: ['45.77.1.0/24'] })
    expect(again).toMatchObject({ wouldBan: 0, already: 1 })
    expect(again.covered).toBeUndefined()
  })

  it('is said to be banned still after it was unbanned, until its network is', async () => {
    const { api, inForce } = day
    const inside = '45.77.2.77'
    await day.ban('ending', '45.77.2.0/24', inside)
    await day.ban('staying', inside)
    await eventually(async () => expect(await inForce('ending', 'staying')).toHaveLength(3))
    const unban = (addresses: string[], jail?: string) => api.bans.unban.mutate({ addresses, jail })
    const byNetwork = { address: inside, by: { address: '45.77.2.0/24', jail: 'ending' } }
    expect(await unban([inside], 'ending')).toMatchObject({
      unbanned: 1,
      covered: { count: 1, some: [byNetwork, { address: inside, by: { address: inside, jail: 'staying' } }] },
    })
    expect(await unban([inside])).toMatchObject({ unbanned: 1, covered: { count: 1, some: [byNetwork] } })
    expect(await unban([inside])).toMatchObject({ unbanned: 0, absent: 1, covered: { some: [byNetwork] } })
    expect(await unban([inside, '45.77.2.0/24'])).toEqual({ unbanned: 1, absent: 1 })
    expect(await day.banned('ending')).toEqual([])
  })
})
