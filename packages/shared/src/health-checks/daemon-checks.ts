import type { HealthCheckInfo } from './health-check.ts'

export const daemonChecks = [
  {
    id: 'daemon-no-jails',
    area: 'daemon',
    title: 'fail2ban is running without any jails',
    severity: 'critical',
    meaning:
      'fail2ban answers but has no jails, although jails are enabled: nobody is banned. A reload that fails halfway leaves fail2ban in this state.',
    cadence: 'minute',
    atOnce: true,
  },
  {
    id: 'jail-not-running',
    area: 'daemon',
    title: 'A jail is listed but not running',
    severity: 'critical',
    meaning:
      'fail2ban lists the jail but never started it: the jail reads no log and bans nobody. The cause is often an error in another jail.',
    cadence: 'minute',
    atOnce: true,
  },
  {
    id: 'jail-missing',
    area: 'daemon',
    title: 'A jail is enabled but not loaded',
    severity: 'critical',
    meaning:
      'The configuration enables the jail, but fail2ban does not have it: the configuration is wrong or was never loaded, or the jail was stopped.',
    cadence: 'minute',
    atOnce: false,
  },
  {
    id: 'reload-that-kills',
    area: 'daemon',
    title: 'A reload would remove every jail',
    severity: 'warning',
    meaning:
      'The files contain a global setting that a running fail2ban refuses in the middle of a reload. No jail is left afterwards, although the configuration test passes.',
    cadence: 'five_minutes',
    atOnce: false,
  },
  {
    id: 'version-skew',
    area: 'daemon',
    title: 'fail2ban was upgraded, but the old version is still running',
    severity: 'warning',
    meaning:
      'The fail2ban-client on this machine has a different version from the running daemon. A reload by a newer client can leave an older daemon without jails.',
    cadence: 'hour',
    atOnce: false,
  },
  {
    id: 'drift',
    area: 'daemon',
    title: 'The files differ from the running configuration',
    severity: 'warning',
    meaning:
      'A setting was edited but never loaded, or was changed at run time: the next reload applies the value in the files.',
    cadence: 'five_minutes',
    atOnce: false,
  },
  {
    id: 'daemon-stuck',
    area: 'daemon',
    title: 'fail2ban does not answer',
    severity: 'critical',
    meaning:
      'The fail2ban process exists but does not answer: it may have been paused by a signal, or be waiting for a disk.',
    cadence: 'minute',
    atOnce: false,
  },
  {
    id: 'stale-socket',
    area: 'daemon',
    title: 'fail2ban is not running; only its socket is left',
    severity: 'critical',
    meaning: 'fail2ban ended without cleaning up. Nobody is banned until fail2ban is started again.',
    cadence: 'minute',
    atOnce: true,
  },
  {
    id: 'dead-at-boot',
    area: 'daemon',
    title: 'fail2ban will not be running after the next boot',
    severity: 'warning',
    meaning: 'The service is disabled or masked, or has failed and systemd does not start it again.',
    cadence: 'hour',
    atOnce: false,
  },
  {
    id: 'two-daemons',
    area: 'daemon',
    title: 'More than one fail2ban is running',
    severity: 'warning',
    meaning:
      'If they use the same chains and sets in the firewall, one lifts the bans of the other when it unbans or stops.',
    cadence: 'five_minutes',
    atOnce: false,
  },
] as const satisfies readonly HealthCheckInfo[]
