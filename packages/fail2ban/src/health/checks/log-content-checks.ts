import { defineCheck, type HealthChecks } from '../health-check.ts'
import { problemOf } from '../problem.ts'
import type { LogFileSeen, LogGrowth } from '../seen/files-seen.ts'
import { processesWithLogs, serviceOf } from '../services.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS
/** A file is left alone for as long: a service may create it and fail2ban be reloaded by its package. */
const NEW_FILE_MS = 10 * MINUTE_MS
const MIN_SILENCE_MS = 6 * HOUR_MS
/** So many lines without a match prove that a filter does not fit. */
const MANY_LINES = 20
const SOME_LINES = 5

/** Whether the logs that jails read are those in which failures appear, and whether filters find them. */
export const logContentChecks = {
  'log-new-not-watched': defineCheck(
    { needs: ['jails', 'matchingLogs'] },
    ({ seen: { jails, matchingLogs }, now }) => ({
      problems: jails.flatMap(({ name, logPaths }) => {
        const unread = matchingLogs.filter(
          ({ jail, file }) => jail === name && !logPaths.includes(file.path) && isInUse(file, now),
        )
        if (unread.length === 0) return []
        const paths = unread.map(({ file }) => file.path)
        return [
          problemOf({
            severity: 'warning',
            jail: name,
            title: `${name} does not read ${paths.length === 1 ? paths[0] : `${paths.length} new log files`}`,
            detail:
              'The jail’s log path matches files that were created after the jail was loaded. fail2ban looks for new files only when it loads a jail.',
            evidence: paths.slice(0, 10),
            remedy: 'Reload the jail.',
            action: { kind: 'jail.reload', jail: name, addresses: [] },
          }),
        ]
      }),
    }),
  ),

  'log-silent': defineCheck(
    { needs: ['jails', 'logFiles', 'logGrowth'] },
    ({ seen: { jails, logFiles, logGrowth }, now }) => ({
      problems: jails.flatMap(({ name, logPaths }) =>
        logPaths.flatMap((path) => {
          const file = logFiles.find((one) => one.path === path)
          const growth = logGrowth.find((one) => one.path === path)
          const why = file && growth ? whySilent(file, growth, now) : null
          if (why === null) return []
          return [
            problemOf({
              severity: 'warning',
              jail: name,
              subject: path,
              title: `${name}: nothing is written to ${path} any more`,
              detail: why,
              evidence: [
                `${path}: ${file?.size} bytes, written last at ${new Date(file?.modifiedAt ?? 0).toISOString()}`,
              ],
              remedy:
                'Make the service reopen its log (reload the service), and add this step to the log rotation.',
            }),
          ]
        }),
      ),
    }),
  ),

  'log-wrong-place': defineCheck(
    { needs: ['jails', 'config', 'serviceLogs'] },
    ({ seen: { jails, config, serviceLogs } }) => ({
      problems: jails.flatMap(({ name, logPaths }) => {
        const service = serviceOf(config.jails.find((jail) => jail.name === name)?.filter)
        if (!service || logPaths.length === 0 || !service.processes.some((one) => processesWithLogs.has(one)))
          return []
        const files = serviceLogs
          .filter(({ process }) => service.processes.includes(process))
          .flatMap((logs) => logs.files)
        if (files.length === 0 || files.some((file) => logPaths.includes(file))) return []
        return [
          problemOf({
            severity: 'critical',
            jail: name,
            title: `${name}: ${service.name} writes to none of the files that the jail reads`,
            detail: `${service.name} has other log files open, so the jail sees none of its failures.`,
            evidence: [
              ...files.slice(0, 10).map((file) => `open: ${file}`),
              ...logPaths.slice(0, 5).map((path) => `read by the jail: ${path}`),
            ],
            remedy:
              'Set logpath of the jail to the files that the service writes. If those files are deleted, reload the service.',
          }),
        ]
      }),
    }),
  ),

  'journal-empty-match': defineCheck({ needs: ['journal'] }, ({ seen: { journal } }) => ({
    problems: journal.jails.flatMap(({ jail, alternatives, siblings }) => {
      if (alternatives.length === 0 || alternatives.some(({ isEmpty }) => !isEmpty)) return []
      // a service that logs nothing is fine: only a sibling, or an empty journal, shows that the match is wrong
      if (siblings.length === 0 && journal.hasEntries) return []
      const match = [
        ...siblings.map((unit) => `_SYSTEMD_UNIT=${unit}`),
        ...alternatives.map((one) => one.match),
      ].join(' + ')
      return [
        problemOf({
          severity: 'critical',
          jail,
          title: `${jail}: the journal match finds no entries`,
          detail:
            siblings.length === 0
              ? 'The journal is empty, or BanGUI and fail2ban lack permission to read it.'
              : `The service’s entries are under ${siblings.join(', ')}, which the jail’s journal match does not name.`,
          evidence: alternatives.map((one) => `journalctl --since=-7d ${one.match}: no entries`),
          remedy:
            siblings.length === 0
              ? 'Make the jail read log files instead, or give fail2ban access to the journal.'
              : `Set journalmatch = ${match} in the jail.`,
          fix:
            siblings.length === 0
              ? null
              : [{ kind: 'set', scope: 'jail', name: jail, key: 'journalmatch', value: match }],
        }),
      ]
    }),
  })),

  'sshd-session': defineCheck({ needs: ['samples', 'config'] }, ({ seen: { samples, config } }) => ({
    problems: samples.flatMap(({ jail, session, examples }) => {
      const isSsh = config.jails.find(({ name }) => name === jail)?.filter === 'sshd'
      if (!isSsh || session.candidates < SOME_LINES || session.matched > 0) return []
      return [
        problemOf({
          severity: 'critical',
          jail,
          title: `${jail}: the filter does not match the log lines of this OpenSSH`,
          detail: `OpenSSH logs failures as sshd-session here, but the filter matches none of ${session.candidates} such lines: nobody is banned.`,
          evidence: examples,
          remedy:
            'Add the new program names to the filter: _daemon = sshd(?:-session|-auth)? in filter.d/sshd.local. Then reload the jail.',
          fix: [
            {
              kind: 'set',
              scope: 'filter',
              name: 'sshd',
              section: 'Definition',
              key: '_daemon',
              value: 'sshd(?:-session|-auth)?',
            },
          ],
        }),
      ]
    }),
  })),

  'never-matches': defineCheck(
    { needs: ['samples', 'jails'], wants: ['ownLog', 'process'] },
    ({ seen: { samples, jails, ownLog, process }, now }) => ({
      problems: samples.flatMap(({ jail, candidates, matched, session, examples }) => {
        const since = ownLog?.jails.get(jail)?.startedAt ?? process?.startedAt ?? now
        const totalFailed = jails.find(({ name }) => name === jail)?.totalFailed ?? 1
        const isKnown = session.candidates >= SOME_LINES && session.matched === 0
        if (isKnown || totalFailed > 0 || matched > 0 || candidates < MANY_LINES || now - since < DAY_MS)
          return []
        return [
          problemOf({
            severity: 'critical',
            jail,
            title: `${jail}: the filter matches none of ${candidates} failures in the log`,
            detail:
              'The log has lines that look like failed sign-ins, but fail2ban has counted none of them since the jail started.',
            evidence: examples,
            remedy:
              'Test the lines with the filter in the regex lab: another mode, another filter or a datepattern may be needed.',
          }),
        ]
      }),
    }),
  ),
} satisfies HealthChecks

