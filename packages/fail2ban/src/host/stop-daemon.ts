import { readFile } from 'node:fs/promises'
import { Fail2banCommandError, Fail2banUnavailableError } from '../errors.ts'
import { deadlines, type LocalHostContext } from './local-host-context.ts'
import { findDaemonProcess } from './daemon-process.ts'
import { findDaemon, waitUntil } from './daemon.ts'
import { pidfileOf } from './pidfile.ts'
import { runTool } from './run-tool.ts'
import { isHolder } from './socket-guard.ts'
import { inspectSocket } from './socket-state.ts'
import { hasSystemd } from './start-daemon.ts'

/**
 * Stops the daemon and waits until its process has ended and its socket is closed, or taken over by a process that listens in
 * its place; does nothing when no daemon runs. Bans stay in the daemon's database.
 * @throws Fail2banUnavailableError when it does not answer or does not end
 */
export async function stopDaemon(context: LocalHostContext): Promise<void> {
  const found = await findDaemon(context)
  if (found.state === 'down') return
  if (found.state === 'silent') throw new Fail2banUnavailableError('timeout', silent(found.pid))
  const pidfile = await pidfileOf(context.configDir)
  const isUnit = context.startCommand === null && hasSystemd() && (await isOfUnit(found.pid))
  const asked = isUnit
    ? runTool(['systemctl', 'stop', 'fail2ban'], { deadline: deadlines.stop })
    : askToStop(context)
  const gone = await context.guard.whileStopping(async () => {
    await asked
    return waitUntil(() => isGone(context, pidfile), deadlines.gone)
  })
  if (!gone)
    throw new Fail2banUnavailableError('timeout', 'fail2ban was asked to stop and has not ended within 30 s.')
}

/** Returns whether systemd's unit runs this process: stopping the unit must not stop another daemon than the one meant. */
async function isOfUnit(pid: number | null): Promise<boolean> {
  const groups = pid === null ? '' : await readFile(`/proc/${pid}/cgroup`, 'utf8').catch(() => '')
  return groups.includes('/fail2ban.service')
}

async function askToStop(context: LocalHostContext): Promise<void> {
  try {
    await context.connection.request(['stop'], { deadline: deadlines.stop, write: true })
  } catch (error) {
    if (error instanceof Fail2banCommandError) throw error
    // the connection may close before the answer: whether it ended is seen by its process
  }
}

async function isGone(context: LocalHostContext, pidfile: string): Promise<boolean> {
  if ((await findDaemonProcess(pidfile)).state !== 'none') return false
  const listener = await context.guard.look()
  if (isHolder(listener) || listener === 'nobody') return true
  return (await inspectSocket(context.socketPath)) !== 'listening'
}

const silent = (pid: number | null) =>
  `fail2ban${pid === null ? '' : ` (process ${pid})`} does not answer, so it cannot be asked to stop.`
