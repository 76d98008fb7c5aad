import { expect, it } from 'vitest'
import { config, daemonValues, jail, logFile, runCheck, titlesOf, wanted } from '../../../test/health.ts'
import { memoryChecks } from './memory-checks.ts'

const DAY = 86_400
const log = '/var/log/fail2ban.log'

it.each([
  [null, true, 1],
  [null, false, 0],
  ['/var/lib/fail2ban.sqlite3', true, 0],
])('increment-without-db, with the database %s and increment %s', (databaseFile, increment, problems) => {
  const seen = { daemonValues: daemonValues({ databaseFile }), jails: [jail({ increment })] }
  expect(runCheck(memoryChecks['increment-without-db'], seen).problems ?? []).toHaveLength(problems)
})

it.each([
  ['longer bans and one day', { increment: true }, DAY, 1],
  ['longer bans and thirty days', { increment: true }, 30 * DAY, 0],
  ['one day and no longer bans', {}, DAY, 0],
  ['recidive that looks back a week, and one day', { name: 'again', findtime: 7 * DAY }, DAY, 1],
  ['recidive that looks back a day, and a week', { name: 'again', findtime: DAY }, 7 * DAY, 0],
])('purge-too-short, with %s', (...[, over, databasePurgeAge, problems]) => {
  const seen = {
    daemonValues: daemonValues({ databasePurgeAge }),
    jails: [jail(over)],
    config: config({ jails: [wanted({ name: 'again', filter: 'recidive' })] }),
  }
  expect(runCheck(memoryChecks['purge-too-short'], seen).problems ?? []).toHaveLength(problems)
})

const long = { bantime: 7 * DAY }

it.each([
  ['the log that fail2ban writes', log, { ...long, logPaths: [log] }, []],
  ['another file', log, { ...long, logPaths: ['/var/log/old.log'] }, ['again does not read fail2ban’s log']],
  ['the same file by another name', log, { ...long, logPaths: ['/srv/log/fail2ban.log'] }, []],
  [
    'a file, and fail2ban logs to syslog',
    'SYSLOG',
    { ...long, logPaths: [log] },
    ['again does not read fail2ban’s log'],
  ],
  [
    'the journal, and fail2ban logs to it',
    'SYSTEMD-JOURNAL',
    { ...long, logPaths: [], journalMatches: [['_SYSTEMD_UNIT=fail2ban.service']] },
    [],
  ],
  [
    'the right log, with bans as short as the others',
    log,
    { bantime: 600, logPaths: [log] },
    ['again does not ban for longer than sshd'],
  ],
])('recidive-blind, where recidive reads %s', (...[, logTarget, over, titles]) => {
  const seen = {
    daemonValues: daemonValues({ logTarget }),
    jails: [jail(), jail({ name: 'again', ...over })],
    config: config({ jails: [wanted(), wanted({ name: 'again', filter: 'recidive' })] }),
    logFiles: [
      logFile({ path: log, inode: '1:7' }),
      logFile({ path: '/srv/log/fail2ban.log', inode: '1:7' }),
      logFile({ path: '/var/log/old.log', inode: '1:8' }),
    ],
  }
  expect(titlesOf(runCheck(memoryChecks['recidive-blind'], seen))).toEqual(titles)
})
