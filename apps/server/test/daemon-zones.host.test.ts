import { describe, expect, it } from 'vitest'
import { createBadDay } from './bad-day.ts'
import { eventually } from './eventually.ts'

const zonesFolder = '/usr/share/zoneinfo'
const jails = [{ name: 'sshd', bantime: '1h' }]
/** A ban's time is in whole seconds. */
const TOLERANCE = 2_000

type Wrap = (command: readonly string[]) => readonly string[]

const withZone =
  (zone: string): Wrap =>
  (command) => ['/usr/bin/env', `TZ=${zone}`, ...command]

/** As in a container whose `/etc/localtime` is mounted: only this daemon sees it. */
const withMountedZone =
  (zone: string): Wrap =>
  (command) => [
    'unshare',
    '--mount',
    'sh',
    '-c',
    `mount --bind ${zonesFolder}/${zone} /etc/localtime && exec "$@"`,
    'sh',
    ...command,
  ]

const canMount = process.getuid?.() === 0

const zones: readonly (readonly [string, Wrap])[] = [
  ['of a name', withZone('America/Los_Angeles')],
  ['of a rule', withZone('EST5EDT,M3.2.0,M11.1.0')],
  ['of a rule with quarters of an hour', withZone('<+0545>-5:45')],
  ['of a path', withZone(`${zonesFolder}/Asia/Kolkata`)],
  ['of a name after a colon', withZone(':Asia/Kolkata')],
  ['of a name in another case, which is UTC to the C library', withZone('asia/kolkata')],
  ...(canMount ? [['that is mounted', withMountedZone('Asia/Kolkata')] as const] : []),
]

/** Follows when things were done, for comparing with what BanGUI says of them. */
function createRecord() {
  const times = new Map<string, readonly [from: number, to: number]>()
  return {
    async note(address: string, work: () => Promise<unknown>) {
      const from = Date.now() - TOLERANCE
      await work()
      times.set(address, [from, Date.now() + TOLERANCE])
    },
    /** Each ban once, and at its time. */
    check(rows: readonly { readonly address: string; readonly at: number }[]) {
      expect(rows.map(({ address }) => address).toSorted()).toEqual([...times.keys()].toSorted())
      for (const { address, at } of rows) {
        const [from, to] = times.get(address) ?? []
        expect(at, address).toBeGreaterThan(from ?? Infinity)
        expect(at, address).toBeLessThan(to ?? 0)
      }
    },
  }
}

type BadDay = Awaited<ReturnType<typeof createBadDay>>

const banIn = (day: BadDay, record: ReturnType<typeof createRecord>, address: string) =>
  record.note(address, async () => {
    await day.ban('sshd', address)
    // a name in the log, and a row in the database
    await eventually(async () => expect(await day.banned('sshd')).toContain(address))
  })

const starts = [
  ['that BanGUI sees', false],
  ...(canMount ? [['in a container of its own', true] as const] : []),
] as const

describe('a fail2ban in another zone than BanGUI', { concurrent: true, timeout: 120_000 }, () => {
  it.each(zones)('%s has a ban once, at its time', async (_, startedAs) => {
    await using day = await createBadDay({ jails, startedAs })
    const record = createRecord()
    const { api, bangui, inForce, history, reconcile } = await day.start()
    await banIn(day, record, '45.9.0.1')
    await banIn(day, record, '45.9.0.2')
    await eventually(async () => expect((await inForce()).toSorted()).toEqual(['45.9.0.1', '45.9.0.2']))
    await reconcile()
    record.check(await history())
    expect(await api.stats.overview.query({ range: '24h' })).toMatchObject({ bans: 2 })
    await bangui.kill('SIGTERM')
    const again = await day.start()
    await again.reconcile()
    expect((await again.inForce()).toSorted()).toEqual(['45.9.0.1', '45.9.0.2'])
    record.check(await again.history())
    expect(await again.api.stats.overview.query({ range: '24h' })).toMatchObject({ bans: 2 })
  })
})

describe('a fail2ban', { concurrent: true, timeout: 120_000 }, () => {
  it.each(starts)(
    '%s, in another zone, has its bans at their times also where BanGUI comes later',
    async (_, isApart) => {
      await using day = await createBadDay({ jails, startedAs: withZone('Pacific/Auckland') })
      const record = createRecord()
      await banIn(day, record, '45.9.0.1')
      const { inForce, history, reconcile, bangui } = await day.start({ isApart })
      await banIn(day, record, '45.9.0.2')
      await eventually(async () => expect(await inForce()).toHaveLength(2))
      await reconcile()
      record.check(await history())
      await bangui.kill('SIGKILL')
      await banIn(day, record, '45.9.0.3')
      const again = await day.start({ isApart })
      await banIn(day, record, '45.9.0.4')
      await eventually(async () => expect(await again.inForce()).toHaveLength(4))
      await again.reconcile()
      record.check(await again.history())
    },
  )

  it.each(starts)(
    '%s, that starts in another zone each time, has its bans at their times',
    async (_, isApart) => {
      await using day = await createBadDay({ jails, startedAs: withZone('Asia/Kolkata') })
      const record = createRecord()
      const { inForce, bangui } = await day.start({ isApart })
      await banIn(day, record, '45.9.0.1')
      await eventually(async () => expect(await inForce()).toHaveLength(1))
      await day.daemon.stop()
      await day.startDaemon(withZone('America/St_Johns'))
      await banIn(day, record, '45.9.0.2')
      await eventually(async () => expect(await inForce()).toHaveLength(2))
      await bangui.kill('SIGKILL')
      await day.daemon.stop()
      await day.startDaemon(withZone('Pacific/Auckland'))
      await banIn(day, record, '45.9.0.3')
      const again = await day.start({ isApart })
      await eventually(async () => expect(await again.inForce()).toHaveLength(3))
      await again.reconcile()
      record.check(await again.history())
      await eventually(() =>
        expect(again.runtime()?.watching.events).toMatchObject({ state: 'following', message: null }),
      )
    },
  )

  it.each(starts)(
    '%s, that was in other zones before BanGUI came, has its bans at their times',
    async (_, isApart) => {
      await using day = await createBadDay({ jails, startedAs: withZone('Asia/Kolkata') })
      const record = createRecord()
      await banIn(day, record, '45.9.0.1')
      await day.daemon.stop()
      await day.startDaemon(withZone('America/St_Johns'))
      await banIn(day, record, '45.9.0.2')
      await day.daemon.stop()
      await day.startDaemon(withZone('Pacific/Auckland'))
      await banIn(day, record, '45.9.0.3')
      const { inForce, history, reconcile, api } = await day.start({ isApart })
      await eventually(async () => expect(await inForce()).toHaveLength(3))
      await reconcile()
      record.check(await history())
      expect(await api.stats.overview.query({ range: '24h' })).toMatchObject({ bans: 3 })
    },
  )
})
