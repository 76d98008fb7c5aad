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

describe('a fail2ban in another zone than BanGUI', { concurrent: true, timeout: 120_000 }, () => {
  it.each(zones)('%s has a ban once, at its time', async (_, startedAs) => {
    await using day = await createBadDay({ jails, startedAs })
    const { api, bangui, inForce, history, reconcile } = await day.start()
    const before = Date.now() - TOLERANCE
    await day.ban('sshd', '45.9.0.1', '45.9.0.2')
    await eventually(async () => expect((await inForce()).toSorted()).toEqual(['45.9.0.1', '45.9.0.2']))
    const after = Date.now() + TOLERANCE
    await reconcile()
    const check = async (rows: readonly { at: number }[]) => {
      expect(rows).toHaveLength(2)
      for (const { at } of rows) {
        expect(at).toBeGreaterThan(before)
        expect(at).toBeLessThan(after)
      }
    }
    await check(await history())
    expect(await api.stats.overview.query({ range: '24h' })).toMatchObject({ bans: 2 })
    await bangui.kill('SIGTERM')
    const again = await day.start()
    await again.reconcile()
    expect((await again.inForce()).toSorted()).toEqual(['45.9.0.1', '45.9.0.2'])
    await check(await again.history())
    expect(await again.api.stats.overview.query({ range: '24h' })).toMatchObject({ bans: 2 })
  })
})
