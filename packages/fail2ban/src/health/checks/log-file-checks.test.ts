import { expect, it } from 'vitest'
import {
  config,
  daemon,
  daemonProcess,
  HOUR,
  jail,
  jailLog,
  logFile,
  note,
  now,
  ownLog,
  runCheck,
  streamJail,
  titlesOf,
  wanted,
} from '../../../test/health.ts'
import { logFileChecks } from './log-file-checks.ts'

const path = '/var/log/auth.log'

it.each([
  ['down', ['fail2ban cannot start because sshd has no log file'], 'critical'],
  ['up', ['The next start of fail2ban will fail because sshd has no log file'], 'warning'],
] as const)('log-missing-at-start, while fail2ban is %s', (state, titles, severity) => {
  const seen = { daemon: daemon({ state }), config: config({ jailsWithoutLog: ['sshd'] }) }
  const verdict = runCheck(logFileChecks['log-missing-at-start'], seen)
  expect(titlesOf(verdict)).toEqual(titles)
  expect(verdict.problems?.[0]).toMatchObject({ severity, detail: expect.stringContaining(path) })
})

it('log-missing-at-start finds nothing where every jail has a log', () => {
  expect(
    titlesOf(runCheck(logFileChecks['log-missing-at-start'], { daemon: daemon(), config: config() })),
  ).toEqual([])
})

const dropped = note({ kind: 'dropped', subject: path, lines: [`Too many errors. Remove file '${path}'`] })
const without = jail({ logPaths: [] })

it.each([
  [
    'the file is gone',
    { logFiles: [logFile({ kind: 'missing' })] },
    [`sshd: the log ${path} has disappeared`],
  ],
  [
    'a folder is in its place',
    { logFiles: [logFile({ kind: 'folder' })] },
    [`sshd: the log ${path} is a folder`],
  ],
  ['the file is there', {}, []],
  [
    'fail2ban has dropped the file, which is back',
    { jails: [without], ownLog: ownLog({ notes: [dropped] }) },
    [`sshd: fail2ban has given up reading ${path}`],
  ],
  [
    'fail2ban has dropped the file, which is still missing',
    { jails: [without], ownLog: ownLog({ notes: [dropped] }), logFiles: [logFile({ kind: 'missing' })] },
    [`sshd: fail2ban has given up reading ${path}`],
  ],
  [
    'the configuration names a file that is not read',
    { jails: [without] },
    [`sshd: fail2ban does not read ${path}`],
  ],
  [
    'a pattern finds a file that is not read, which is another check',
    { jails: [without], config: config({ jails: [wanted({ logPatterns: ['/var/log/*.log'] })] }) },
    [],
  ],
  [
    'the folder of a log was made after fail2ban 0.11 started',
    { daemon: daemon({ version: '0.11.2' }), logFiles: [logFile({ folderBornAt: now - HOUR })] },
    [`sshd: the folder of ${path} was created after fail2ban started`],
  ],
  [
    'the folder of a log was made just before fail2ban 0.11 started, by a clock that is not exact',
    { daemon: daemon({ version: '0.11.2' }), logFiles: [logFile({ folderBornAt: now - 48 * HOUR + 900 })] },
    [],
  ],
  ['the same with fail2ban 1.0', { logFiles: [logFile({ folderBornAt: now - HOUR })] }, []],
])('log-gone, where %s', (_title, parts, titles) => {
  const seen = {
    jails: [jail()],
    logFiles: [logFile()],
    config: config(),
    ownLog: ownLog(),
    daemon: daemon(),
    process: daemonProcess(),
    ...parts,
  }
  expect(titlesOf(runCheck(logFileChecks['log-gone'], seen))).toEqual(titles)
})

it('log-gone cannot tell about a file that BanGUI may not see', () => {
  const seen = { jails: [jail()], logFiles: [logFile({ kind: 'unseen' })] }
  expect(runCheck(logFileChecks['log-gone'], seen)).toMatchObject({
    problems: [],
    cannotTell: [{ jail: 'sshd' }],
  })
})

const denied = note({ kind: 'unreadable', subject: path, lastAt: now - 1000 })
const restricted = daemonProcess({ uid: 100, groups: [100], readsEverything: false })

it.each([
  ['may not read it', restricted, denied, 1],
  ['may read every file', daemonProcess(), denied, 0],
  ['is now in the group of the file', { ...restricted, groups: [100, 4] }, denied, 0],
  ['has found failures since', restricted, { ...denied, lastAt: now - 3 * HOUR }, 0],
  ['was refused another file', restricted, { ...denied, subject: '/var/log/mail.log' }, 0],
])('log-unreadable, where fail2ban %s', (...[, process, one, problems]) => {
  const jails = new Map([['sshd', jailLog({ foundAt: now - 2 * HOUR })]])
  const seen = { jails: [jail()], ownLog: ownLog({ notes: [one], jails }), logFiles: [logFile()], process }
  expect(runCheck(logFileChecks['log-unreadable'], seen).problems).toHaveLength(problems)
})

it.each([
  ['a jail lost a file', jail({ logPaths: ['/b.log'] }), now - HOUR, ['sshd has stopped reading its logs']],
  ['no jail lost a file', jail({ logPaths: ['/a.log', '/b.log'] }), now - HOUR, []],
  ['the jail was loaded again', jail({ logPaths: ['/b.log'] }), now - 50 * HOUR, []],
])('log-stalled, where a filter went idle and %s', (...[, one, at, titles]) => {
  const files = streamJail({ logPaths: ['/a.log', '/b.log'] })
  const seen = {
    jails: [one],
    ownLog: ownLog({ notes: [note({ kind: 'went-idle', lastAt: at })] }),
    config: config({ jails: [wanted({ logPatterns: [] })], stream: { allowIpv6: null, jails: [files] } }),
  }
  expect(titlesOf(runCheck(logFileChecks['log-stalled'], seen))).toEqual(titles)
})
