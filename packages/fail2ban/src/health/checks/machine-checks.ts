import { defineCheck, type HealthChecks } from '../health-check.ts'
import { problemOf } from '../problem.ts'

const MAX_JUMP_MS = 60_000

/** The processes and the clock of the machine. */
export const machineChecks = {
  'two-daemons': defineCheck({ needs: ['daemon', 'processes'] }, ({ seen: { daemon, processes } }) => {
    const servers = processes.filter(({ isServer }) => isServer)
    if (servers.length < 2 || !servers.some(({ pid }) => pid === daemon.pid)) return {}
    return {
      problems: [
        problemOf({
          severity: 'warning',
          title: `${servers.length} fail2ban servers are running on this machine`,
          detail:
            'If both block in the same firewall, each lifts the bans of the other when it unbans or stops.',
          evidence: servers.map(({ pid, socket }) => `process ${pid}, socket ${socket ?? 'the default one'}`),
          remedy: 'Find out what started the other server, and stop it.',
        }),
      ],
    }
  }),

  'dead-at-boot': defineCheck({ needs: ['system', 'daemon'] }, ({ seen: { system, daemon } }) => {
    const { hasSystemd, unitState, activeState } = system
    if (!hasSystemd) return { doesNotApply: 'systemd does not run here.' }
    if (unitState === null)
      return {
        cannotTell: [{ jail: null, why: 'systemd has no service named fail2ban.' }],
      }
    if (unitState === 'disabled' || unitState === 'masked')
      return {
        problems: [
          problemOf({
            severity: 'warning',
            title: `fail2ban does not start at boot: its service is ${unitState}`,
            detail: 'After the next boot, nobody is banned until somebody starts fail2ban.',
            evidence: [`systemctl is-enabled fail2ban: ${unitState}`],
            remedy: `Run "systemctl ${unitState === 'masked' ? 'unmask' : 'enable'} fail2ban".`,
          }),
        ],
      }
    if (activeState !== 'failed' || daemon.state !== 'down') return {}
    return {
      problems: [
        problemOf({
          severity: 'critical',
          title: 'fail2ban has failed, and systemd does not start it again',
          detail: 'On Debian, systemd does not start fail2ban again after a configuration error.',
          evidence: [`systemctl show fail2ban: ActiveState=${activeState}`],
          remedy: 'Correct the configuration, then start fail2ban.',
          action: { kind: 'daemon.start', jail: null, addresses: [] },
        }),
      ],
    }
  }),

  'clock-off': defineCheck({ needs: ['system'] }, ({ seen: { system } }) => {
    const { isClockSynchronised, clockJumpMs } = system
    const jumped = clockJumpMs !== null && Math.abs(clockJumpMs) > MAX_JUMP_MS
    const problems = [
      ...(jumped
        ? [
            problemOf({
              severity: 'warning',
              subject: 'jump',
              title: `The system clock jumped by ${Math.round(clockJumpMs / 1000)} s`,
              detail: 'Bans end that much too early or too late.',
              remedy: 'Use a time service such as systemd-timesyncd or chrony to keep the clock correct.',
            }),
          ]
        : []),
      ...(isClockSynchronised === false
        ? [
            problemOf({
              severity: 'warning',
              title: 'The system clock is not synchronised',
              detail: 'The times of logs and bans drift away from those of other machines.',
              evidence: ['timedatectl show --property=NTPSynchronized: no'],
              remedy: 'Enable a time service: "timedatectl set-ntp true".',
            }),
          ]
        : []),
    ]
    if (problems.length > 0 || isClockSynchronised !== null) return { problems }
    return {
      cannotTell: [
        { jail: null, why: 'Without systemd, BanGUI cannot tell whether the clock is synchronised.' },
      ],
    }
  }),
} satisfies HealthChecks
