import { spawn } from 'node:child_process'

const DEADLINE = 60_000

/** Runs a program to its end, its output thrown away. @throws where it ends with anything but 0 */
export function runQuietly([program = '', ...args]: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: 'ignore', timeout: DEADLINE })
    child.once('error', reject)
    child.once('close', (code) => {
      if (code === 0) resolve()
      else reject(new Error(`${program} ended with ${code}.`))
    })
  })
}
