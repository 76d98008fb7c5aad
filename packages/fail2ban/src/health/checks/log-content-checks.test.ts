import { expect, it } from 'vitest'
import {
  config,
  HOUR,
  jail,
  jailLog,
  logFile,
  now,
  ownLog,
  runCheck,
  titlesOf,
  wanted,
} from '../../../test/health.ts'
import { createGrowthWatch } from '../growth-watch.ts'
import type { LogGrowth, LogSample } from '../seen/files-seen.ts'
import { logContentChecks } from './log-content-checks.ts'

const path = '/var/log/auth.log'
const site = (over = {}) => logFile({ path: '/var/log/nginx/new.log', bornAt: now - HOUR, ...over })

it.each([
  ['is in use', site(), 1],
  ['is read', site({ path }), 0],
  ['was created a minute ago', site({ bornAt: now - 60_000 }), 0],
  ['is empty', site({ size: 0 }), 0],
  ['is old', site({ modifiedAt: now - 48 * HOUR }), 0],
  ['was rotated', site({ path: '/var/log/nginx/new.log.1' }), 0],
  ['was packed', site({ path: '/var/log/nginx/new.log.2.gz' }), 0],
  ['was rotated with a date', site({ path: '/var/log/nginx/new.log-20261129' }), 0],
  ['has the date of the day in its name', site({ path: '/var/log/nginx/new-2026-11-30.log' }), 1],
  ['is gone', site({ kind: 'missing' }), 0],
])('log-new-not-watched, where a file of the pattern %s', (_title, file, problems) => {
  const seen = { jails: [jail()], matchingLogs: [{ jail: 'sshd', file }] }
  expect(runCheck(logContentChecks['log-new-not-watched'], seen).problems).toHaveLength(problems)
})

const growth = (over: Partial<LogGrowth> = {}): LogGrowth => ({
  path,
  since: now - 10 * 24 * HOUR,
  grownAt: now - 60_000,
  times: 1000,
  longestGap: HOUR / 2,
  rotatedWrittenAt: null,
  ...over,
})

it.each([
  ['it grows', {}, {}, 0],
  ['it has not grown for a day', {}, { grownAt: now - 24 * HOUR }, 1],
  [
    'it has not grown for seven hours, and sometimes did not for one',
    {},
    { grownAt: now - 7 * HOUR, longestGap: HOUR },
    0,
  ],
  ['it never grew much', {}, { grownAt: now - 24 * HOUR, times: 20 }, 0],
  ['BanGUI has watched for a day only', {}, { since: now - 24 * HOUR, grownAt: now - 20 * HOUR }, 0],
  [
    'it is empty, and the rotated one is written',
    { size: 0, modifiedAt: now - 2 * HOUR },
    { rotatedWrittenAt: now - 60_000 },
    1,
  ],
  [
    'it is empty after a quiet rotation',
    { size: 0, modifiedAt: now - 2 * HOUR },
    { rotatedWrittenAt: now - 2 * HOUR },
    0,
  ],
])('log-silent, where %s', (...[, file, own, problems]) => {
  const seen = { jails: [jail()], logFiles: [logFile(file)], logGrowth: [growth(own)] }
  expect(runCheck(logContentChecks['log-silent'], seen).problems).toHaveLength(problems)
})

it('the growth of a log counts looks at which it was larger or another file, and the longest time between them', () => {
  const watch = createGrowthWatch()
  const look = (at: number, over = {}) => watch.note(logFile(over), at)
  look(0, { size: 1 })
  look(10, { size: 1 })
  look(20, { size: 2 })
  expect(look(25, { size: 2, inode: '1:11' })).toEqual({ since: 0, grownAt: 25, times: 2, longestGap: 20 })
  expect(look(90, { size: 2, inode: '1:11' })).toMatchObject({ grownAt: 25 })
})

const access = '/var/log/nginx/access.log'

