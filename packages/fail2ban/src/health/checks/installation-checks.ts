import { defineCheck, type HealthChecks } from '../health-check.ts'
import { problemOf } from '../problem.ts'

const OTHERS_WRITE = 0o002

/** Whether BanGUI sees what fail2ban sees, and whether others can change it. */
export const installationChecks = {
  'other-view': defineCheck(
    { needs: ['process', 'view', 'config'] },
    ({ seen: { process, view, config } }) => {
      const problems = []
      if (process.sameMounts === false)
        problems.push(
          problemOf({
            severity: 'warning',
            subject: 'files',
            title: 'fail2ban runs with other files than BanGUI',
            detail:
              'They are in different containers or mount namespaces. What BanGUI reads of the configuration and of logs may not be what fail2ban uses.',
            evidence: [`/proc/self/ns/mnt and /proc/${process.pid}/ns/mnt differ`],
            remedy:
              'Mount the folders of the configuration, the logs, the database and the socket of fail2ban at the same paths into the container of BanGUI.',
          }),
        )
      if (!view.isSameSocket)
        problems.push(
          problemOf({
            severity: 'warning',
            subject: 'socket',
            title: 'BanGUI manages another fail2ban than the configuration describes',
            detail: `BanGUI uses the socket ${view.socketPath}, and the configuration in ${config.configDir} names ${config.own.socket}.`,
            remedy: 'Set BANGUI_FAIL2BAN_SOCKET and BANGUI_FAIL2BAN_CONFIG_DIR to the same fail2ban.',
          }),
        )
      const cannotTell =
        process.sameMounts === null
          ? [{ jail: null, why: 'BanGUI may not compare its files with those of fail2ban.' }]
          : []
      return { problems, cannotTell }
    },
  ),

  permissions: defineCheck(
    { needs: ['access', 'view'], wants: ['process'] },
    ({ seen: { access, view, process } }) => {
      const open = access.filter(({ mode }) => (mode & OTHERS_WRITE) !== 0)
      const config = open.filter(({ kind }) => kind === 'config').map(({ path }) => path)
      const others = open.filter(({ kind }) => kind !== 'config')
      const isBlind = !view.isRoot && (process === undefined || process.openFiles === null)
      return {
        problems: [
          ...(config.length === 0
            ? []
            : [
                problemOf({
                  severity: 'warning',
                  subject: 'config',
                  title: `Every user of this machine can change ${config.length === 1 ? config[0] : `${config.length} files of fail2ban's configuration`}`,
                  detail: 'Who changes the configuration of fail2ban can run commands as root.',
                  evidence: config.slice(0, 10),
                  remedy: 'Take the permission away: chmod o-w.',
                }),
              ]),
          ...others.map(({ path, kind }) =>
            problemOf({
              severity: 'warning',
              subject: kind,
              title: `Every user of this machine can write to ${path}`,
              detail:
                kind === 'socket'
                  ? 'Who can write to the socket of fail2ban can run commands as root.'
                  : 'Who can write to the database decides whom fail2ban bans after a restart.',
              evidence: [`${path}: open to others`],
              remedy: 'Take the permission away, and give it to a group: chmod o-rwx, chgrp.',
            }),
          ),
          ...(isBlind
            ? [
                problemOf({
                  severity: 'hint',
                  subject: 'bangui',
                  title: 'BanGUI sees only a part of fail2ban',
                  detail:
                    'BanGUI does not run as root: it cannot look at the process of fail2ban or at the firewall. Several checks cannot tell anything.',
                  remedy:
                    'Run BanGUI as root, or give it the capabilities SYS_PTRACE, DAC_READ_SEARCH and NET_ADMIN.',
                }),
              ]
            : []),
        ],
      }
    },
  ),
} satisfies HealthChecks
