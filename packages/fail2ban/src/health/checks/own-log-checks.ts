import { defineCheck, type HealthChecks } from '../health-check.ts'
import { problemOf } from '../problem.ts'
import type { LogNote, LogNoteKind, OwnLogSeen } from '../seen/own-log-seen.ts'

/** fail2ban warns of such a line once in 24 hours for each jail. */
const ONCE_A_DAY_MS = 25 * 3_600_000
const WEEK_MS = 7 * 24 * 3_600_000

/** What fail2ban's own log says about its work. */
export const ownLogChecks = {
  'journal-no-python': defineCheck(
    { needs: ['ownLog', 'config', 'daemon'] },
    ({ seen: { ownLog, config, daemon } }) => {
      const note = ownLog.notes.find(
        ({ kind, lastAt }) => kind === 'backend-failed' && lastAt >= (ownLog.startedAt ?? 0),
      )
      const listed = new Set(daemon.jails)
      const affected = config.jails.filter(
        ({ name, backend }) => backend?.startsWith('systemd') === true && !listed.has(name),
      )
      if (!note || affected.length === 0) return {}
      const names = affected.map(({ name }) => name).join(', ')
      return {
        problems: [
          problemOf({
            severity: 'critical',
            title: 'fail2ban cannot read the journal: the Python module systemd is missing',
            detail: `The jails that read the journal (${names}) cannot start, and fail2ban loads no jails after them.`,
            evidence: note.lines,
            remedy: 'Install python3-systemd and restart fail2ban, or make these jails read files.',
            action: { kind: 'daemon.restart', jail: null, addresses: [] },
          }),
        ],
      }
    },
  ),

  'no-date': defineCheck({ needs: ['ownLog', 'jails'] }, ({ seen: { ownLog, jails }, now }) => ({
    problems: recentNotes(ownLog, 'no-date', now).flatMap((note) => {
      const { jail, lines, lastAt } = note
      if (jail === null || !jails.some(({ name }) => name === jail)) return []
      // a service that also writes lines with a date is counted
      if ((ownLog.jails.get(jail)?.foundAt ?? 0) >= lastAt) return []
      return [
        problemOf({
          severity: 'critical',
          jail,
          title: `${jail}: failures have no date that fail2ban can read`,
          detail:
            'The filter matches lines of the log, but fail2ban finds no date in them and does not count them.',
          evidence: lines,
          remedy:
            'In the filter or the jail, set a datepattern that fits the lines. {NONE} uses the time at which a line arrives.',
        }),
      ]
    }),
  })),

  'time-mismatch': defineCheck({ needs: ['ownLog', 'jails'] }, ({ seen: { ownLog, jails }, now }) => ({
    problems: recentNotes(ownLog, 'odd-time', now).flatMap(({ jail, lines }) => {
      if (jail === null || !jails.some(({ name }) => name === jail)) return []
      return [
        problemOf({
          severity: 'warning',
          jail,
          title: `${jail}: the times in the log differ from the clock`,
          detail:
            'fail2ban treats these failures as if they had just happened. It still bans, but loses its counts at each restart and shows wrong times.',
          evidence: lines,
          remedy:
            'If the difference is a whole number of hours, set logtimezone of the jail to the time zone of the log, such as UTC+0200. Otherwise the lines are written late.',
        }),
      ]
    }),
  })),

  'purge-db': defineCheck({ needs: ['ownLog'] }, ({ seen: { ownLog }, now }) => {
    const recent = (kind: LogNoteKind) =>
      ownLog.notes.find((note) => note.kind === kind && now - note.lastAt < WEEK_MS)
    const [renewed, damaged] = [recent('new-database'), recent('database-error')]
    if (!damaged && (renewed?.count ?? 0) < 2) return {}
    return {
      problems: [
        problemOf({
          severity: 'warning',
          title: damaged ? 'fail2ban’s database was damaged' : 'fail2ban has created a new database',
          detail:
            'Bans that were only in the old database are lost, and so is its record of repeat offenders.',
          evidence: [...(damaged?.lines ?? []), ...(renewed?.lines ?? [])],
          remedy: 'Check the disk, and the permissions of the folder that contains dbfile.',
        }),
      ],
    }
  }),

  'own-log': defineCheck({ needs: ['daemonValues', 'process'] }, ({ seen: { daemonValues, process } }) => {
    const [path = ''] = daemonValues.logTarget.split('[', 1)
    if (!path.startsWith('/')) return {}
    const { openFiles } = process
    if (openFiles === null)
      return {
        cannotTell: [{ jail: null, why: 'BanGUI has no permission to see which files fail2ban has open.' }],
      }
    if (openFiles.includes(path)) return {}
    const other = openFiles.find(
      (file) =>
        file === `${path} (deleted)` || (/^[.-]\d/.test(file.slice(path.length)) && file.startsWith(path)),
    )
    if (other === undefined) return {}
    return {
      problems: [
        problemOf({
          severity: 'warning',
          subject: path,
          title: `fail2ban no longer writes to ${path}`,
          detail: `It still writes to ${other}, so BanGUI and the recidive jail do not see what happens.`,
          evidence: [`/proc/${process.pid}/fd: ${other}`],
          remedy:
            'Run "fail2ban-client flushlogs", and add this command to fail2ban’s logrotate configuration (on Debian, /etc/logrotate.d/fail2ban).',
        }),
      ],
    }
  }),
} satisfies HealthChecks

/** Returns the notes of a kind of the last day, since the jail was loaded. */
const recentNotes = (log: OwnLogSeen, kind: LogNoteKind, now: number): LogNote[] =>
  log.notes.filter(
    (note) =>
      note.kind === kind &&
      now - note.lastAt < ONCE_A_DAY_MS &&
      note.lastAt >= (log.jails.get(note.jail ?? '')?.startedAt ?? 0),
  )
