import type { HealthCheckInfo } from './health-check.ts'

export const banChecks = [
  {
    id: 'findtime-zero',
    area: 'ban',
    title: 'Failures are never counted',
    severity: 'critical',
    meaning: 'With a findtime of 0 fail2ban counts no failure, so it never bans.',
    cadence: 'minute',
    atOnce: true,
  },
  {
    id: 'bantime-zero',
    area: 'ban',
    title: 'Bans last no time',
    severity: 'critical',
    meaning:
      'With a bantime of 0 fail2ban counts failures and never bans; with a few seconds a ban is useless.',
    cadence: 'minute',
    atOnce: true,
  },
  {
    id: 'world-ignored',
    area: 'ban',
    title: 'The ignore list covers almost everyone',
    severity: 'critical',
    meaning: 'A network on the ignore list is so large that attackers are in it: they are never banned.',
    cadence: 'minute',
    atOnce: true,
  },
  {
    id: 'ignore-name',
    area: 'ban',
    title: 'A host name on the ignore list does not resolve',
    severity: 'warning',
    meaning:
      'fail2ban looks the name up at each failure. Whoever it stands for may be banned, and a slow lookup delays bans.',
    cadence: 'minute',
    atOnce: false,
  },
  {
    id: 'ignorecommand-fails',
    area: 'ban',
    title: 'The ignore command fails',
    severity: 'warning',
    meaning:
      'The command that decides whom to ignore fails, and addresses are banned nevertheless; or it ignores everybody.',
    cadence: 'minute',
    atOnce: false,
  },
  {
    id: 'many-failures-no-ban',
    area: 'ban',
    title: 'Many failures, but never a ban',
    severity: 'warning',
    meaning:
      'The jail has counted many failures for at least a day and has banned nobody: its limits are never reached.',
    cadence: 'hour',
    atOnce: false,
  },
  {
    id: 'slow-distributed',
    area: 'ban',
    title: 'Many sources stay just under the limit',
    severity: 'hint',
    meaning: 'Many addresses of a network fail a few times each, so that none of them is banned.',
    cadence: 'hour',
    atOnce: false,
  },
  {
    id: 'returns-at-once',
    area: 'ban',
    title: 'Attackers return as soon as their ban ends',
    severity: 'warning',
    meaning:
      'A good part of the banned addresses is banned again shortly after the ban ended: bans are too short.',
    cadence: 'hour',
    atOnce: false,
  },
  {
    id: 'increment-without-db',
    area: 'ban',
    title: 'Longer bans for repeated offences need a database',
    severity: 'warning',
    meaning:
      'bantime.increment has no effect without a database. Without one, a restart also forgets every ban.',
    cadence: 'five_minutes',
    atOnce: false,
  },
  {
    id: 'purge-too-short',
    area: 'ban',
    title: 'fail2ban forgets repeat offenders too early',
    severity: 'hint',
    meaning: 'The database keeps bans for a shorter time (dbpurgeage) than longer bans or recidive need.',
    cadence: 'five_minutes',
    atOnce: false,
  },
  {
    id: 'recidive-blind',
    area: 'ban',
    title: 'recidive reads the wrong log',
    severity: 'critical',
    meaning: 'The jail recidive looks for bans in a file into which fail2ban does not write: it never bans.',
    cadence: 'five_minutes',
    atOnce: false,
  },
  {
    id: 'usedns',
    area: 'ban',
    title: 'Names from DNS decide who is banned',
    severity: 'warning',
    meaning:
      'The jail looks up host names found in the log. Whoever controls the DNS of a name chooses who is banned.',
    cadence: 'five_minutes',
    atOnce: false,
  },
] as const satisfies readonly HealthCheckInfo[]

export const addressChecks = [
  {
    id: 'proxy-banned',
    area: 'address',
    title: 'A proxy, a gateway or an own address is banned',
    severity: 'critical',
    meaning:
      'Everybody behind this address is locked out, or the service logs the address of its proxy instead of the client.',
    cadence: 'five_minutes',
    atOnce: true,
  },
  {
    id: 'monitor-banned',
    area: 'address',
    title: 'A banned address looks like a monitor',
    severity: 'hint',
    meaning:
      'The address is banned again and again at even distances, as a monitoring system or an own device would be.',
    cadence: 'hour',
    atOnce: false,
  },
] as const satisfies readonly HealthCheckInfo[]