it.each([
  ['one of its files', ['/var/log/nginx/access.log', '/var/log/nginx/error.log'], 0],
  ['other files', ['/srv/log/error.log'], 1],
  ['a deleted file', [`${access} (deleted)`], 1],
  ['no file at all', [], 0],
])('log-wrong-place, where the service has %s open', (_title, files, problems) => {
  const seen = {
    jails: [jail({ name: 'web', logPaths: [access] })],
    config: config({ jails: [wanted({ name: 'web', filter: 'nginx-http-auth' })] }),
    serviceLogs: files.length === 0 ? [] : [{ process: 'nginx', files }],
  }
  expect(runCheck(logContentChecks['log-wrong-place'], seen).problems).toHaveLength(problems)
})

const alternative = (isEmpty: boolean) => ({ match: '_SYSTEMD_UNIT=sshd.service', isEmpty })

it.each([
  [
    'a sibling has entries',
    [alternative(true)],
    ['ssh.service'],
    true,
    '_SYSTEMD_UNIT=ssh.service + _SYSTEMD_UNIT=sshd.service',
  ],
  ['one alternative has entries', [alternative(true), alternative(false)], ['ssh.service'], true, null],
  ['the service has logged nothing', [alternative(true)], [], true, null],
])('journal-empty-match, where %s', (...[, alternatives, siblings, hasEntries, match]) => {
  const seen = { journal: { hasEntries, jails: [{ jail: 'sshd', alternatives, siblings }] } }
  const fixes = (runCheck(logContentChecks['journal-empty-match'], seen).problems ?? []).map(
    ({ fix }) => fix?.[0],
  )
  expect(fixes).toEqual(
    match === null ? [] : [expect.objectContaining({ key: 'journalmatch', value: match })],
  )
})

it('journal-empty-match finds a journal without any entry', () => {
  const seen = {
    journal: {
      hasEntries: false,
      jails: [{ jail: 'sshd', alternatives: [alternative(true)], siblings: [] }],
    },
  }
  expect(runCheck(logContentChecks['journal-empty-match'], seen).problems).toMatchObject([{ fix: null }])
})

const sample = (over: Partial<LogSample>): LogSample => ({
  jail: 'sshd',
  candidates: 30,
  matched: 0,
  session: { candidates: 0, matched: 0 },
  examples: ['sshd-session[1]: Failed password for root from 203.0.113.1 port 1 ssh2'],
  ...over,
})

it.each([
  ['none of its lines', { candidates: 12, matched: 0 }, 'sshd', 1],
  ['its lines', { candidates: 12, matched: 12 }, 'sshd', 0],
  ['none of two lines', { candidates: 2, matched: 0 }, 'sshd', 0],
  ['none of its lines, and is another filter', { candidates: 12, matched: 0 }, 'sshd-mine', 0],
])('sshd-session, where the filter matches %s', (...[, session, filter, problems]) => {
  const seen = { samples: [sample({ session })], config: config({ jails: [wanted({ filter })] }) }
  expect(runCheck(logContentChecks['sshd-session'], seen).problems).toHaveLength(problems)
})

it.each([
  ['matches none of many failures', {}, 0, 48, ['sshd: the filter matches none of 30 failures in the log']],
  ['matches some', { matched: 1 }, 0, 48, []],
  ['matches none of a few', { candidates: 6 }, 0, 48, []],
  ['has counted failures', {}, 3, 48, []],
  ['runs for an hour', {}, 0, 1, []],
  ['is reported by sshd-session', { session: { candidates: 30, matched: 0 } }, 0, 48, []],
])('never-matches, where the filter %s', (...[, over, totalFailed, hours, titles]) => {
  const jails = new Map([['sshd', jailLog({ startedAt: now - hours * HOUR })]])
  const seen = { samples: [sample(over)], jails: [jail({ totalFailed })], ownLog: ownLog({ jails }) }
  expect(titlesOf(runCheck(logContentChecks['never-matches'], seen))).toEqual(titles)
})
