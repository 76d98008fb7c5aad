import { expect, it } from 'vitest'
import {
  config,
  daemon,
  daemonProcess,
  daemonValues,
  HOUR,
  jail,
  jailLog,
  note,
  now,
  ownLog,
  runCheck,
  wanted,
} from '../../../test/health.ts'
import { logLevelChecks } from './log-level-checks.ts'
import { ownLogChecks } from './own-log-checks.ts'

const journal = config({ jails: [wanted({ backend: 'systemd' })] })
const noModule = note({ kind: 'backend-failed' })

it.each([
  ['its jails are not loaded', journal, [], now - HOUR, 1],
  ['fail2ban was started again since', journal, [], now - 50 * HOUR, 0],
  ['its jails are loaded', journal, ['sshd'], now - HOUR, 0],
  ['no jail reads the journal', config(), [], now - HOUR, 0],
])('journal-no-python, where the module is missing and %s', (...[, files, jails, lastAt, problems]) => {
  const seen = {
    ownLog: ownLog({ notes: [{ ...noModule, lastAt }] }),
    config: files,
    daemon: daemon({ jails }),
  }
  expect(runCheck(ownLogChecks['journal-no-python'], seen).problems ?? []).toHaveLength(problems)
})

it.each([
  ['nothing was found since', 'sshd', now - HOUR, 1],
  ['lines with a date were found since', 'sshd', now - 5 * HOUR, 0],
  ['it was two days ago', 'sshd', now - 47 * HOUR, 0],
  ['the jail does not run', 'web', now - HOUR, 0],
])('no-date, where %s', (...[, name, lastAt, problems]) => {
  const seen = {
    ownLog: ownLog({
      notes: [note({ kind: 'no-date', jail: name, lastAt })],
      jails: new Map([[name, jailLog({ foundAt: now - 2 * HOUR })]]),
    }),
    jails: [jail()],
  }
  expect(runCheck(ownLogChecks['no-date'], seen).problems).toHaveLength(problems)
})

it.each([
  ['today', now - HOUR, 1],
  ['before the jail was loaded', now - 50 * HOUR, 0],
  ['never', null, 0],
])('time-mismatch, where fail2ban warned %s', (_title, lastAt, problems) => {
  const notes = lastAt === null ? [] : [note({ kind: 'odd-time', jail: 'sshd', lastAt })]
  expect(
    runCheck(ownLogChecks['time-mismatch'], { ownLog: ownLog({ notes }), jails: [jail()] }).problems,
  ).toHaveLength(problems)
})

it.each([
  ['a new database at the first start', [note({ kind: 'new-database' })], 0],
  ['a second new database', [note({ kind: 'new-database', count: 2 })], 1],
  ['a damaged database', [note({ kind: 'database-error' }), note({ kind: 'new-database' })], 1],
  ['a database that was damaged long ago', [note({ kind: 'database-error', lastAt: now - 200 * HOUR })], 0],
])('purge-db, with %s', (_title, notes, problems) => {
  expect(runCheck(ownLogChecks['purge-db'], { ownLog: ownLog({ notes }) }).problems ?? []).toHaveLength(
    problems,
  )
})

const log = '/var/log/fail2ban.log'

it.each([
  ['its log', log, [log], 0],
  ['a rotated log', log, [`${log}.1`], 1],
  ['a deleted log', log, [`${log} (deleted)`], 1],
  ['the log of another program', log, ['/var/log/fail2ban.log.conf'], 0],
  ['no file, since it logs to syslog', 'SYSLOG', [], 0],
])('own-log, where fail2ban writes to %s', (...[, logTarget, openFiles, problems]) => {
  const seen = { daemonValues: daemonValues({ logTarget }), process: daemonProcess({ openFiles }) }
  expect(runCheck(ownLogChecks['own-log'], seen).problems ?? []).toHaveLength(problems)
})

it('own-log cannot tell where the open files are not seen', () => {
  const seen = { daemonValues: daemonValues(), process: daemonProcess({ openFiles: null }) }
  expect(runCheck(ownLogChecks['own-log'], seen).cannotTell).toHaveLength(1)
})

it.each([
  ['INFO', null],
  ['DEBUG', null],
  ['HEAVYDEBUG', null],
  ['NOTICE', 'no failures'],
  ['WARNING', 'neither failures nor bans'],
  ['CRITICAL', 'neither failures nor bans'],
])('loglevel-low, at level %s: %s', (logLevel, missing) => {
  const verdict = runCheck(logLevelChecks['loglevel-low'], { daemonValues: daemonValues({ logLevel }) })
  const details = (verdict.problems ?? []).map(({ detail }) => detail)
  expect(details).toEqual(missing === null ? [] : [expect.stringContaining(missing)])
})
