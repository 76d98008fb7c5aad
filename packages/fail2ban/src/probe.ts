import { readFile, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { capabilitiesOf } from './capabilities.ts'
import { listRunningJails, ping, readJailCounts, readVersion } from './commands.ts'
import type { DaemonConnection } from './connection.ts'
import { Fail2banUnavailableError } from './errors.ts'
import type { DaemonInstance, ProbeAnswer, ProbeFailure, ProbeOutcome } from './host-models.ts'

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
    return { ok: false, reason: error.reason, message, connected }
  // a daemon that does not report its version is no fail2ban that BanGUI knows
  return {
    ok: false,
    reason: 'protocol_error',
    message: `fail2ban refused a plain question: ${message}`,
    connected,
  }
}

/**
 * Returns which run of the daemon there is: by the socket, which is recreated at every start, and the process id, which changes if
 * systemd keeps the socket. Leaves out what cannot be read.
 */
export const readDaemonInstance = async (socketPath: string, pidFile?: string): Promise<DaemonInstance> => {
  const [socket, pid] = await Promise.all([
    readSocketIdentity(socketPath),
    readPid(pidFile ?? join(dirname(socketPath), 'fail2ban.pid')),
  ])
  return { id: `${socket}/${pid ?? ''}`, pid }
}

/** Returns the process id in the daemon's pidfile; null where there is none. */
export const readPid = async (pidFile: string): Promise<number | null> => {
  try {
    const text = (await readFile(pidFile, { encoding: 'latin1' })).trim()
    return /^[1-9]\d{0,9}$/.test(text) ? Number(text) : null
  } catch {
    // not there, or not ours to read: the socket alone has to do
    return null
  }
}

const readSocketIdentity = async (socketPath: string): Promise<string> => {
  try {
    const { ino, birthtimeMs, ctimeMs } = await stat(socketPath)
    // an administrator's chgrp moves the ctime, not the birth
    return `${ino}.${birthtimeMs || ctimeMs}`
  } catch {
    return ''
  }
}
