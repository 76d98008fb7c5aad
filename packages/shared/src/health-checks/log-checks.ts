import type { HealthCheckInfo } from './health-check.ts'

export const logChecks = [
  {
    id: 'log-missing-at-start',
    area: 'log',
    title: 'A jail has no log file, so fail2ban does not start',
    severity: 'critical',
    meaning: 'None of the jail’s log files exists. fail2ban then refuses to start at all, so no jail works.',
    cadence: 'minute',
    atOnce: false,
  },
  {
    id: 'log-gone',
    area: 'log',
    title: 'A log file has disappeared',
    severity: 'critical',
    meaning:
      'The jail reads a file that no longer exists, or fail2ban has given up reading it. fail2ban itself does not report this.',
    cadence: 'minute',
    atOnce: false,
  },
  {
    id: 'log-unreadable',
    area: 'log',
    title: 'fail2ban cannot read a log file',
    severity: 'critical',
    meaning: 'The jail is running, but fail2ban lacks permission to read its log and finds nothing.',
    cadence: 'minute',
    atOnce: false,
  },
  {
    id: 'log-new-not-watched',
    area: 'log',
    title: 'A new log file is not read',
    severity: 'warning',
    meaning:
      'A file matches the jail’s log path but was created after the jail was loaded. fail2ban looks for new files only when it loads a jail.',
    cadence: 'five_minutes',
    atOnce: false,
  },
  {
    id: 'log-silent',
    area: 'log',
    title: 'Nothing is written to a log any more',
    severity: 'warning',
    meaning: 'A log that used to grow has stopped growing, or the service still writes to the rotated file.',
    cadence: 'hour',
    atOnce: false,
  },
  {
    id: 'log-wrong-place',
    area: 'log',
    title: 'The service writes its log somewhere else',
    severity: 'critical',
    meaning: 'The jail’s service is running but writes to none of the files that the jail reads.',
    cadence: 'hour',
    atOnce: false,
  },
  {
    id: 'log-stalled',
    area: 'log',
    title: 'A jail has stopped reading its log',
    severity: 'critical',
    meaning: 'The jail is idle, or fail2ban stopped reading its files after too many errors.',
    cadence: 'minute',
    atOnce: false,
  },
  {
    id: 'journal-no-python',
    area: 'log',
    title: 'The Python module for the systemd backend is missing',
    severity: 'critical',
    meaning:
      'A jail reads the journal, but fail2ban cannot load the Python module systemd. In that case no jail works.',
    cadence: 'minute',
    atOnce: true,
  },
  {
    id: 'journal-empty-match',
    area: 'log',
    title: 'The journal match finds no entries',
    severity: 'critical',
    meaning:
      'The jail reads the journal entries of a unit or program that has none, while a similar name has some: failures are never seen.',
    cadence: 'hour',
    atOnce: false,
  },
  {
    id: 'sshd-session',
    area: 'log',
    title: 'The filter does not match the log lines of newer OpenSSH versions',
    severity: 'critical',
    meaning:
      'Since OpenSSH 9.8, sshd-session logs failures instead of sshd. Older filters do not match these lines.',
    cadence: 'hour',
    atOnce: false,
  },
] as const satisfies readonly HealthCheckInfo[]

export const filterChecks = [
  {
    id: 'never-matches',
    area: 'filter',
    title: 'The service logs failures, but the filter finds none',
    severity: 'critical',
    meaning: 'The log has lines that look like failed sign-ins, but the jail’s filter matches none of them.',
    cadence: 'hour',
    atOnce: false,
  },
  {
    id: 'filter-test-fails',
    area: 'filter',
    title: 'A test of a filter fails',
    severity: 'warning',
    meaning:
      'A line that was kept as a test of the filter is no longer matched as it should be, for example after an upgrade of fail2ban.',
    cadence: 'hour',
    atOnce: true,
  },
  {
    id: 'no-date',
    area: 'filter',
    title: 'Log lines match but have no date that fail2ban can read',
    severity: 'critical',
    meaning: 'fail2ban does not count lines whose date it cannot read.',
    cadence: 'minute',
    atOnce: false,
  },
  {
    id: 'time-mismatch',
    area: 'filter',
    title: 'The times in a log differ from the clock',
    severity: 'warning',
    meaning:
      'The log uses a different time zone, or its lines are written late. fail2ban loses its counts at each restart and shows wrong times.',
    cadence: 'minute',
    atOnce: false,
  },
  {
    id: 'clock-off',
    area: 'filter',
    title: 'The system clock is not synchronised',
    severity: 'warning',
    meaning: 'The clock jumped or is not synchronised: bans can end too early or too late.',
    cadence: 'five_minutes',
    atOnce: false,
  },
  {
    id: 'loglevel-low',
    area: 'filter',
    title: 'fail2ban logs too little',
    severity: 'warning',
    meaning:
      'At this log level, fail2ban does not log failures, and at some levels not even bans: neither BanGUI nor the recidive jail sees them.',
    cadence: 'minute',
    atOnce: false,
  },
] as const satisfies readonly HealthCheckInfo[]
