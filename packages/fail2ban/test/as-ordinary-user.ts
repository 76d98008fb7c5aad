import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** The user and group that stand for an ordinary user where the tests run as root. */
export const ORDINARY_USER = 65_534

/** Whether the tests run as root. Else they are run by an ordinary user already. */
export const isRoot = process.getuid?.() === 0

/**
 * Runs a script of `children` in a process of its own, as an ordinary user, and returns what it printed, read as JSON.
 * The script and Node have to be readable for everybody, as they are in a checkout outside of `/root`.
 */
export async function runAsOrdinaryUser(script: URL, ...args: readonly string[]): Promise<unknown> {
  const user = isRoot ? { uid: ORDINARY_USER, gid: ORDINARY_USER } : {}
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const command = [fileURLToPath(script), ...args]
  execFile(process.execPath, command, { cwd: '/', ...user }, (error, stdout, stderr) => {
    if (error) reject(new Error(`${error.message}\n${stderr}`, { cause: error }))
    else resolve(stdout)
  })
  return JSON.parse(await promise) as unknown
}
