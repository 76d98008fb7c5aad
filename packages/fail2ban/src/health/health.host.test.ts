import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { HealthCheckId } from '@bangui/shared'
import { describe, expect, it, vi } from 'vitest'
import { problemsIn, runHealth } from '../../test/health-run.ts'
import { createTestHost } from '../../test/with-host.ts'
import { localTime } from '../local-time.ts'
import { findFail2banVersions } from '../testing.ts'

const jails = [
  { name: 'app' },
  { name: 'web' },
  { name: 'mail', options: { action: 'block' } },
  { name: 'late', enabled: false },
]

const brokenAction =
  '[Definition]\nactionstart =\nactionstop =\nactioncheck =\nactionban = /nosuch/iptables -I <ip>\nactionunban =\n'

/**
 * The actions of these daemons do nothing on purpose, other tests have daemons of their own, and the rest is about the machine on which the
 * tests run.
 */
const expected = ['binary-missing', 'blocks-nothing', 'two-daemons', 'dead-at-boot', 'clock-off']
const reportedIn = (results: Awaited<ReturnType<typeof runHealth>>) =>
  problemsIn(results).filter((problem) => !expected.includes(problem.split(':', 1)[0] ?? ''))

describe.each(findFail2banVersions())('on fail2ban $version', ({ binDir }) => {
  it('the checks find nothing on a daemon that works, and each failure that is made on it', async () => {
    await using at = await createTestHost({ jails, ...(binDir && { binDir }) })
    const { daemon, host } = at
    await writeFile(join(daemon.configDir, 'action.d', 'block.conf'), brokenAction)
    await daemon.start()
    const healthy = await runHealth(host)
    expect(reportedIn(healthy)).toEqual([])
    expect([...healthy.values()].every(({ settling }) => settling)).toBe(true)

    for (const address of ['203.0.113.1', '203.0.113.1', '203.0.113.1'])
      await daemon.logFailure('mail', address)
    await rm(join(daemon.folder, 'logs', 'web.log'))
    await writeFile(
      join(daemon.configDir, 'jail.d', 'z.local'),
      '[late]\nenabled = true\n[app]\nbantime = 3h\n',
    )
    await writeFile(join(daemon.configDir, 'fail2ban.local'), '[Definition]\ndbfile = /nosuch/x.sqlite3\n')
    await daemon.ask('set', 'app', 'findtime', '0')
    await daemon.ask('set', 'app', 'prefregex', '^<F-CONTENT>.+</F-CONTENT>$')
    await daemon.ask('set', 'app', 'maxlines', '5')
    await daemon.ask('set', 'app', 'bantime.increment', 'true')
    await daemon.ask('set', 'app', 'addignoreregex', '^.*harmless .* <HOST>$')
    await daemon.ask('set', 'loglevel', 'NOTICE')
    await vi.waitFor(
      async () => {
        const results = await runHealth(host)
        expect(reportedIn(results)).toEqual([
          'jail-missing: late is enabled but not loaded',
          'reload-that-kills: A reload would remove every jail because of dbfile',
          'drift: app: the files differ from the running configuration (findtime, bantime, ignoreregex, prefregex, maxlines, bantime.increment)',
          expect.stringMatching(
            /^log-missing-at-start: The next start of fail2ban will fail because web has no log file$/,
          ),
          `log-gone: web: the log ${join(daemon.folder, 'logs', 'web.log')} has disappeared`,
          'loglevel-low: fail2ban logs only at level NOTICE',
          'findtime-zero: app: findtime is 0, so no failures count',
          'purge-too-short: fail2ban forgets repeat offenders too early',
          'action-fails: mail: the action block fails: a program is not installed',
        ])
        expect(results.get('action-fails')?.problems[0]?.evidence.join('\n')).toContain('/nosuch/iptables')
      },
      { timeout: 20_000, interval: 200 },
    )
  })

  it('the checks read the settings of a daemon, and what it logs about lines without a date, odd times and an ignore command', async () => {
    const options = { ignorecommand: '/nosuch/ignore <ip>' }
    await using at = await createTestHost({
      jails: [
        { name: 'undated' },
        { name: 'late' },
        { name: 'asks', options },
        { name: 'world', options: { ignoreip: '0.0.0.0/0 203.0.0.0/9' } },
        { name: 'short', bantime: 5, options: { usedns: 'yes' } },
      ],
      ...(binDir && { binDir }),
    })
    const { daemon, host } = at
    await daemon.start()
    const twoHoursAgo = localTime(new Date(Date.now() - 2 * 3_600_000))
    await daemon.logFailure('late', '203.0.113.3')
    await vi.waitFor(
      async () => {
        const log = await readFile(daemon.logfile, 'utf8')
        expect(log).toContain('Found 203.0.113.3')
      },
      { timeout: 10_000 },
    )
    await daemon.writeLog('undated', 'app[1]: Failed login for x from 203.0.113.2')
    await daemon.writeLog('late', `${twoHoursAgo} host app[1]: Failed login for x from 203.0.113.4`)
    await daemon.logFailure('asks', '203.0.113.5')
    const checks: HealthCheckId[] = [
      'no-date',
      'time-mismatch',
      'ignorecommand-fails',
      'world-ignored',
      'bantime-zero',
      'usedns',
    ]
    await vi.waitFor(
      async () =>
        expect(problemsIn(await runHealth(host, checks))).toEqual([
          'no-date: undated: failures have no date that fail2ban can read',
          'time-mismatch: late: the times in the log differ from the clock',
          'bantime-zero: short: bans last only 5 s',
          'world-ignored: world: the ignore list contains the large network 203.0.0.0/9',
          'world-ignored: world: the ignore list covers almost everyone (0.0.0.0/0)',
          'ignorecommand-fails: asks: the ignore command fails',
          'usedns: short looks up host names',
        ]),
      { timeout: 10_000, interval: 200 },
    )
  })

  it('the checks find what a start leaves that failed half-way', async () => {
    await using at = await createTestHost({ jails, ...(binDir && { binDir }) })
    const { daemon, host } = at
    await writeFile(join(daemon.configDir, 'action.d', 'block.conf'), brokenAction)
    await rm(join(daemon.folder, 'logs', 'web.log'))
    await mkdir(join(daemon.folder, 'logs', 'web.log'))
    await daemon.start().catch(() => undefined)
    const results = problemsIn(await runHealth(host, ['daemon-no-jails', 'jail-not-running', 'log-gone']))
    expect(results).toContain('jail-not-running: app is listed but not running')
    expect(results).toContain('jail-not-running: web is listed but not running')
    await daemon.kill('SIGKILL')
    expect(problemsIn(await runHealth(host, ['stale-socket', 'jail-not-running']))).toEqual([
      'stale-socket: fail2ban is not running; only its socket is left',
    ])
  })
})
