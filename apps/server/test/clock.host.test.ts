import { readFile } from 'node:fs/promises'
import { describe, expect, it, vi } from 'vitest'
import { createBadDay } from './bad-day.ts'
import { eventually } from './eventually.ts'
import { createOwnClock } from './own-clock.ts'

type BadDay = Awaited<ReturnType<typeof createBadDay>>

/** Waits until fail2ban's log has a line that begins so. */
const untilLogged = ({ daemon }: BadDay, start: string) =>
  vi.waitFor(async () => expect(`\n${await readFile(daemon.logfile, 'utf8')}`).toContain(`\n${start}`), {
    timeout: 60_000,
    interval: 250,
  })

const jails = [{ name: 'app', bantime: '1h' }]

describe('a fail2ban in a zone', { concurrent: true, timeout: 180_000 }, () => {
  it.each([
    ['gets an hour twice', '2026-10-25T00:59:45Z', ['2026-10-25 02:59:', '2026-10-25 02:00:']],
    ['loses an hour', '2026-03-29T00:59:45Z', ['2026-03-29 01:59:', '2026-03-29 03:00:']],
  ])(
    'that %s has its bans at the right moments, for as long as they last',
    async (_, start, [before = '', after = '']) => {
      await using clock = await createOwnClock(Date.parse(start), 'Europe/Berlin')
      await using day = await createBadDay({ jails, environment: clock.environment })
      const { api, inForce, history, reconcile } = await day.start()
      const began = clock.now()
      await day.ban('app', '45.1.1.1')
      await untilLogged(day, before)
      await eventually(async () => expect(await inForce()).toEqual(['45.1.1.1']))
      await vi.waitFor(() => expect(clock.now()).toBeGreaterThan(Date.parse(start) + 17_000), {
        timeout: 30_000,
      })
      const between = clock.now()
      await day.ban('app', '45.1.1.2')
      await untilLogged(day, after)
      await eventually(async () => expect(await inForce()).toHaveLength(2))
      await reconcile()
      const { rows } = await api.bans.list.query({ sort: '-since' })
      expect(rows.map(({ address }) => address)).toEqual(['45.1.1.2', '45.1.1.1'])
      for (const { since, until } of rows) expect(until).toBe(since + 3_600_000)
      const [second, first] = rows
      expect(first?.since).toBeGreaterThanOrEqual(began - 2_000)
      expect(first?.since).toBeLessThan(between)
      expect(second?.since).toBeGreaterThanOrEqual(between - 2_000)
      expect(second?.since).toBeLessThanOrEqual(clock.now() + 2_000)
      await day.unban('app', '45.1.1.1')
      await eventually(async () => expect(await inForce()).toEqual(['45.1.1.2']))
      expect((await history()).map(({ address, active }) => [address, active])).toEqual([
        ['45.1.1.2', true],
        ['45.1.1.1', false],
      ])
    },
  )

  it.each([
    ['back', -3_600_000],
    ['forward', 1_800_000],
  ])('whose clock is set %s by an hour or less loses no ban and doubles none', async (_, change) => {
    await using clock = await createOwnClock(Date.now(), 'Europe/Berlin')
    await using day = await createBadDay({ jails, environment: clock.environment })
    const { api, inForce, history, reconcile } = await day.start()
    await day.ban('app', '45.1.1.1')
    await eventually(async () => expect(await inForce()).toEqual(['45.1.1.1']))
    await clock.set(clock.now() + change)
    await day.ban('app', '45.1.1.2')
    await eventually(async () => expect((await inForce()).toSorted()).toEqual(['45.1.1.1', '45.1.1.2']))
    await day.unban('app', '45.1.1.1')
    await eventually(async () => expect(await inForce()).toEqual(['45.1.1.2']))
    await reconcile()
    expect(await inForce()).toEqual(['45.1.1.2'])
    expect(await history()).toHaveLength(2)
    expect((await api.bans.list.query({})).rows).toMatchObject([{ address: '45.1.1.2', duration: 3_600 }])
  })
})
