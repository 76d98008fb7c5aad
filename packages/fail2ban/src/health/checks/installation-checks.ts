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
            title: 'fail2ban and BanGUI use different files',
            detail:
              'They run in different containers or mount namespaces. The configuration and logs that BanGUI reads may not be those that fail2ban uses.',
            evidence: [`/proc/self/ns/mnt and /proc/${process.pid}/ns/mnt differ`],
            remedy:
              'Mount the folders of fail2ban’s configuration, logs, database and socket into BanGUI’s container at the same paths.',
          }),
        )
      if (!view.isSameSocket)
        problems.push(
          problemOf({
            severity: 'warning',
            subject: 'socket',
            title: 'BanGUI manages a different fail2ban from the one in the configuration',
            detail: `BanGUI uses the socket ${view.socketPath}, but the configuration in ${config.configDir} names ${config.own.socket}.`,
            remedy:
              'Set BANGUI_FAIL2BAN_SOCKET and BANGUI_FAIL2BAN_CONFIG_DIR to the socket and the folder of the same fail2ban.',
          }),
        )
      const cannotTell =
        process.sameMounts === null
          ? [{ jail: null, why: 'BanGUI has no permission to check whether fail2ban uses the same files.' }]
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
                  detail: 'Anybody who can change fail2ban’s configuration can run commands as root.',
                  evidence: config.slice(0, 10),
                  remedy: 'Remove the permission: chmod o-w.',
                }),
              ]),
          ...others.map(({ path, kind }) =>
            problemOf({
              severity: 'warning',
              subject: kind,
              title: `Every user of this machine can write to ${path}`,
              detail:
                kind === 'socket'
                  ? 'Anybody who can write to fail2ban’s socket can run commands as root.'
                  : 'Anybody who can write to the database decides which addresses fail2ban bans after a restart.',
              evidence: [`${path}: open to others`],
              remedy: 'Remove the permission, and give it to a group instead: chmod o-rwx, chgrp.',
            }),
          ),
          ...(isBlind
            ? [
                problemOf({
                  severity: 'hint',
                  subject: 'bangui',
                  title: 'BanGUI sees only part of fail2ban',
                  detail:
                    'BanGUI does not run as root, so it cannot look at the fail2ban process or the firewall. Several checks cannot tell whether there is a problem.',
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
