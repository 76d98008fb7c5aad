import type { HealthCheckInfo } from './health-check.ts'

export const configChecks = [
  {
    id: 'unknown-key',
    area: 'config',
    title: 'An option is probably misspelt',
    severity: 'warning',
    meaning: 'fail2ban does not know the option and ignores it without a warning.',
    cadence: 'five_minutes',
    atOnce: false,
  },
  {
    id: 'wrong-file',
    area: 'config',
    title: 'fail2ban does not read a file or section',
    severity: 'hint',
    meaning: 'fail2ban skips a file or section because of its name: the settings in it have no effect.',
    cadence: 'five_minutes',
    atOnce: false,
  },
  {
    id: 'later-wins',
    area: 'config',
    title: 'Two files set the same option differently',
    severity: 'hint',
    meaning: 'fail2ban uses the value in the file that it reads last, which may not be the one you expect.',
    cadence: 'five_minutes',
    atOnce: false,
  },
  {
    id: 'duplicate',
    area: 'config',
    title: 'A section or option occurs twice in a file',
    severity: 'critical',
    meaning:
      'fail2ban refuses a file in which a section or option is repeated, and does not start or reload.',
    cadence: 'five_minutes',
    atOnce: false,
  },
  {
    id: 'enabled-in-default',
    area: 'config',
    title: 'Every jail is enabled',
    severity: 'warning',
    meaning:
      'enabled = true in [DEFAULT] enables all stock jails. If one of them has no log, fail2ban does not start.',
    cadence: 'five_minutes',
    atOnce: true,
  },
  {
    id: 'frozen-copy',
    area: 'config',
    title: 'A copy of the stock configuration hides its updates',
    severity: 'hint',
    meaning:
      'jail.local repeats jail.conf, or a packaged file was edited: improvements in newer versions have no effect.',
    cadence: 'hour',
    atOnce: false,
  },
  {
    id: 'purge-db',
    area: 'config',
    title: 'fail2ban had to create a new database',
    severity: 'warning',
    meaning: 'The database was damaged or removed: its bans and its record of repeat offenders are lost.',
    cadence: 'five_minutes',
    atOnce: false,
  },
  {
    id: 'own-log',
    area: 'config',
    title: 'fail2ban writes to a rotated or deleted log',
    severity: 'warning',
    meaning:
      'The log was rotated without notifying fail2ban: BanGUI and the recidive jail no longer see what happens.',
    cadence: 'minute',
    atOnce: false,
  },
  {
    id: 'security-fixes',
    area: 'config',
    title: 'A known vulnerability of fail2ban is not fixed',
    severity: 'warning',
    meaning: 'An action or filter in use lacks the fix for a published vulnerability of fail2ban.',
    cadence: 'hour',
    atOnce: false,
  },
] as const satisfies readonly HealthCheckInfo[]

export const installationChecks = [
  {
    id: 'other-view',
    area: 'installation',
    title: 'BanGUI does not see what fail2ban sees',
    severity: 'warning',
    meaning:
      'BanGUI and fail2ban run in different containers or use different folders: what BanGUI reads may not be what fail2ban uses.',
    cadence: 'hour',
    atOnce: false,
  },
  {
    id: 'permissions',
    area: 'installation',
    title: 'BanGUI or other users have the wrong permissions',
    severity: 'hint',
    meaning: 'BanGUI lacks a permission that it needs, or other users can change fail2ban’s files.',
    cadence: 'hour',
    atOnce: false,
  },
] as const satisfies readonly HealthCheckInfo[]
