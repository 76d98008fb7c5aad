import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { problemsIn, runHealth } from '../../test/health-run.ts'
import { createTestHost } from '../../test/with-host.ts'
import { findFail2banVersions } from '../testing.ts'

const jails = [
  { name: 'app' },
  { name: 'web' },
  { name: 'mail', options: { action: 'block' } },
  { name: 'late', enabled: false },
]

const brokenAction =
  '[Definition]\nactionstart =\nactionstop =\nactioncheck =\nactionban = /nosuch/iptables -I <ip>\nactionunban =\n'

/** The actions of these daemons do nothing on purpose, and other tests have daemons of their own. */
const expected = ['binary-missing', 'blocks-nothing', 'two-daemons']
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
    await daemon.client('set', 'app', 'findtime', '0')
    await daemon.client('set', 'loglevel', 'NOTICE')
    await vi.waitFor(
      async () => {
        const results = await runHealth(host)
        expect(reportedIn(results)).toEqual([
          'jail-missing: late is switched on, but not loaded',
          'reload-that-kills: A reload would switch off every jail because of dbfile',
          'drift: app: the files differ from what runs (findtime, bantime)',
          expect.stringMatching(
            /^log-missing-at-start: fail2ban will not start again, because web has no log file$/,
          ),
          `log-gone: web: the log ${join(daemon.folder, 'logs', 'web.log')} has disappeared`,
          'loglevel-low: fail2ban logs at level NOTICE only',
          'findtime-zero: app: findtime is 0, so no failure counts',
          'action-fails: mail: the action block fails: a program is not installed',
        ])
        expect(results.get('action-fails')?.problems[0]?.evidence.join('\n')).toContain('/nosuch/iptables')
      },
      { timeout: 20_000, interval: 200 },
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
    expect(results).toContain('jail-not-running: app is listed, but does not run')
    expect(results).toContain('jail-not-running: web is listed, but does not run')
    await daemon.kill('SIGKILL')
    expect(problemsIn(await runHealth(host, ['stale-socket', 'jail-not-running']))).toEqual([
      'stale-socket: fail2ban has ended, only its socket is left',
    ])
  })
})
