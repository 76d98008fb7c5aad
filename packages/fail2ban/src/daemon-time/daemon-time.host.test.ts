import type { HostEvent } from '@bangui/shared'
import { describe, expect, it, vi } from 'vitest'
import { createTestHost, type TestHost } from '../../test/with-host.ts'
import { runTool } from '../host/run-tool.ts'
import { findFail2banVersions } from '../testing.ts'

const zonesFolder = '/usr/share/zoneinfo'
/** fail2ban's times are in whole seconds. */
const TOLERANCE = 2_000

/** As in a container whose `/etc/localtime` is mounted: only what is started so sees it. */
const mounted = (zone: string) => [
  'unshare',
  '--mount',
  'sh',
  '-c',
  `mount --bind ${zonesFolder}/${zone} /etc/localtime && exec "$@"`,
  'sh',
]

/** What a zone is called makes no difference to fail2ban: these stand for all with each of its versions. */
const someZones: readonly (readonly [string, readonly string[]])[] = [
  ['a rule', ['env', 'TZ=EST5EDT,M3.2.0,M11.1.0']],
  ...(process.getuid?.() === 0 ? [['a mounted file', mounted('Asia/Kolkata')] as const] : []),
]

const zones: typeof someZones = [
  ...someZones,
  ['a name', ['env', 'TZ=America/Los_Angeles']],
  ['a name after a colon', ['env', 'TZ=:Asia/Kolkata']],
  ['a name in another case, which is UTC to the C library', ['env', 'TZ=asia/kolkata']],
  ['a name of half an hour', ['env', 'TZ=Australia/Lord_Howe']],
  ['a name of three quarters of an hour', ['env', 'TZ=Pacific/Chatham']],
  ['a path', ['env', `TZ=${zonesFolder}/Asia/Kolkata`]],
  ['a rule of quarters of an hour', ['env', 'TZ=<+0545>-5:45']],
  ['a rule of minutes', ['env', 'TZ=<+0007>-0:07']],
  ['an empty name', ['env', 'TZ=']],
]

interface Started extends AsyncDisposable {
  readonly events: readonly HostEvent[]
  /** Runs a command as fail2ban runs, and gives what it writes. */
  run(...command: readonly string[]): Promise<string>
}

async function startIn({ daemon, host }: TestHost, before: readonly string[]): Promise<Started> {
  const run = async (...command: readonly string[]) => {
    const { ok, output } = await runTool([...before, ...command], { deadline: 30_000 })
    expect(ok, output).toBe(true)
    return output.trim()
  }
  await run(...daemon.startCommand)
  const aborter = new AbortController()
  const events: HostEvent[] = []
  const watch = async () => {
    for await (const batch of host.events.follow({ position: null, signal: aborter.signal }))
      events.push(...batch.events)
  }
  const watching = watch()
  return {
    events,
    run,
    async [Symbol.asyncDispose]() {
      aborter.abort()
      await watching
    },
  }
}

describe.each(findFail2banVersions())('fail2ban $version', (programs) => {
  it.each(programs.binDir === undefined ? zones : someZones)(
    'in the zone of %s is told and listed at the times at which things happened',
    async (_, before) => {
      await using at = await createTestHost({ jails: [{ name: 'app' }, { name: 'web' }], ...programs })
      const from = Date.now() - TOLERANCE
      await using started = await startIn(at, before)
      await at.daemon.ask('set', 'app', 'banip', '203.0.113.1')
      for (let failure = 0; failure < 3; failure++) {
        const time = await started.run('date', '+%Y-%m-%d %H:%M:%S')
        await at.daemon.writeLog('web', `${time} host app[1]: Failed login for root from 203.0.113.2`)
      }
      await vi.waitFor(
        () => expect(started.events.filter(({ type }) => type === 'ban')).toHaveLength(2),
        30_000,
      )
      const lists = await Promise.all(['app', 'web'].map((jail) => at.host.bans.list(jail)))
      const to = Date.now() + TOLERANCE
      const times = [
        ...started.events.flatMap((event) => ('failedAt' in event ? [event.at, event.failedAt] : [event.at])),
        ...lists.flat().flatMap(({ bannedAt, until }) => [bannedAt, (until ?? 0) - 600_000]),
      ]
      expect(lists.map((list) => list.length)).toEqual([1, 1])
      expect(times.length).toBeGreaterThan(10)
      for (const time of times) {
        expect(time).toBeGreaterThanOrEqual(from)
        expect(time).toBeLessThanOrEqual(to)
      }
    },
  )
})