const rotatedName = /(?:\.\d+|\.(?:gz|bz2|xz|zst|old)|-\d{8})(?:\.\w+)?$/

const isInUse = ({ path, kind, size, modifiedAt, bornAt }: LogFileSeen, now: number): boolean =>
  kind === 'file' &&
  size > 0 &&
  now - modifiedAt < DAY_MS &&
  now - bornAt > NEW_FILE_MS &&
  !rotatedName.test(path)

/** Returns why a log that is not written any more should be; null: it need not be. */
function whySilent({ size, modifiedAt }: LogFileSeen, growth: LogGrowth, now: number): string | null {
  const { rotatedWrittenAt, since, grownAt, times, longestGap } = growth
  if (
    size === 0 &&
    rotatedWrittenAt !== null &&
    rotatedWrittenAt - modifiedAt > NEW_FILE_MS &&
    now - rotatedWrittenAt < HOUR_MS
  )
    return 'The file is empty, and the service still writes to the rotated file, because it was not notified of the rotation.'
  const watched = now - since
  // once an hour on average, over a week
  if (watched < 7 * DAY_MS || grownAt === null || times < watched / HOUR_MS) return null
  const silence = now - grownAt
  if (silence <= Math.max(MIN_SILENCE_MS, 20 * longestGap)) return null
  return `The file used to grow at least once an hour but has not grown for ${Math.round(silence / HOUR_MS)} hours.`
}
