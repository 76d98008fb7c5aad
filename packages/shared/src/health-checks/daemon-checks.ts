import type { HealthCheckInfo } from './health-check.ts'

export const daemonChecks = [
  {
    id: 'daemon-no-jails',
    area: 'daemon',
    title: 'fail2ban runs without any jail',
    severity: 'critical',
    meaning:
      'fail2ban answers, but has no jail although jails are switched on: nobody is banned. A reload that fails half-way leaves it like this.',
    cadence: 'minute',
    atOnce: true,
  },
  {
    id: 'jail-not-running',
    area: 'daemon',
    title: 'A jail is listed but does not work',
    severity: 'critical',
    meaning:
      'fail2ban lists the jail, but never started it: it reads no log and bans nobody. An error in another jail is often the cause.',
    cadence: 'minute',
    atOnce: true,
  },
  {
    id: 'jail-missing',
    area: 'daemon',
    title: 'A jail is switched on but not loaded',
    severity: 'critical',
    meaning:
      'The configuration switches the jail on, but fail2ban does not have it: its configuration is wrong, was never loaded, or the jail was stopped.',
    cadence: 'minute',
    atOnce: false,
  },
  {
    id: 'reload-that-kills',
    area: 'daemon',
    title: 'A reload would switch everything off',
    severity: 'warning',
    meaning:
      'The files have a global setting that a running fail2ban refuses in the middle of a reload. Afterwards no jail is left, although the test of the configuration passes.',
    cadence: 'five_minutes',
    atOnce: false,
  },
  {
    id: 'version-skew',
    area: 'daemon',
    title: 'fail2ban was upgraded, but the old version still runs',
    severity: 'warning',
    meaning:
      'The fail2ban-client on this machine has another version than the running daemon. A reload by a newer client can leave an old daemon without jails.',
    cadence: 'hour',
    atOnce: false,
  },
  {
    id: 'drift',
    area: 'daemon',
    title: 'The files say something else than what runs',
    severity: 'warning',
    meaning: 'A setting was edited but never loaded, or changed at run time: the next reload changes it.',
    cadence: 'five_minutes',
    atOnce: false,
  },
  {
    id: 'daemon-stuck',
    area: 'daemon',
    title: 'fail2ban does not answer',
    severity: 'critical',
    meaning: 'The process of fail2ban exists, but answers nothing: it is stopped, or waits for a disk.',
    cadence: 'minute',
    atOnce: false,
  },
  {
    id: 'stale-socket',
    area: 'daemon',
    title: 'fail2ban is gone, only its socket is left',
    severity: 'critical',
    meaning: 'fail2ban ended without cleaning up. Nobody is banned until it is started again.',
    cadence: 'minute',
    atOnce: true,
  },
  {
    id: 'dead-at-boot',
    area: 'daemon',
    title: 'fail2ban will not be running after the next boot',
    severity: 'warning',
    meaning:
      'The service is disabled or masked, or has failed in a way after which systemd does not start it again.',
    cadence: 'hour',
    atOnce: false,
  },
  {
    id: 'two-daemons',
    area: 'daemon',
    title: 'Two fail2ban processes run at the same time',
    severity: 'warning',
    meaning:
      'Both write to the same chains and sets of the firewall: one lifts the bans of the other when it unbans or stops.',
    cadence: 'five_minutes',
    atOnce: false,
  },
] as const satisfies readonly HealthCheckInfo[]
