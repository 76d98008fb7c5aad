import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { isAlive } from '../is-alive.ts'

/** The process of a pidfile. `stopped`: a signal (SIGSTOP) holds it, so it answers nobody. */
export type DaemonProcess =
  | { readonly state: 'none' }
  | { readonly state: 'running' | 'stopped'; readonly pid: number }

const none: DaemonProcess = { state: 'none' }

/**
 * Returns the daemon's process, by its pidfile. `none` when there is no such file or process, when the process is a zombie,
 * or when the number belongs to another program by now. A process that cannot be inspected counts as running.
 */
export async function findDaemonProcess(pidfile: string): Promise<DaemonProcess> {
  const pid = Number((await read(pidfile))?.trim())
  if (!Number.isInteger(pid) || pid < 2 || pid > 4_194_304) return none
  return inspectProcess(pid)
}

/** The state of one process, as {@link findDaemonProcess} returns it. */
export async function inspectProcess(pid: number): Promise<DaemonProcess> {
  if (!isAlive(pid)) return none
  const [stat, commandLine] = await Promise.all([read(`/proc/${pid}/stat`), read(`/proc/${pid}/cmdline`)])
  // not readable though alive: hidden from us (hidepid), or not Linux
  if (stat === undefined || commandLine === undefined) return isAlive(pid) ? { state: 'running', pid } : none
  // the name between the brackets may itself hold brackets: proc(5)
  const state = stat.slice(stat.lastIndexOf(')') + 2).charAt(0)
  if (state === 'Z' || state === 'X' || !isFail2ban(commandLine)) return none
  return { state: state === 'T' || state === 't' ? 'stopped' : 'running', pid }
}

/** The server is a script: its name is an argument of the interpreter. A client can hold it in the foreground. */
const isFail2ban = (commandLine: string) =>
  commandLine.split('\0').some((argument) => /^\.?fail2ban-(server|client)/.test(basename(argument)))

async function read(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch {
    // missing and unreadable are the same to the caller
    return undefined
  }
}
