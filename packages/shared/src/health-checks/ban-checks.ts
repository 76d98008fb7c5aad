import type { HealthCheckInfo } from './health-check.ts'

export const banChecks = [
  {
    id: 'findtime-zero',
    area: 'ban',
    title: 'Failures are never counted',
    severity: 'critical',
    meaning: 'With a findtime of 0, fail2ban counts no failures and never bans.',
    cadence: 'minute',
    atOnce: true,
  },
  {
    id: 'bantime-zero',
    area: 'ban',
    title: 'Bans are too short to have any effect',
    severity: 'critical',
    meaning:
      'With a bantime of 0, fail2ban counts failures but never bans. A ban of a few seconds is useless.',
    cadence: 'minute',
    atOnce: true,
  },
  {
    id: 'world-ignored',
    area: 'ban',
    title: 'The ignore list covers almost everyone',
    severity: 'critical',
    meaning:
      'A network on the ignore list is so large that it includes attackers, who are then never banned.',
    cadence: 'minute',
    atOnce: true,
  },
  {
    id: 'ignore-name',
    area: 'ban',
    title: 'A host name on the ignore list does not resolve',
    severity: 'warning',
    meaning:
      'fail2ban looks up the name at each failure. While the lookup fails, the address behind the name can be banned; a slow lookup delays bans.',
    cadence: 'minute',
    atOnce: false,
  },
  {
    id: 'ignorecommand-fails',
    area: 'ban',
    title: 'The ignore command fails',
    severity: 'warning',
    meaning:
      'The command that decides which addresses to ignore fails, so that they are banned anyway; or the command ignores every address.',
    cadence: 'minute',
    atOnce: false,
  },
  {
    id: 'many-failures-no-ban',
    area: 'ban',
    title: 'Many failures, but never a ban',
    severity: 'warning',
    meaning:
      'The jail has counted many failures for at least a day but has banned nobody: its limits are never reached.',
    cadence: 'hour',
    atOnce: false,
  },
  {
    id: 'slow-distributed',
    area: 'ban',
    title: 'Many addresses stay under the limit',
    severity: 'hint',
    meaning:
      'Many addresses, often in the same network, fail only a few times each, so none of them is banned.',
    cadence: 'hour',
    atOnce: false,
  },
  {
    id: 'returns-at-once',
    area: 'ban',
    title: 'Attackers return as soon as their ban ends',
    severity: 'warning',
    meaning: 'Many of the banned addresses are banned again soon after their ban ends: bans are too short.',
    cadence: 'hour',
    atOnce: false,
  },
  {
    id: 'increment-without-db',
    area: 'ban',
    title: 'Longer bans for repeat offenders need a database',
    severity: 'warning',
    meaning:
      'Without a database, bantime.increment has no effect, and fail2ban forgets every ban when it restarts.',
    cadence: 'five_minutes',
    atOnce: false,
  },
  {
    id: 'purge-too-short',
    area: 'ban',
    title: 'fail2ban forgets repeat offenders too early',
    severity: 'hint',
    meaning:
      'The database keeps bans (dbpurgeage) for less time than longer bans for repeat offenders or the recidive jail need.',
    cadence: 'five_minutes',
    atOnce: false,
  },
  {
    id: 'recidive-blind',
    area: 'ban',
    title: 'recidive reads the wrong log',
    severity: 'critical',
    meaning: 'The recidive jail looks for bans in a file that fail2ban does not write to, so it never bans.',
    cadence: 'five_minutes',
    atOnce: false,
  },
  {
    id: 'usedns',
    area: 'ban',
    title: 'DNS decides who is banned',
    severity: 'warning',
    meaning:
      'The jail looks up host names found in the log. Whoever controls the DNS of a name decides who is banned.',
    cadence: 'five_minutes',
    atOnce: false,
  },
] as const satisfies readonly HealthCheckInfo[]

export const addressChecks = [
  {
    id: 'proxy-banned',
    area: 'address',
    title: 'A proxy, a gateway or one of your own addresses is banned',
    severity: 'critical',
    meaning:
      'Everybody behind this address is locked out, or the service logs the address of its proxy instead of the client’s.',
    cadence: 'five_minutes',
    atOnce: true,
  },
  {
    id: 'monitor-banned',
    area: 'address',
    title: 'A banned address looks like a monitoring system',
    severity: 'hint',
    meaning:
      'The address is banned at regular intervals, as a monitoring system or one of your own devices would be.',
    cadence: 'hour',
    atOnce: false,
  },
] as const satisfies readonly HealthCheckInfo[]
