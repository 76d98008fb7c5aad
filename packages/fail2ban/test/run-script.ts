import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** Who runs a script, and the argument vector of a program that runs it in its turn. */
export interface RunScriptOptions {
  readonly uid?: number
  readonly gid?: number
  readonly under?: readonly string[]
}

/** Runs a script of `children` in a process of its own and returns what it printed, read as JSON. */
export async function runScript(
  script: URL,
  args: readonly string[],
  { under = [], ...user }: RunScriptOptions = {},
): Promise<unknown> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const [program = '', ...rest] = [...under, process.execPath, fileURLToPath(script), ...args]
  execFile(program, rest, { cwd: '/', ...user }, (error, stdout, stderr) => {
    if (error) reject(new Error(`${error.message}\n${stderr}`, { cause: error }))
    else resolve(stdout)
  })
  return JSON.parse(await promise) as unknown
}
