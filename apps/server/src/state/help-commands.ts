import type { HostInfo } from '@bangui/fail2ban'
import type { ServerStatus } from '@bangui/shared'
import { dirname } from 'node:path'

/** Returns the commands, in order, for a daemon that is offline or silent; none while it answers. */
export function helpCommands(status: ServerStatus, { socketPath, startCommand, uid }: HostInfo): string[] {
  if (status.checkedAt === null || status.activity || (status.online && status.responding)) return []
  const log =
    startCommand[0] === 'systemctl' ? [shellLine(['sudo', 'journalctl', '-u', 'fail2ban', '-n', '50'])] : []
  switch (status.reason) {
    case 'permission_denied':
      return [
        shellLine(['sudo', 'setfacl', '-m', `u:${uid}:x`, dirname(socketPath)]),
        shellLine(['sudo', 'setfacl', '-m', `u:${uid}:rw`, socketPath]),
      ]
    case 'protocol_error':
      return [shellLine(['sudo', 'fail2ban-client', '-s', socketPath, 'ping'])]
    case 'timeout':
      return log
    default:
      return [shellLine(['sudo', ...startCommand]), ...log]
  }
}

/** An argument vector as a line for a shell. */
const shellLine = (args: readonly string[]) =>
  args.map((arg) => (/^[\w@%+=:,./-]+$/.test(arg) ? arg : `'${arg.replaceAll("'", `'\\''`)}'`)).join(' ')
