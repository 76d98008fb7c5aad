import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { createBadDay } from './bad-day.ts'
import { createBanRecord } from './ban-record.ts'
import { eventually } from './eventually.ts'
import { createOwnClock, type OwnClock } from './own-clock.ts'
import { canIsolate, withZone } from './zones.ts'

const HOUR = 3_600_000
const zone = 'Europe/Berlin'
const jails = [{ name: 'app', bantime: '3h' }]

/** Waits until a clock shows a time by itself. */
async function untilItIs(clock: OwnClock, time: string): Promise<void> {
  for (;;) {
    const left = Date.parse(time) - clock.now()
    if (left <= 0) return
    await sleep(left)
  }
}

const changes = [
  { change: 'gets an hour twice', before: '2026-10-25T00:59:50Z', after: '2026-10-25T01:00:05Z' },
  { change: 'loses an hour', before: '2026-03-29T00:59:50Z', after: '2026-03-29T01:00:05Z' },
]

const places = [
  { place: 'in UTC', isApart: false },
  ...(canIsolate ? [{ place: 'in UTC, in a container of its own', isApart: true }] : []),
]

describe('a fail2ban whose zone', { concurrent: true }, () => {
  it.each(changes.flatMap((change) => places.map((place) => ({ ...change, ...place }))))(
    '$change has its bans at their times, with BanGUI $place',
    async ({ before, after, isApart }) => {
      await using clock = await createOwnClock(Date.parse(before))
      const both = { ...clock.environment, TZ: 'UTC' }
      // shorter than any zone is away: nothing but its time makes one ban of a line and its record
      const short = [{ name: 'app', bantime: '30m' }]
      await using day = await createBadDay({ jails: short, environment: both, startedAs: withZone(zone) })
      const record = createBanRecord(day, clock.now)
      const { api, inForce, history, reconcile } = await day.start({ isApart })
      await clock.set(Date.parse(before))
      await record.ban('app', '45.1.1.1')
      await eventually(async () => expect(await inForce()).toHaveLength(1))
      await untilItIs(clock, after)
      await record.ban('app', '45.1.1.2')
      await eventually(async () => expect(await inForce()).toHaveLength(2))
      await reconcile()
      record.check(await history())
      for (const { since, until } of (await api.bans.list.query({})).rows)
        expect(until).toBe(since + HOUR / 2)
      await day.unban('app', '45.1.1.1')
      await eventually(async () => expect(await inForce()).toEqual(['45.1.1.2']))
      expect((await history()).map(({ address, active }) => [address, active])).toEqual([
        ['45.1.1.2', true],
        ['45.1.1.1', false],
      ])
    },
  )

  it.each(places)(
    'was changed while nobody looked has its bans at their times, with a later BanGUI $place',
    async ({ isApart }) => {
      await using clock = await createOwnClock(Date.parse('2026-10-25T00:20:00Z'))
      const both = { ...clock.environment, TZ: 'UTC' }
      await using day = await createBadDay({ jails, environment: both, startedAs: withZone(zone) })
      const record = createBanRecord(day, clock.now)
      // 02:30 in summer, twice 02:40 in winter, and 03:10
      for (const [time, address] of [
        ['2026-10-25T00:30:00Z', '45.1.1.1'],
        ['2026-10-25T01:40:00Z', '45.1.1.2'],
        ['2026-10-25T01:40:02Z', '45.1.1.3'],
        ['2026-10-25T02:10:00Z', '45.1.1.4'],
      ] as const) {
        await clock.set(Date.parse(time))
        await record.ban('app', address)
      }
      const { inForce, history, reconcile } = await day.start({ isApart })
      await eventually(async () => expect(await inForce()).toHaveLength(4))
      await reconcile()
      record.check(await history())
      await record.ban('app', '45.1.1.5')
      await eventually(async () => expect(await inForce()).toHaveLength(5))
      record.check(await history())
    },
  )
})

describe('a fail2ban whose clock', { concurrent: true }, () => {
  it.each([
    ['back by an hour', -HOUR],
    ['back by a quarter of an hour', -HOUR / 4],
    ['forward by half an hour', HOUR / 2],
    ['forward by a day', 24 * HOUR],
  ])('is set %s loses no ban and doubles none', async (_, change) => {
    await using clock = await createOwnClock(Date.now())
    const both = { ...clock.environment, TZ: 'America/St_Johns' }
    const options = { jails: [{ name: 'app', bantime: '3d' }], environment: both }
    await using day = await createBadDay({ ...options, startedAs: withZone(zone) })
    const record = createBanRecord(day, clock.now)
    const { inForce, history, reconcile, bangui } = await day.start()
    await record.ban('app', '45.1.1.1')
    await record.ban('app', '45.1.1.2')
    await eventually(async () => expect(await inForce()).toHaveLength(2))
    await clock.set(clock.now() + change)
    await record.ban('app', '45.1.1.3')
    await eventually(async () => expect(await inForce()).toHaveLength(3))
    await day.unban('app', '45.1.1.1')
    await eventually(async () => expect((await inForce()).toSorted()).toEqual(['45.1.1.2', '45.1.1.3']))
    await reconcile()
    expect((await inForce()).toSorted()).toEqual(['45.1.1.2', '45.1.1.3'])
    record.check(await history())
    await bangui.kill('SIGTERM')
    const again = await day.start()
    await again.reconcile()
    expect((await again.inForce()).toSorted()).toEqual(['45.1.1.2', '45.1.1.3'])
    record.check(await again.history())
  })
})
