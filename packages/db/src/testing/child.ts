import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

const scripts = {
  'hold-lock': new URL('./children/hold-lock.ts', import.meta.url),
  migrate: new URL('./children/migrate.ts', import.meta.url),
  'hang-in-migration': new URL('./children/hang-in-migration.ts', import.meta.url),
  ingest: new URL('./children/ingest.ts', import.meta.url),
}

/** A process of its own that runs one of the scripts in `children`. */
export interface Child {
  readonly pid: number
  /** the next line that it writes, read as JSON */
  next(): Promise<unknown>
  /** ends it as a power cut would */
  kill(): Promise<void>
}

/** Starts a script of `children`; it is killed when the test ends. */
export function startChild(script: keyof typeof scripts, ...args: readonly string[]): Child {
  const file = fileURLToPath(scripts[script])
  const child = spawn(process.execPath, [file, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const kill = () => killChild(child)
  onTestFinished(kill)
  if (child.pid === undefined) throw new Error(`could not start ${script}`)
  return {
    pid: child.pid,
    next: async () => {
      const line = await lines.next()
      if (line.done) throw new Error(`${script} ended early`)
      return JSON.parse(line.value) as unknown
    },
    kill,
  }
}

async function killChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.kill('SIGKILL')
  await exited
}
