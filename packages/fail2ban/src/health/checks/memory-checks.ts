import { defineCheck, type HealthChecks } from '../health-check.ts'
import { problemOf } from '../problem.ts'

const DAY_SECONDS = 86_400
/** Repeat offenders are forgotten after dbpurgeage and three bans (`bips` in `database.py`). */
const MIN_PURGE_AGE_SECONDS = 7 * DAY_SECONDS

/** Whether fail2ban remembers bans for as long as longer bans and recidive need. */
export const memoryChecks = {
  'increment-without-db': defineCheck(
    { needs: ['daemonValues', 'jails'] },
    ({ seen: { daemonValues, jails } }) => {
      if (daemonValues.databaseFile !== null) return {}
      const affected = jails.filter(({ increment }) => increment)
      if (affected.length === 0)
        return { note: 'fail2ban keeps no database, so it forgets every ban when it restarts.' }
      return {
        problems: affected.map(({ name }) =>
          problemOf({
            severity: 'warning',
            jail: name,
            title: `${name}: longer bans for repeat offenders have no effect without a database`,
            detail:
              'bantime.increment is enabled, but fail2ban keeps no database (dbfile = None). fail2ban also forgets every ban when it restarts.',
            evidence: [`get ${name} bantime.increment: True`, 'get dbfile: None'],
            remedy: 'Set dbfile in fail2ban.local to a file, then restart fail2ban.',
          }),
        ),
      }
    },
  ),

  'purge-too-short': defineCheck(
    { needs: ['daemonValues', 'jails'], wants: ['config'] },
    ({ seen: { daemonValues, jails, config } }) => {
      const { databasePurgeAge: age } = daemonValues
      if (age === null) return {}
      const increments = jails.filter(({ increment }) => increment)
      const recidive = jails.filter(
        ({ name, findtime }) =>
          findtime > age && config?.jails.find((jail) => jail.name === name)?.filter === 'recidive',
      )
      return {
        problems: [
          ...(increments.length > 0 && age < MIN_PURGE_AGE_SECONDS
            ? [
                problemOf({
                  severity: 'hint',
                  title: 'fail2ban forgets repeat offenders too early',
                  detail: `dbpurgeage is ${daysOf(age)}: an address that stays away for that long and three times its last ban starts again with the shortest ban. Longer bans for repeat offenders are enabled in ${increments.map(({ name }) => name).join(', ')}.`,
                  evidence: [`get dbpurgeage: ${age}`],
                  remedy: 'Set dbpurgeage in fail2ban.local to 30d, for example.',
                  fix: [{ kind: 'set', scope: 'fail2ban', key: 'dbpurgeage', value: '30d' }],
                }),
              ]
            : []),
          ...recidive.map(({ name, findtime }) =>
            problemOf({
              severity: 'hint',
              jail: name,
              title: `${name} looks back further than fail2ban’s database`,
              detail: `Its findtime is ${daysOf(findtime)}, but dbpurgeage is ${daysOf(age)}: after a restart, older bans are forgotten.`,
              evidence: [`get ${name} findtime: ${findtime}`, `get dbpurgeage: ${age}`],
              remedy: 'Set dbpurgeage in fail2ban.local to at least the findtime of the jail.',
            }),
          ),
        ],
      }
    },
  ),

  'recidive-blind': defineCheck(
    { needs: ['daemonValues', 'jails', 'config', 'logFiles'] },
    ({ seen: { daemonValues, jails, config, logFiles } }) => {
      const [target = ''] = daemonValues.logTarget.split('[', 1)
      const inodeOf = (path: string) => logFiles.find((file) => file.path === path)?.inode ?? ''
      const others = jails.filter(({ name }) => filterOf(config.jails, name) !== 'recidive')
      return {
        problems: jails.flatMap((jail) => {
          if (filterOf(config.jails, jail.name) !== 'recidive') return []
          const { name, logPaths, bantime } = jail
          const isJournal = logPaths.length === 0 && jail.journalMatches.length > 0
          const readsOwn =
            logPaths.includes(target) ||
            logPaths.some((path) => inodeOf(path) !== '' && inodeOf(path) === inodeOf(target))
          if (!readsOwn && !(isJournal && !target.startsWith('/')))
            return [
              problemOf({
                severity: 'critical',
                jail: name,
                title: `${name} does not read fail2ban’s log`,
                detail: `fail2ban logs to ${target}, but ${name} reads ${isJournal ? 'the journal' : logPaths.join(', ')}: it never sees a ban.`,
                evidence: [
                  `get logtarget: ${daemonValues.logTarget}`,
                  `get ${name} logpath: ${logPaths.join(' ')}`,
                ],
                remedy: target.startsWith('/')
                  ? `Set logpath of ${name} to ${target}.`
                  : `Set logtarget in fail2ban.local to a file and logpath of ${name} to the same file, or make ${name} read the journal (backend = systemd).`,
                fix: target.startsWith('/')
                  ? [{ kind: 'set', scope: 'jail', name, key: 'logpath', value: target }]
                  : null,
              }),
            ]
          const longest = others.find(
            (other) => bantime >= 0 && (other.bantime < 0 || other.bantime >= bantime),
          )
          if (!longest) return []
          return [
            problemOf({
              severity: 'hint',
              jail: name,
              subject: 'bantime',
              title: `${name} does not ban for longer than ${longest.name}`,
              detail: `Bans of ${name} are meant for repeat offenders, but bans of ${longest.name} last as long or longer.`,
              evidence: [
                `get ${name} bantime: ${bantime}`,
                `get ${longest.name} bantime: ${longest.bantime}`,
              ],
              remedy: `Raise bantime of ${name}.`,
            }),
          ]
        }),
      }
    },
  ),
} satisfies HealthChecks

const filterOf = (
  jails: readonly { readonly name: string; readonly filter: string | null }[],
  name: string,
) => jails.find((jail) => jail.name === name)?.filter

const daysOf = (seconds: number): string =>
  seconds >= DAY_SECONDS ? `${Math.round(seconds / DAY_SECONDS)} d` : `${Math.round(seconds / 3600)} h`
