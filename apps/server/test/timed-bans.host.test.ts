import { describe, expect, it } from 'vitest'
import { createBadDay } from './bad-day.ts'
import { eventually } from './eventually.ts'

/** A jail of an hour in a real fail2ban, and a person who bans in it through BanGUI. */
async function setUp() {
  const day = await createBadDay({ jails: [{ name: 'app', bantime: '1h', maxretry: 3 }] })
  const { bangui, api, inForce, history } = await day.start()
  const banByHand = (addresses: string[], duration?: number) =>
    api.bans.ban.mutate({ jail: 'app', addresses, duration })
  const failUntilBanned = async (address: string) => {
    for (const user of ['root', 'admin', 'test']) await day.daemon.logFailure('app', address, user)
    await eventually(async () => expect(await day.banned('app')).toContain(address))
  }
  const isOver = async (address: string) =>
    eventually(async () => expect(await day.banned('app')).not.toContain(address))
  return { ...day, bangui, inForce, history, banByHand, failUntilBanned, isOver }
}

/** Bans of the same address within a second are one to fail2ban, and ends come at their time alone. */
const isPast = (time: number) => eventually(() => expect(Date.now()).toBeGreaterThan(time))

describe('the timed end of a manual ban', { concurrent: true }, () => {
  it('of a network ends none of the bans inside it', async () => {
    await using at = await setUp()
    await at.banByHand(['45.7.7.0/24'], 8)
    await at.failUntilBanned('45.7.7.9')
    await at.banByHand(['45.7.7.20', '45.7.7.32/28'])
    await at.banByHand(['45.7.7.30'], 600)
    await at.isOver('45.7.7.0/24')
    const inside = ['45.7.7.20', '45.7.7.30', '45.7.7.32/28', '45.7.7.9']
    expect((await at.banned('app')).toSorted()).toEqual(inside)
    await eventually(async () => expect((await at.inForce()).toSorted()).toEqual(inside))
    const rows = await at.history()
    expect(rows.find(({ address }) => address === '45.7.7.0/24')).toMatchObject({ endReason: 'expired' })
  })

  it('that somebody else ended before is not the end of what fail2ban bans later', async () => {
    await using at = await setUp()
    await at.banByHand(['45.1.1.1', '45.2.2.2'], 10)
    const asked = Date.now()
    await eventually(async () => expect(await at.inForce()).toHaveLength(2))
    await at.unban('app', '45.1.1.1')
    await eventually(async () => expect(await at.inForce()).toEqual(['45.2.2.2']))
    await isPast(asked + 1_000)
    await at.failUntilBanned('45.1.1.1')
    await eventually(async () => expect(await at.inForce()).toHaveLength(2))
    await at.isOver('45.2.2.2')
    expect(await at.banned('app')).toEqual(['45.1.1.1'])
  })

  it('is that of no later ban either when all of it happened while BanGUI did not run', async () => {
    await using at = await setUp()
    await at.banByHand(['45.1.1.1', '45.2.2.2'], 8)
    const asked = Date.now()
    await at.bangui.kill('SIGKILL')
    await isPast(asked + 1_000)
    await at.unban('app', '45.1.1.1')
    await at.failUntilBanned('45.1.1.1')
    await isPast(asked + 8_000)
    await at.start()
    await at.isOver('45.2.2.2')
    expect(await at.banned('app')).toEqual(['45.1.1.1'])
  })

  it('comes also where its jail and fail2ban began anew meanwhile', async () => {
    await using at = await setUp()
    await at.banByHand(['45.1.1.1'], 15)
    await at.banByHand(['45.2.2.2'])
    await eventually(async () => expect(await at.inForce()).toHaveLength(2))
    await at.daemon.ask('stop', 'app')
    await eventually(async () => expect(await at.inForce()).toEqual([]))
    await at.daemon.client('reload')
    await eventually(async () => expect(await at.inForce()).toHaveLength(2))
    await at.daemon.stop()
    await at.daemon.start()
    await at.isOver('45.1.1.1')
    await eventually(async () => expect(await at.inForce()).toEqual(['45.2.2.2']))
  })
})
