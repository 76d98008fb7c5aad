import { localTime } from '@bangui/fail2ban'
import { chmod, chown, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { createBadDay } from './bad-day.ts'
import { many } from './ban-api.ts'
import { eventually } from './eventually.ts'
import { hasJournald, startJournald, type OwnLogger } from './own-logger.ts'
import { withZone } from './zones.ts'

async function setUp(...settings: string[]) {
  await using started = new AsyncDisposableStack()
  const journal = started.use(await startJournald())
  const day = started.use(await createBadDay({ settings, logger: journal }))
  const stack = started.move()
  return { journal, day, [Symbol.asyncDispose]: () => stack.disposeAsync() }
}

const NOBODY = 65_534
const TWO_HOURS_MS = 2 * 60 * 60_000
const toJournal = 'logtarget = SYSTEMD-JOURNAL'
const following = { kind: 'journal', state: 'following', path: null, message: null }

const checksOfOwnLog = fileURLToPath(
  new URL('../../../packages/fail2ban/test/children/health-of-own-log.ts', import.meta.url),
)

/** Makes the journal forget all that was written until now. */
async function forget(journal: OwnLogger): Promise<void> {
  await journal.run('journalctl', '--rotate')
  await journal.run('journalctl', '--vacuum-size=1K')
}

/**
 * Writes a line with `logger`, which runs until the journal has the line: the journal looks up the name of a program when it gets to the
 * line, and finds none where the program has ended.
 */
const logAsLogger = (journal: OwnLogger): Promise<string> =>
  journal.run(
    'sh',
    '-c',
    `{ echo 'a line'; for turn in $(seq 600); do journalctl --quiet _COMM=logger | grep -q 'a line' && break; sleep 0.1; done; } | logger`,
  )

describe.runIf(hasJournald)('a fail2ban that logs to the journal', { concurrent: true }, () => {
  it('is followed: failures, the ban, who it was of, and the unban, as they happen', async () => {
    await using world = await setUp(toJournal)
    const { day } = world
    const { api, runtime, inForce, history } = await day.start()
    await eventually(() => expect(runtime()?.watching.events).toEqual(following))
    for (let attempt = 0; attempt < 3; attempt += 1) await day.daemon.logFailure('app', '45.1.1.1')
    await eventually(async () => expect(await inForce()).toEqual(['45.1.1.1']))
    // fail2ban's database can have the ban before the lines of its failures are read
    await eventually(async () =>
      expect(await api.stats.overview.query({ range: '24h' })).toMatchObject({ bans: 1, failures: 3 }),
    )
    await day.unban('app', '45.1.1.1')
    await eventually(async () => expect(await inForce()).toEqual([]))
    expect(await history()).toMatchObject([{ address: '45.1.1.1', active: false, endReason: 'unbanned' }])
  })

  it('has what the checks of the protection find in it', async () => {
    await using world = await setUp(toJournal)
    const { day, journal } = world
    const { inForce } = await day.start()
    for (let attempt = 0; attempt < 3; attempt += 1) await day.daemon.logFailure('app', '45.1.1.1')
    await eventually(async () => expect(await inForce()).toEqual(['45.1.1.1']))
    const earlier = localTime(new Date(Date.now() - TWO_HOURS_MS))
    await day.daemon.writeLog('app', `${earlier} host app[1]: Failed login for root from 45.1.1.2`)
    const { socketPath, configDir, clientProgram } = day.daemon
    const command = [process.execPath, '--conditions=@bangui/source', checksOfOwnLog]
    await logAsLogger(journal)
    await eventually(async () =>
      expect(JSON.parse(await journal.run(...command, socketPath, configDir, clientProgram))).toMatchObject({
        checks: [
          { check: 'jail-not-running', problems: [], cannotTell: [] },
          { check: 'no-date', problems: [], cannotTell: [] },
          {
            check: 'time-mismatch',
            problems: [
              {
                jail: 'app',
                evidence: expect.arrayContaining([expect.stringMatching(/Detected a log entry 2h before/)]),
              },
            ],
            cannotTell: [],
          },
        ],
        journal: {
          hasEntries: true,
          jails: [
            {
              jail: 'reader',
              alternatives: [
                { match: '_COMM=logger', isEmpty: false },
                // two values of one field are either of them
                { match: '_COMM=logger _COMM=nosuch', isEmpty: false },
                { match: '_COMM=nosuch', isEmpty: true },
              ],
              siblings: [],
            },
          ],
        },
      }),
    )
  })

  it('has failures and bans at their times where fail2ban is in another zone', async () => {
    await using journal = await startJournald()
    const failregex = '^.*Failed login for .* from <HOST>$'
    const options = { datepattern: '{NONE}' }
    await using day = await createBadDay({
      jails: [{ name: 'app', bantime: '1h', failregex, options }],
      settings: [toJournal],
      logger: journal,
      startedAs: withZone('EST5EDT,M3.2.0,M11.1.0'),
    })
    const { api, inForce, history, reconcile } = await day.start()
    const from = Date.now() - 2_000
    for (let attempt = 0; attempt < 3; attempt += 1)
      await day.daemon.writeLog('app', 'Failed login for root from 45.1.1.1')
    await eventually(async () => expect(await inForce()).toEqual(['45.1.1.1']))
    await reconcile()
    const times = await eventually(async () => {
      const found = await api.history.events.query({ types: ['failure.found'], jail: 'app', limit: 10 })
      const all = [
        ...found.flatMap(({ event }) =>
          event.type === 'failure.found' ? [event.at, event.failedAt ?? 0] : [],
        ),
        ...(await history()).map(({ at }) => at),
      ]
      expect(all).toHaveLength(7)
      return all
    })
    for (const time of times) {
      expect(time).toBeGreaterThanOrEqual(from)
      expect(time).toBeLessThanOrEqual(Date.now() + 2_000)
    }
  })

  it('is read on where it was read to, after a kill of BanGUI and a restart of fail2ban meanwhile', async () => {
    await using world = await setUp(toJournal)
    const { day, journal } = world
    const first = await day.start()
    await day.ban('app', '45.1.1.1', '45.1.1.2')
    await eventually(async () => expect(await first.inForce()).toHaveLength(2))
    await first.bangui.kill('SIGKILL')
    await day.unban('app', '45.1.1.1')
    await journal.run('journalctl', '--rotate')
    await day.ban('web', '45.1.1.3')
    await day.daemon.stop()
    await day.startDaemon()
    const { api, runtime, inForce, history } = await day.start()
    await eventually(async () => expect((await inForce()).toSorted()).toEqual(['45.1.1.2', '45.1.1.3']))
    await eventually(() => expect(runtime()?.watching.events).toEqual(following))
    expect((await history()).map(({ address, active }) => [address, active])).toEqual([
      ['45.1.1.3', true],
      ['45.1.1.2', true],
      ['45.1.1.1', false],
    ])
    // nothing that was told before the kill is told again
    const told = await api.history.events.query({ types: ['jail.changed'], jail: 'app', limit: 500 })
    const starts = told.filter(({ event }) => event.type === 'jail.changed' && event.change === 'started')
    expect(starts).toHaveLength(2)
  })

  it('and restarts with many bans ends none of them, and begins none', async () => {
    await using world = await setUp(toJournal)
    const { day } = world
    const { api, reconcile } = await day.start()
    const total = async () => (await api.bans.list.query({})).total
    const told: string[] = []
    const subscription = api.events.watch.subscribe(undefined, {
      onData: ({ data }) => told.push(data.type),
    })
    await day.ban('app', ...many(300))
    // fail2ban's database can have a ban before its line is read
    await eventually(() => expect(told.filter((type) => type === 'ban.added')).toHaveLength(300))
    told.length = 0
    await day.daemon.stop()
    await day.startDaemon()
    await eventually(async () => expect((await api.server.probe.mutate()).currentlyBanned).toBe(300))
    await eventually(() => expect(told.filter((type) => type === 'daemon.changed').length).toBeGreaterThan(1))
    await eventually(async () => expect(await total()).toBe(300))
    await reconcile()
    subscription.unsubscribe()
    expect(told.filter((type) => type.startsWith('ban.'))).toEqual([])
    expect(await total()).toBe(300)
  })

  it('and whose journal has dropped the place loses nothing that is still there', async () => {
    await using world = await setUp(toJournal, 'dbfile = None')
    const { day, journal } = world
    const first = await day.start()
    await day.ban('app', '45.1.1.1')
    await eventually(async () => expect(await first.inForce()).toEqual(['45.1.1.1']))
    await first.bangui.kill('SIGTERM')
    await forget(journal)
    await day.ban('app', '45.1.1.2')
    await day.ban('app', '45.1.1.3')
    const { api, inForce, history } = await day.start()
    const told: string[] = []
    const subscription = api.events.watch.subscribe(
      { lastEventId: '0' },
      {
        onData: ({ data }) => 'address' in data && data.type === 'ban.added' && told.push(data.address),
      },
    )
    await eventually(async () => expect(await inForce()).toHaveLength(3))
    await eventually(() => expect(told).toEqual(['45.1.1.1', '45.1.1.2', '45.1.1.3']))
    subscription.unsubscribe()
    expect(await history()).toHaveLength(3)
  })

  it('and whose journal is rotated and emptied under the reader is followed on', async () => {
    await using world = await setUp(toJournal)
    const { day, journal } = world
    const { runtime, inForce, history } = await day.start()
    await day.ban('app', '45.1.1.1')
    await eventually(async () => expect(await inForce()).toHaveLength(1))
    await journal.run('journalctl', '--flush')
    await day.ban('app', '45.1.1.2')
    await eventually(async () => expect(await inForce()).toHaveLength(2))
    await forget(journal)
    await day.ban('app', '45.1.1.3')
    await eventually(async () => expect(await inForce()).toHaveLength(3))
    expect(runtime()?.watching.events).toEqual(following)
    expect(await history()).toHaveLength(3)
  })

  it('by way of syslog is followed as well, and others who write there are not believed', async () => {
    await using world = await setUp('logtarget = SYSLOG')
    const { day, journal } = world
    const { runtime, inForce, history } = await day.start()
    await eventually(() => expect(runtime()?.watching.events).toEqual(following))
    await journal.run('logger', '-t', 'fail2ban.actions', 'NOTICE [app] Ban 45.6.6.6')
    await journal.run('logger', '-t', 'fail2ban.actions[1]', 'NOTICE [app] Ban 45.6.6.7')
    await day.ban('app', '45.1.1.1')
    await eventually(async () => expect(await inForce()).toEqual(['45.1.1.1']))
    expect(await history()).toHaveLength(1)
  })

  it('that BanGUI may not read is reported, with the group that may', async () => {
    await using world = await setUp(toJournal)
    const { folder, socketPath } = world.day.daemon
    await chmod(folder, 0o711)
    await chmod(socketPath, 0o666)
    await mkdir(join(folder, 'bangui'), { mode: 0o700 })
    await chown(join(folder, 'bangui'), NOBODY, NOBODY)
    const { runtime, inForce, reconcile } = await world.day.start({ uid: NOBODY })
    await eventually(() =>
      expect(runtime()?.watching.events).toMatchObject({
        kind: 'journal',
        state: 'unreadable',
        message: expect.stringMatching(/insufficient permissions.*group systemd-journal/),
      }),
    )
    await world.day.ban('app', '45.1.1.1')
    await eventually(async () => {
      await reconcile()
      expect(await inForce()).toEqual(['45.1.1.1'])
    })
  })
})
