import { localTime } from '@bangui/fail2ban'
import { describe, expect, it } from 'vitest'
import { createBadDay } from './bad-day.ts'
import { eventually } from './eventually.ts'

const HOUR = 3_600_000
const failedAt = (date: string, address: string) =>
  `${date} host app[1]: Failed login for root from ${address}`

describe('a jail whose log has odd dates', { concurrent: true }, () => {
  it.each([
    ['in the future', (now: number) => localTime(new Date(now + 26 * HOUR))],
    ['of another zone', (now: number) => localTime(new Date(now + 2 * HOUR))],
    ['that are none', () => 'yesterday'],
  ])('%s has its bans at the time at which they began', async (_, dateOf) => {
    // else fail2ban takes no line without a date
    const options = { datepattern: dateOf(0) === 'yesterday' ? '{NONE}' : '{DEFAULT}' }
    const failregex = '^.*Failed login for .* from <HOST>$'
    await using day = await createBadDay({ jails: [{ name: 'app', bantime: '1h', failregex, options }] })
    const { api, inForce, history, reconcile } = await day.start()
    const before = Date.now() - 2_000
    for (let attempt = 0; attempt < 3; attempt += 1)
      await day.daemon.writeLog('app', failedAt(dateOf(Date.now()), '45.1.1.1'))
    await eventually(async () => expect(await inForce()).toEqual(['45.1.1.1']))
    await reconcile()
    const [ban] = (await api.bans.list.query({})).rows
    expect(ban?.since).toBeGreaterThan(before)
    expect(ban?.since).toBeLessThan(Date.now() + 2_000)
    expect(ban?.until).toBe((ban?.since ?? 0) + HOUR)
    expect(await history()).toHaveLength(1)
    await eventually(async () =>
      expect(await api.stats.overview.query({ range: '24h' })).toMatchObject({ bans: 1, failures: 3 }),
    )
  })
})
