import type { HealthCheckInfo } from './health-check.ts'

export const configChecks = [
  {
    id: 'unknown-key',
    area: 'config',
    title: 'An option is probably misspelt',
    severity: 'warning',
    meaning: 'fail2ban does not know the option and ignores it without a word.',
    cadence: 'five_minutes',
    atOnce: false,
  },
  {
    id: 'wrong-file',
    area: 'config',
    title: 'fail2ban does not read a file or section',
    severity: 'hint',
    meaning: 'The name of a file or section is one that fail2ban passes over: what it sets has no effect.',
    cadence: 'five_minutes',
    atOnce: false,
  },
  {
    id: 'later-wins',
    area: 'config',
    title: 'Two files set the same option differently',
    severity: 'hint',
    meaning: 'fail2ban uses the value of the file that it reads last, which is not always the expected one.',
    cadence: 'five_minutes',
    atOnce: false,
  },
  {
    id: 'duplicate',
    area: 'config',
    title: 'A section or option stands twice in a file',
    severity: 'critical',
    meaning: 'fail2ban refuses a file with a repeated section or option: it does not start or reload.',
    cadence: 'five_minutes',
    atOnce: false,
  },
  {
    id: 'enabled-in-default',
    area: 'config',
    title: 'Every jail is switched on',
    severity: 'warning',
    meaning:
      'enabled = true in [DEFAULT] switches on all stock jails. fail2ban does not start as soon as one of them has no log.',
    cadence: 'five_minutes',
    atOnce: true,
  },
  {
    id: 'frozen-copy',
    area: 'config',
    title: 'A copy of the stock configuration hides its updates',
    severity: 'hint',
    meaning:
      'jail.local repeats jail.conf, or a packaged file was edited: improvements of an upgrade have no effect.',
    cadence: 'hour',
    atOnce: false,
  },
  {
    id: 'purge-db',
    area: 'config',
    title: 'fail2ban had to create a new database',
    severity: 'warning',
    meaning:
      'The database was damaged or removed: the bans and the memory of repeat offenders in it are lost.',
    cadence: 'five_minutes',
    atOnce: false,
  },
  {
    id: 'own-log',
    area: 'config',
    title: 'fail2ban writes into a rotated or deleted log',
    severity: 'warning',
    meaning: 'The log was rotated without telling fail2ban: BanGUI and recidive no longer see what happens.',
    cadence: 'minute',
    atOnce: false,
  },
  {
    id: 'security-fixes',
    area: 'config',
    title: 'A known weakness of fail2ban is in use',
    severity: 'warning',
    meaning: 'An action or filter in use lacks the fix of a published weakness of fail2ban.',
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
      'BanGUI and fail2ban run in different containers or with different folders: what BanGUI reads may not be what runs.',
    cadence: 'hour',
    atOnce: false,
  },
  {
    id: 'permissions',
    area: 'installation',
    title: 'BanGUI or others have wrong permissions',
    severity: 'hint',
    meaning: 'BanGUI lacks a permission that it needs, or files of fail2ban can be changed by other users.',
    cadence: 'hour',
    atOnce: false,
  },
] as const satisfies readonly HealthCheckInfo[]
