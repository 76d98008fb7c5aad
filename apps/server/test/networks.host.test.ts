import { describe, expect, it } from 'vitest'
import { createBadDay } from './bad-day.ts'
import { eventually } from './eventually.ts'

const whole = ['0.0.0.0/0', '::/0', '7.7.7.7/0', '::ffff:0:0/96']

describe('a network of length 0', { concurrent: true, timeout: 120_000 }, () => {
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

describe('a very wide network', { concurrent: true, timeout: 120_000 }, () => {
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
