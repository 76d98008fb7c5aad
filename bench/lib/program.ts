import { spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'

/** A program in a process of its own that tells what happens in lines of JSON. */
export interface Program extends AsyncDisposable {
  readonly pid: number
  /** resolves with the exit code, null where a signal ended it */
  readonly ended: Promise<number | null>
  /** Waits for the line with this event. @throws when the program ends before, or after a deadline in milliseconds */
  line(event: string, deadline?: number): Promise<Record<string, unknown>>
  /** all that it wrote and that was no line of JSON */
  output(): string
  send(line: object): void
  kill(signal: NodeJS.Signals): void
}

export interface ProgramOptions {
  /** a command that starts Node.js, such as `unshare --net` @default none */
  readonly under?: readonly string[]
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

const LINE_DEADLINE = 30_000
const KEPT_OUTPUT = 10_000

/** Starts Node.js with these arguments; disposing ends it by force. */
export function startProgram({ args, env = {}, under = [] }: ProgramOptions): Program {
  const [command, ...first] = [...under, process.execPath]
  const child = spawn(command, [...first, ...args], {
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const lines: Record<string, unknown>[] = []
  const waiting = new Set<() => void>()
  let output = ''
  const keep = (text: string) => {
    output = (output + text).slice(-KEPT_OUTPUT)
  }
  child.stderr.on('data', (chunk: Buffer) => keep(chunk.toString()))
  createInterface({ input: child.stdout }).on('line', (text) => {
    if (!text.startsWith('{')) return keep(`${text}\n`)
    lines.push(JSON.parse(text) as Record<string, unknown>)
    for (const look of waiting) look()
  })
  // a program that has ended takes no more lines
  child.stdin.on('error', () => undefined)
  const ended = new Promise<number | null>((resolve) => {
    child.once('close', resolve)
    child.once('error', (error) => {
      keep(`${error.message}\n`)
      resolve(127)
    })
  })
  const isOver = () => child.exitCode !== null || child.signalCode !== null

  const line = (event: string, deadline = LINE_DEADLINE) =>
    new Promise<Record<string, unknown>>((resolve, reject) => {
      const finish = (act: () => void) => {
        waiting.delete(look)
        clearTimeout(timer)
        act()
      }
      const look = () => {
        const at = lines.findIndex((found) => found['event'] === event)
        if (at >= 0) finish(() => resolve(...(lines.splice(at, 1) as [Record<string, unknown>])))
      }
      const fail = (what: string) =>
        finish(() => reject(new Error(`${args.at(-1)} ${what} before "${event}":\n${output}`)))
      const timer = setTimeout(() => fail(`took ${deadline / 1000} s`), deadline)
      waiting.add(look)
      look()
      void ended.then((code) => fail(`ended with ${code}`))
    })

  return {
    pid: child.pid ?? 0,
    ended,
    line,
    output: () => output,
    send: (message) => void child.stdin.write(`${JSON.stringify(message)}\n`),
    kill: (signal) => void (isOver() || child.kill(signal)),
    async [Symbol.asyncDispose]() {
      if (!isOver()) child.kill('SIGKILL')
      await ended
    },
  }
}

/** The memory of a process in MB (of 1,000,000 bytes): resident now, and the most it ever was. */
export async function readMemory(pid: number): Promise<{ resident: number; peak: number }> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  const field = (name: string) =>
    (Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) * 1024) / 1e6
  return { resident: field('VmRSS'), peak: field('VmHWM') }
}

/** The processor time of a process so far, in milliseconds; the kernel counts in ticks of 10 ms. */
export async function readCpu(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
  // the name of the program, in brackets, can have spaces
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) * 10
}
