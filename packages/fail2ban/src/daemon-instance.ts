import { readFile, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** One run of the daemon process. */
export interface DaemonInstance {
  /** of the socket and the process: another run has another id */
  readonly id: string
  /** as the daemon wrote it into its pidfile; null: not known */
  readonly pid: number | null
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
