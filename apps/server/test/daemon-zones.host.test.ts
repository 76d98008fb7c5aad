import { describe, expect, it } from 'vitest'
import { createBadDay } from './bad-day.ts'
import { createBanRecord } from './ban-record.ts'
import { eventually } from './eventually.ts'
import { canIsolate, withMountedZone, withZone, type StartedAs } from './zones.ts'

const jails = [{ name: 'sshd', bantime: '1h' }]
const zones: readonly (readonly [string, StartedAs])[] = [
  ['of a rule', withZone('EST5EDT,M3.2.0,M11.1.0')],
  ...(canIsolate ? [['that is mounted', withMountedZone('Asia/Kolkata')] as const] : []),
]

const starts = [
  ['that BanGUI sees', false],
  ...(canIsolate ? [['in a container of its own', true] as const] : []),
] as const

describe('a fail2ban in another zone than BanGUI', { concurrent: true }, () => {
  it.each(zones)('%s has a ban once, at its time', async (_, startedAs) => {
    await using day = await createBadDay({ jails, startedAs })
    const record = createBanRecord(day)
    const { api, bangui, inForce, history, reconcile } = await day.start()
    await record.ban('sshd', '45.9.0.1')
    await record.ban('sshd', '45.9.0.2')
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

describe('a fail2ban', { concurrent: true }, () => {
  it.each(starts)(
    '%s, in another zone, has its bans at their times also where BanGUI comes later',
    async (_, isApart) => {
      await using day = await createBadDay({ jails, startedAs: withZone('Pacific/Auckland') })
      const record = createBanRecord(day)
      await record.ban('sshd', '45.9.0.1')
      const { inForce, history, reconcile, bangui } = await day.start({ isApart })
      await record.ban('sshd', '45.9.0.2')
      await eventually(async () => expect(await inForce()).toHaveLength(2))
      await reconcile()
      record.check(await history())
      await bangui.kill('SIGKILL')
      await record.ban('sshd', '45.9.0.3')
      const again = await day.start({ isApart })
      await record.ban('sshd', '45.9.0.4')
      await eventually(async () => expect(await again.inForce()).toHaveLength(4))
      await again.reconcile()
      record.check(await again.history())
    },
  )

  it.each(starts)(
    '%s, that starts in another zone each time, has its bans at their times',
    async (_, isApart) => {
      await using day = await createBadDay({ jails, startedAs: withZone('Asia/Kolkata') })
      const record = createBanRecord(day)
      const { inForce, bangui } = await day.start({ isApart })
      await record.ban('sshd', '45.9.0.1')
      await eventually(async () => expect(await inForce()).toHaveLength(1))
      await day.daemon.stop()
      await day.startDaemon(withZone('America/St_Johns'))
      await record.ban('sshd', '45.9.0.2')
      await eventually(async () => expect(await inForce()).toHaveLength(2))
      await bangui.kill('SIGKILL')
      await day.daemon.stop()
      await day.startDaemon(withZone('Pacific/Auckland'))
      await record.ban('sshd', '45.9.0.3')
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
      const record = createBanRecord(day)
      await record.ban('sshd', '45.9.0.1')
      await day.daemon.stop()
      await day.startDaemon(withZone('America/St_Johns'))
      await record.ban('sshd', '45.9.0.2')
      await day.daemon.stop()
      await day.startDaemon(withZone('Pacific/Auckland'))
      await record.ban('sshd', '45.9.0.3')
      const { inForce, history, reconcile, api } = await day.start({ isApart })
      await eventually(async () => expect(await inForce()).toHaveLength(3))
      await reconcile()
      record.check(await history())
      expect(await api.stats.overview.query({ range: '24h' })).toMatchObject({ bans: 3 })
    },
  )
})
