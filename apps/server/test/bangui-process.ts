import { spawn, type ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import { bundledMain, bundledWiredMain, compileCache } from './bundle-server.ts'

/** A BanGUI in a process of its own, as a user would have it. */
export interface BanguiProcess extends AsyncDisposable {
  readonly url: string
  readonly pid: number
  /** its log lines so far, parsed */
  readonly lines: readonly Record<string, unknown>[]
  /** its exit code, when it has ended; null where a signal ended it */
  readonly ended: Promise<number | null>
  /** Sends a signal and gives the exit code, null where the signal ended it. */
  kill(signal: NodeJS.Signals): Promise<number | null>
}

export interface EndedProcess {
  readonly code: number | null
  readonly output: string
  readonly lines: readonly Record<string, unknown>[]
}

export interface BanguiOptions {
  /** the program and its first arguments. @default this Node with the bundle of the sources */
  readonly program?: readonly [string, ...string[]]
  /** arguments after `serve` */
  readonly args?: readonly string[]
  /** the user to run as */
  readonly uid?: number
  /** called with each log line, and with the way to send a signal */
  readonly onLine?: (line: Record<string, unknown>, kill: (signal: NodeJS.Signals) => void) => void
}

/** This Node with the bundle of the sources, up to the sub-command. */
export const bundled = [process.execPath, bundledMain] as const

/** As {@link bundled}; all that its host is asked and answers is JSON on the way. */
export const wired = [process.execPath, bundledWiredMain] as const

function start(env: Record<string, string>, options: BanguiOptions = {}) {
  const { program = bundled, args = [], uid, onLine } = options
  const [command, ...first] = program
  const child = spawn(command, [...first, 'serve', ...args], {
    env: { PATH: process.env['PATH'], NODE_COMPILE_CACHE: compileCache, BANGUI_PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(uid !== undefined && { uid, gid: uid }),
  })
  const lines: Record<string, unknown>[] = []
  let output = ''
  child.stderr.on('data', (chunk: Buffer) => {
    output += chunk.toString()
  })
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  const listening = new Promise<string>((resolve) => {
    createInterface({ input: child.stdout }).on('line', (text) => {
      output += `${text}\n`
      if (!text.startsWith('{')) return
      const line = JSON.parse(text) as Record<string, unknown>
      lines.push(line)
      onLine?.(line, (signal) => send(child, signal))
      if (line['event'] === 'listening') resolve(String(line['url']))
    })
  })
  return { child, lines, ended, listening, output: () => output }
}

/** Starts BanGUI and waits until it listens. */
export async function startBangui(
  env: Record<string, string>,
  options: BanguiOptions = {},
): Promise<BanguiProcess> {
  const { child, lines, ended, listening, output } = start(env, options)
  const url = await Promise.race([
    listening,
    ended.then((code) =>
      Promise.reject(new Error(`BanGUI ended with ${code} before it listened:\n${output()}`)),
    ),
  ])
  const kill = (signal: NodeJS.Signals) => {
    send(child, signal)
    return ended
  }
  return {
    url,
    pid: child.pid ?? 0,
    lines,
    ended,
    kill,
    [Symbol.asyncDispose]: async () => void (await kill('SIGKILL')),
  }
}

/** Starts a BanGUI that is meant to end by itself. */
export async function runBangui(
  env: Record<string, string>,
  options: BanguiOptions = {},
): Promise<EndedProcess> {
  const { child, lines, ended, output } = start(env, options)
  const timer = setTimeout(() => send(child, 'SIGKILL'), 240_000)
  const code = await ended
  clearTimeout(timer)
  return { code, lines, output: output() }
}

const send = (child: ChildProcess, signal: NodeJS.Signals) => {
  if (child.exitCode === null && child.signalCode === null) child.kill(signal)
}
