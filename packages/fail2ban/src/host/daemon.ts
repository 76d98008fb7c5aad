import { existsSync } from 'node:fs'
import { sleep } from '@bangui/async'
import { listRunningJails, ping } from '../commands.ts'
import { deadlines, type LocalHostContext } from './local-host-context.ts'
import { findDaemonProcess } from './daemon-process.ts'
import { pidfileOf } from './pidfile.ts'
import { isHolder } from './socket-guard.ts'
import type { SocketHolder } from './socket-holder.ts'
import { inspectSocket } from './socket-state.ts'

/**
 * The state of the daemon: it answers; it runs but is silent; it does not run, perhaps with its old socket left, or
 * with another process that listens in its place.
 */
export type DaemonState =
  | { readonly state: 'up' | 'silent'; readonly pid: number | null }
  | { readonly state: 'down'; readonly staleSocket: boolean; readonly holder?: SocketHolder }

/**
 * Checks the socket and the process. `down` only when no daemon listens on the socket and the pidfile's process is
 * gone.
 * @throws Fail2banUnavailableError when the state cannot be determined (no permission), ConfigUnreadableError
 */
export async function findDaemon(context: LocalHostContext): Promise<DaemonState> {
  const pidfile = await pidfileOf(context.configDir)
  const answer = await tryPing(context)
  if (answer === undefined) await context.guard.noteAnswer()
  const process = await findDaemonProcess(pidfile)
  const pid = process.state === 'none' ? null : process.pid
  if (answer === undefined) return { state: 'up', pid }
  const listener = pid === null ? await context.guard.look() : 'daemon'
  if (isHolder(listener)) return { state: 'down', staleSocket: false, holder: listener }
  if (listener === 'nobody') return { state: 'down', staleSocket: existsSync(context.socketPath) }
  const socket = await inspectSocket(context.socketPath)
  if (socket === 'listening' || pid !== null) return { state: 'silent', pid }
  if (socket === 'unclear') throw answer
  return { state: 'down', staleSocket: socket === 'refused' }
}

/** Returns whether the daemon answers now. */
export const isAnswering = async (context: LocalHostContext): Promise<boolean> =>
  (await tryPing(context)) === undefined

async function tryPing(context: LocalHostContext): Promise<Error | undefined> {
  try {
    await ping(context.connection, deadlines.ping)
    return undefined
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}

/** Returns the names of the jails that the daemon has. @throws Fail2banUnavailableError */
export const listDaemonJails = (context: LocalHostContext): Promise<string[]> =>
  listRunningJails(context.connection, deadlines.read)

/** Returns the listed jails that were started, as far as that is known. */
export async function onlyStarted(context: LocalHostContext, listed: readonly string[]): Promise<string[]> {
  const pidfile = await pidfileOf(context.configDir).catch(() => undefined)
  const process = pidfile === undefined ? undefined : await findDaemonProcess(pidfile)
  return context.started.among(listed, process && process.state !== 'none' ? process.pid : null)
}

/** Checks every 50 ms until `check` returns true, for at most `deadline` milliseconds. Returns whether it did. */
export async function waitUntil(check: () => Promise<boolean>, deadline: number): Promise<boolean> {
  const end = performance.now() + deadline
  for (;;) {
    if (await check()) return true
    if (performance.now() >= end) return false
    await sleep(50)
  }
}
