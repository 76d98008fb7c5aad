import type { HealthCheckInfo } from './health-check.ts'

export const logChecks = [
  {
    id: 'log-missing-at-start',
    area: 'log',
    title: 'A jail has no log file, so fail2ban does not start',
    severity: 'critical',
    meaning:
      'None of the log files of a jail exists. fail2ban then refuses to start at all, and no jail works.',
    cadence: 'minute',
    atOnce: false,
  },
  {
    id: 'log-gone',
    area: 'log',
    title: 'A log file has disappeared',
    severity: 'critical',
    meaning:
      'The jail reads a file that does not exist any more, or fail2ban has given up reading it. fail2ban itself reports nothing.',
    cadence: 'minute',
    atOnce: false,
  },
  {
    id: 'log-unreadable',
    area: 'log',
    title: 'fail2ban may not read a log file',
    severity: 'critical',
    meaning: 'The jail runs, but fail2ban lacks the permission to read its log: it finds nothing.',
    cadence: 'minute',
    atOnce: false,
  },
  {
    id: 'log-new-not-watched',
    area: 'log',
    title: 'A new log file is not read',
    severity: 'warning',
    meaning:
      'A file matches the log path of a jail, but was created after the jail was loaded: fail2ban looks for files only when it loads a jail.',
    cadence: 'five_minutes',
    atOnce: false,
  },
  {
    id: 'log-silent',
    area: 'log',
    title: 'A log is no longer written',
    severity: 'warning',
    meaning: 'A log that used to grow has stopped, or the service still writes into its rotated predecessor.',
    cadence: 'hour',
    atOnce: false,
  },
  {
    id: 'log-wrong-place',
    area: 'log',
    title: 'The service writes its log somewhere else',
    severity: 'critical',
    meaning: 'The service of the jail is running, but writes to none of the files that the jail reads.',
    cadence: 'hour',
    atOnce: false,
  },
  {
    id: 'log-stalled',
    area: 'log',
    title: 'A jail does not follow its log',
    severity: 'critical',
    meaning: 'The jail is idle, or fail2ban stopped reading its files after too many errors.',
    cadence: 'minute',
    atOnce: false,
  },
  {
    id: 'journal-no-python',
    area: 'log',
    title: 'The systemd backend has no Python module',
    severity: 'critical',
    meaning:
      'A jail reads the journal, but fail2ban cannot load the Python module systemd. Then no jail works at all.',
    cadence: 'minute',
    atOnce: true,
  },
  {
    id: 'journal-empty-match',
    area: 'log',
    title: 'The journal match finds nothing',
    severity: 'critical',
    meaning:
      'The jail reads journal entries of a unit or program that has none, while a similar name has: failures are never seen.',
    cadence: 'hour',
    atOnce: false,
  },
  {
    id: 'sshd-session',
    area: 'log',
    title: 'The filter does not know the log lines of a newer OpenSSH',
    severity: 'critical',
    meaning:
      'From OpenSSH 9.8 on, failures are logged by sshd-session instead of sshd. An older filter does not match these lines.',
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
    meaning:
      'The log has lines that report failed sign-ins, and the filter of the jail matches none of them.',
    cadence: 'hour',
    atOnce: false,
  },
  {
    id: 'no-date',
    area: 'filter',
    title: 'Log lines match but have no readable date',
    severity: 'critical',
    meaning: 'fail2ban does not count a line of which it cannot read the date.',
    cadence: 'minute',
    atOnce: false,
  },
  {
    id: 'time-mismatch',
    area: 'filter',
    title: 'The times in a log differ from the clock',
    severity: 'warning',
    meaning:
      'The log is written with another time zone or late. Counters are lost at each restart of fail2ban, and its times are wrong.',
    cadence: 'minute',
    atOnce: false,
  },
  {
    id: 'clock-off',
    area: 'filter',
    title: 'The clock of the machine is not synchronised',
    severity: 'warning',
    meaning: 'The clock jumped or is not synchronised: bans end too early or too late.',
    cadence: 'five_minutes',
    atOnce: false,
  },
  {
    id: 'loglevel-low',
    area: 'filter',
    title: 'fail2ban logs too little',
    severity: 'warning',
    meaning:
      'At this log level fail2ban does not log failures or even bans: neither BanGUI nor the jail recidive sees them.',
    cadence: 'minute',
    atOnce: false,
  },
] as const satisfies readonly HealthCheckInfo[]
