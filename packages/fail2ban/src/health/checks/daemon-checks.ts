import { defineCheck, type HealthChecks } from '../health-check.ts'
import { problemOf } from '../problem.ts'
import type { OwnLogSeen } from '../seen/own-log-seen.ts'

/** The part of a jail's name that fits into the name of a thread (`f2b/f.<jail>`, 15 bytes in all). */
const NAME_BYTES = 9

/** Whether fail2ban runs, and has and runs the jails that it should. */
export const daemonChecks = {
  'daemon-no-jails': defineCheck(
    { needs: ['daemon', 'config'], wants: ['ownLog'] },
    ({ seen: { daemon, config, ownLog } }) => {
      if (daemon.state !== 'up' || daemon.jails.length > 0) return {}
      const { jails, refusal } = config
      if (jails.length === 0) return { note: 'No jail is enabled.' }
      const reason = refusal === null ? '' : ` fail2ban refuses the configuration: ${refusal.message}`
      return {
        problems: [
          problemOf({
            severity: 'critical',
            title: 'fail2ban is running, but no jail is loaded',
            detail: `${jails.length} ${jails.length === 1 ? 'jail is' : 'jails are'} enabled, but fail2ban has loaded none of them: nobody is banned.${reason}`,
            evidence: lastFailedCommand(ownLog),
            remedy:
              'Correct the cause or roll back the last change, then restart fail2ban. A reload is not enough.',
            action: { kind: 'daemon.restart', jail: null, addresses: [] },
          }),
        ],
      }
    },
  ),

  'jail-not-running': defineCheck(
    { needs: ['daemon', 'process'], wants: ['ownLog', 'config'] },
    ({ seen: { daemon, process, ownLog, config } }) => {
      // a daemon that names no thread as fail2ban does is in a form that is not known
      if (daemon.state !== 'up' || daemon.jails.length === 0) return {}
      if (!process.threads.some((name) => name.startsWith('f2b/')))
        return {
          cannotTell: [
            {
              jail: null,
              why: 'fail2ban’s threads have no names here, so BanGUI cannot tell which jails are running.',
            },
          ],
        }
      const { stopped, unclear } = findStopped(daemon.jails, process.threads)
      return {
        cannotTell: unclear.map((jail) => ({
          jail,
          why: 'Several jails have names with the same beginning, and not all of them are running.',
        })),
        problems: stopped.map((jail) =>
          problemOf({
            severity: 'critical',
            jail,
            title: `${jail} is listed but not running`,
            detail: `fail2ban lists the jail but has no thread for it: the jail reads no log and bans nobody. ${whyStopped(jail, config?.jails.find(({ name }) => name === jail)?.fault ?? null)}`,
            evidence: lastFailedCommand(ownLog),
            remedy: 'Correct the cause, then restart fail2ban.',
            action: { kind: 'daemon.restart', jail: null, addresses: [] },
          }),
        ),
      }
    },
  ),

  'jail-missing': defineCheck({ needs: ['daemon', 'config'] }, ({ seen: { daemon, config } }) => {
    // without any jail, daemon-no-jails reports it
    if (daemon.state !== 'up' || daemon.jails.length === 0) return {}
    const listed = new Set(daemon.jails)
    const missing = config.jails.filter(({ name, waitsForLog }) => !listed.has(name) && !waitsForLog)
    return {
      problems: missing.map(({ name, fault }) =>
        problemOf({
          severity: 'critical',
          jail: name,
          title: `${name} is enabled but not loaded`,
          detail:
            fault === null
              ? 'The configuration has no error, but fail2ban does not have the jail: it has not been loaded since it was enabled, or it was stopped.'
              : `fail2ban skips the jail: ${fault}`,
          remedy:
            fault === null ? 'Start the jail.' : 'Correct the jail’s configuration, then start the jail.',
          action: fault === null ? { kind: 'jail.start', jail: name, addresses: [] } : null,
        }),
      ),
    }
  }),

  'daemon-stuck': defineCheck({ needs: ['daemon'], wants: ['process'] }, ({ seen: { daemon, process } }) => {
    if (daemon.state !== 'silent') return {}
    const isHeld = process?.state === 'T' || process?.state === 't'
    return {
      problems: [
        problemOf({
          severity: 'critical',
          title: 'fail2ban does not answer',
          detail: `The fail2ban process exists${isHeld ? ' and was paused by a signal' : ''}, but it does not answer.`,
          evidence: process ? [`/proc/${process.pid}/stat: state ${process.state}`] : [],
          remedy: `${isHeld ? `Continue the process with "kill -CONT ${process.pid}", or end it` : 'End the process'} and start fail2ban again. Do not start a second fail2ban beside it.`,
        }),
      ],
    }
  }),

  'stale-socket': defineCheck({ needs: ['daemon'] }, ({ seen: { daemon } }) => {
    if (daemon.state !== 'down' || !daemon.staleSocket) return {}
    return {
      problems: [
        problemOf({
          severity: 'critical',
          title: 'fail2ban is not running; only its socket is left',
          detail:
            'No process listens on the socket: fail2ban was killed or crashed. It bans nobody until it is started again; firewall rules of earlier bans may remain.',
          remedy: 'Start fail2ban.',
          action: { kind: 'daemon.start', jail: null, addresses: [] },
        }),
      ],
    }
  }),
} satisfies HealthChecks

/** The command that failed last says why a start or reload ended half-way. */
function lastFailedCommand(log: OwnLogSeen | undefined): readonly string[] {
  const failed = (log?.notes ?? []).filter(({ kind }) => kind === 'command-failed' || kind === 'jail-skipped')
  const last = failed.toSorted((one, other) => one.lastAt - other.lastAt).at(-1)
  return last?.lines ?? []
}

const whyStopped = (jail: string, fault: string | null): string =>
  fault === null
    ? 'A start or reload failed before it reached this jail, often because of another jail.'
    : `${jail} has an error: ${fault}`

/** Returns the jails without a thread, and those of which it is not clear because others have the same beginning. */
function findStopped(jails: readonly string[], threads: readonly string[]) {
  const running = new Map<string, number>()
  for (const thread of threads) {
    const [, name] = /^f2b\/f\.(.*)$/s.exec(thread) ?? []
    if (name !== undefined) running.set(name, (running.get(name) ?? 0) + 1)
  }
  const byBeginning = Map.groupBy(jails, cut)
  const stopped: string[] = []
  const unclear: string[] = []
  for (const [beginning, names] of byBeginning) {
    const count = running.get(beginning) ?? 0
    if (count === 0) stopped.push(...names)
    else if (count < names.length) unclear.push(...names)
  }
  return { stopped, unclear }
}

/** Half a character at the end is what the kernel returns, too. */
const cut = (name: string) => Buffer.from(name).subarray(0, NAME_BYTES).toString()
