import { spawn, type ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { cleanText } from '@bangui/shared'
import { ToolMissingError } from '../errors.ts'
import { toolEnvironment } from '../tool-environment.ts'

/** How a tool is run: `deadline` in milliseconds, after which it and its children are killed, as they are by the signal. */
export interface RunToolOptions {
  readonly deadline: number
  readonly signal?: AbortSignal
  readonly cwd?: string
  /** variables beside those of {@link toolEnvironment} */
  readonly env?: Readonly<Record<string, string>>
  /** it is killed when it has more than this many bytes in memory, as far as /proc shows it */
  readonly maxMemoryBytes?: number
  /**
   * the kernel kills it after so many seconds of processor time, where the machine has `prlimit`: also when BanGUI is gone and no
   * deadline ends it
   */
  readonly maxCpuSeconds?: number
  /** receives the standard output as it comes, which is then not part of `output` */
  readonly onStdout?: (chunk: Buffer) => void
}

/** How a tool ended. `code` is null when a signal ended it; `output` is both its streams, cleaned and bounded. */
export interface ToolResult {
  readonly ok: boolean
  readonly code: number | null
  readonly timedOut: boolean
  /** the signal ended it */
  readonly cancelled?: boolean
  /** it had more memory than allowed */
  readonly outOfMemory?: boolean
  readonly output: string
}

const MAX_OUTPUT_BYTES = 64 * 1024

/** How long the streams may stay open after the tool has ended: a daemon that it started may hold them. */
const STREAM_GRACE_MS = 200

const MEMORY_CHECK_MS = 50

/**
 * Runs an argument vector without a shell and waits for its end or the deadline.
 * @throws ToolMissingError when the program is not there or may not be run
 */
export function runTool(command: readonly string[], options: RunToolOptions): Promise<ToolResult> {
  const [program, ...args] = command
  if (program === undefined) throw new TypeError('A command has at least a program.')
  const child = spawn(program, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...toolEnvironment, ...options.env },
    detached: true,
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  })
  if (options.maxCpuSeconds !== undefined) limitCpu(child, options.maxCpuSeconds)
  const output = collectOutput()
  child.stdout.on('data', options.onStdout ?? output.add)
  child.stderr.on('data', output.add)
  return new Promise((resolve, reject) => {
    const ended = endEarly(child, options)
    const finish = (code: number | null) => {
      const { timedOut, cancelled, outOfMemory } = ended()
      child.stdout.destroy()
      child.stderr.destroy()
      const ok = code === 0 && !timedOut && !cancelled && !outOfMemory
      const why = { ...(cancelled && { cancelled }), ...(outOfMemory && { outOfMemory }) }
      resolve({ ok, code, timedOut, output: output.text(), ...why })
    }
    child.once('error', (cause) => {
      ended()
      reject(new ToolMissingError(program, { cause }))
    })
    child.once('exit', (code) => {
      const grace = setTimeout(() => finish(code), STREAM_GRACE_MS)
      child.once('close', () => {
        clearTimeout(grace)
        finish(code)
      })
    })
  })
}

/** Without `prlimit`, the deadline alone ends the program. */
function limitCpu({ pid }: ChildProcess, seconds: number): void {
  if (pid === undefined) return
  const args = [`--pid=${pid}`, `--cpu=${seconds}:${seconds}`]
  spawn('prlimit', args, { stdio: 'ignore', env: toolEnvironment }).on('error', () => undefined)
}

/** Kills a program at its deadline or when the signal aborts. Returns a function that ends the supervision and returns what happened. */
function endEarly({ pid }: ChildProcess, { deadline, signal, maxMemoryBytes }: RunToolOptions) {
  const state = { timedOut: false, cancelled: false, outOfMemory: false }
  const end = (why: keyof typeof state) => {
    state[why] = true
    if (pid !== undefined) killGroup(pid)
  }
  const timer = setTimeout(() => end('timedOut'), deadline)
  const watch =
    maxMemoryBytes === undefined || pid === undefined
      ? undefined
      : setInterval(() => {
          if (memoryOf(pid) > maxMemoryBytes) end('outOfMemory')
        }, MEMORY_CHECK_MS)
  const cancel = () => end('cancelled')
  if (signal?.aborted === true) cancel()
  else signal?.addEventListener('abort', cancel, { once: true })
  return () => {
    clearTimeout(timer)
    clearInterval(watch)
    signal?.removeEventListener('abort', cancel)
    return state
  }
}

/** Returns how many bytes of memory a process has; 0: not known. Read synchronously: `/proc` is no disk. */
function memoryOf(pid: number): number {
  try {
    const [, kilobytes = '0'] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
    return Number(kilobytes) * 1024
  } catch {
    return 0 // it has ended
  }
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // it ended in the same moment
  }
}

/** Keeps the first and the last half of the limit, so that the reason at the end is never lost. */
function collectOutput() {
  const half = MAX_OUTPUT_BYTES / 2
  let head = Buffer.alloc(0)
  let tail = Buffer.alloc(0)
  let dropped = 0
  return {
    add(chunk: Buffer): void {
      const room = half - head.length
      if (room > 0) head = Buffer.concat([head, chunk.subarray(0, room)])
      if (chunk.length <= room) return
      const rest = Buffer.concat([tail, chunk.subarray(Math.max(0, room))])
      dropped += Math.max(0, rest.length - half)
      tail = rest.subarray(Math.max(0, rest.length - half))
    },
    text(): string {
      const note = dropped > 0 ? `\n[${dropped} bytes left out]\n` : ''
      return cleanText(`${head.toString()}${note}${tail.toString()}`)
    },
  }
}
