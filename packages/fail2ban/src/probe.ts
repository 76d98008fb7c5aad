import { capabilitiesOf } from './capabilities.ts'
import { listRunningJails, ping, readJailCounts, readVersion } from './commands.ts'
import type { DaemonConnection } from './connection.ts'
import type { DaemonInstance } from './daemon-instance.ts'
import { Fail2banUnavailableError } from './errors.ts'
import type { ProbeAnswer, ProbeFailure, ProbeOutcome } from './models/daemon-models.ts'

/** Milliseconds that each command of a probe has. */
const probeDeadline = 5000

export interface ProbeOptions {
  /** returns which run of the daemon it is; called when the daemon has answered */
  readonly findInstance: () => Promise<DaemonInstance>
  /** milliseconds for each command @default 5000 */
  readonly deadline?: number
}

/** Probes the daemon: ping, version, jails, and the totals over all jails. Never rejects: a failure is a value. */
export const probeDaemon = async (
  connection: DaemonConnection,
  options: ProbeOptions,
): Promise<ProbeOutcome> => {
  try {
    return await askDaemon(connection, options)
  } catch (error) {
    return describeFailure(error, connection.connected)
  }
}

const askDaemon = async (connection: DaemonConnection, options: ProbeOptions): Promise<ProbeAnswer> => {
  const { deadline = probeDeadline } = options
  const [, version, jails] = await Promise.all([
    ping(connection, deadline),
    readVersion(connection, deadline),
    listRunningJails(connection, deadline),
  ])
  const capabilities = capabilitiesOf(version)
  const counts = [...(await readJailCounts(connection, jails, { capabilities, deadline })).values()]
  const sum = (key: 'currentlyBanned' | 'totalBanned' | 'currentlyFailed' | 'totalFailed') =>
    counts.reduce((total, count) => total + count[key], 0)
  return {
    ok: true,
    version,
    jails,
    currentlyBanned: sum('currentlyBanned'),
    totalBanned: sum('totalBanned'),
    currentlyFailed: sum('currentlyFailed'),
    totalFailed: sum('totalFailed'),
    instance: await options.findInstance(),
  }
}

const describeFailure = (error: unknown, connected: boolean): ProbeFailure => {
  const message = error instanceof Error ? error.message : String(error)
  if (error instanceof Fail2banUnavailableError)
    return { ok: false, reason: error.params.reason, message, connected }
  // a daemon that does not report its version is no fail2ban that BanGUI knows
  return {
    ok: false,
    reason: 'protocol_error',
    message: `fail2ban refused a status request: ${message}`,
    connected,
  }
}
