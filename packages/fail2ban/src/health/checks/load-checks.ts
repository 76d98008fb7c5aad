import { defineCheck, type HealthChecks, type Verdict } from '../health-check.ts'
import { problemOf } from '../problem.ts'
import { driftCheck } from './drift-check.ts'

/** Whether what runs is what the files say, and whether a reload would go well. */
export const loadChecks = {
  'reload-that-kills': defineCheck(
    { needs: ['daemonValues', 'config'], wants: ['logTarget'] },
    ({ seen: { daemonValues, config, logTarget } }) => {
      const dangers: Danger[] = config.refusedSettings.map((key) => ({
        key,
        what: `fail2ban cannot use the value of ${key}.`,
        remedy: `Correct ${key} in fail2ban.local.`,
      }))
      if (!isSameDatabase(config.own.dbfile, daemonValues.databaseFile))
        dangers.push({
          key: 'dbfile',
          what: 'The files name a different database from the one in use, which fail2ban refuses to change while it has jails.',
          remedy: 'Restart fail2ban instead of reloading it. A new database starts without bans.',
        })
      if (logTarget && logTarget.folder !== 'folder' && logTarget.folder !== 'unseen')
        dangers.push({
          key: 'logtarget',
          what: `The folder of ${logTarget.path} does not exist, so fail2ban cannot open its log.`,
          remedy: 'Create the folder, or set another logtarget.',
        })
      return {
        problems: dangers.map(({ key, what, remedy }) =>
          problemOf({
            severity: 'warning',
            subject: key,
            title: `A reload would remove every jail because of ${key}`,
            detail: `${what} A reload would stop halfway and leave fail2ban without any jails or bans, although the configuration test passes.`,
            remedy,
          }),
        ),
      }
    },
  ),

  'version-skew': defineCheck(
    { needs: ['daemon', 'clientVersion'] },
    ({ seen: { daemon, clientVersion } }): Verdict => {
      if (daemon.version === null || daemon.version === clientVersion) return {}
      return {
        problems: [
          problemOf({
            severity: 'warning',
            title: `fail2ban ${daemon.version} is running, but ${clientVersion} is installed`,
            detail:
              'fail2ban was probably upgraded but not restarted. A reload by a newer client can leave an older daemon without jails.',
            evidence: [`version of the daemon: ${daemon.version}`, `fail2ban-client -V: ${clientVersion}`],
            remedy: 'Restart fail2ban.',
            action: { kind: 'daemon.restart', jail: null, addresses: [] },
          }),
        ],
      }
    },
  ),

  drift: driftCheck,
} satisfies HealthChecks

interface Danger {
  readonly key: string
  readonly what: string
  readonly remedy: string
}

const isSameDatabase = (configured: string, running: string | null): boolean =>
  configured.toLowerCase() === 'none' ? running === null : configured === running
