import { getDaemonSettings, listRunningJails, readVersion } from '../../commands.ts'
import { findDaemon } from '../../host/daemon.ts'
import { deadlines } from '../../host/local-host-context.ts'
import type { DaemonSeen } from '../seen/daemon-seen.ts'
import { UnseenError, type Collecting, type Collector } from './collector.ts'

/** Sees the daemon: whether it answers, and which jails it lists. */
export const collectDaemon: Collector<'daemon'> = async ({ context }) => {
  const found = await findDaemon(context)
  if (found.state === 'down')
    return { state: 'down', staleSocket: found.staleSocket, pid: null, version: null, jails: [] }
  if (found.state === 'silent')
    return { state: 'silent', staleSocket: false, pid: found.pid, version: null, jails: [] }
  const [version, jails] = await Promise.all([
    readVersion(context.connection, deadlines.read),
    listRunningJails(context.connection, deadlines.read),
  ])
  return { state: 'up', staleSocket: false, pid: found.pid, version, jails }
}

/** Returns the daemon when it answers. @throws UnseenError otherwise */
export async function daemonThatAnswers({ get }: Pick<Collecting, 'get'>): Promise<DaemonSeen> {
  const daemon = await get('daemon')
  if (daemon.state === 'up') return daemon
  throw new UnseenError(
    daemon.state === 'down' ? 'fail2ban is not running.' : 'fail2ban is busy and does not answer.',
  )
}

/** Sees fail2ban's own settings in the running daemon. */
export const collectDaemonValues: Collector<'daemonValues'> = async (collecting) => {
  await daemonThatAnswers(collecting)
  return getDaemonSettings(collecting.context.connection, deadlines.read)
}
