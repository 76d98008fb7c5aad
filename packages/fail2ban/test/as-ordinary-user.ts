import { chmod, chown } from 'node:fs/promises'
import { join } from 'node:path'
import type { TestHost } from './with-host.ts'
import { runScript } from './run-script.ts'

/** The user and group that stand for an ordinary user where the tests run as root. */
export const ORDINARY_USER = 65_534

/** Whether the tests run as root. Else they are run by an ordinary user already. */
export const isRoot = process.getuid?.() === 0

/** An owner that a file can be given: only root can give one to somebody else. */
export const someOwner = isRoot
  ? { uid: 1234, gid: 4321 }
  : { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 }

/**
 * Runs a script of `children` in a process of its own, as an ordinary user, and returns what it printed, read as JSON.
 * The script and Node have to be readable for everybody, as they are in a checkout outside of `/root`.
 */
export const runAsOrdinaryUser = (script: URL, ...args: readonly string[]): Promise<unknown> =>
  runScript(script, args, isRoot ? { uid: ORDINARY_USER, gid: ORDINARY_USER } : {})

/** Opens the socket of a daemon that runs, and `jail.d`, to an ordinary user, as the README says, and nothing else. */
export async function openToOrdinaryUser({ daemon }: TestHost, open = { jails: true }): Promise<void> {
  if (!isRoot) return
  await chmod(daemon.folder, 0o711)
  await chmod(daemon.socketPath, 0o666)
  if (open.jails) await chown(join(daemon.configDir, 'jail.d'), ORDINARY_USER, ORDINARY_USER)
}
