import { spawn, type ChildProcess } from 'node:child_process'
import { cleanText } from '@bangui/shared'
import { ToolMissingError } from '../errors.ts'
import { toolEnvironment } from '../tool-environment.ts'

/** How a tool is run: `deadline` in milliseconds, after which it and its children are killed, as they are by the signal. */
export interface RunToolOptions {
  readonly deadline: number
  readonly signal?: AbortSignal
  readonly cwd?: string
}

/** How a tool ended. `code` is null when a signal ended it; `output` is both its streams, cleaned and bounded. */
export interface ToolResult {
  readonly ok: boolean
  readonly code: number | null
  readonly timedOut: boolean
  /** the signal ended it */
  readonly cancelled?: boolean
  readonly output: string
}

const MAX_OUTPUT_BYTES = 64 * 1024

/** How long the streams may stay open after the tool has ended: a daemon that it started may hold them. */
const STREAM_GRACE_MS = 200

/**
 * Runs an argument vector without a shell and waits for its end or the deadline.
 * @throws ToolMissingError when the program is not there or may not be run
 */
export function runTool(command: readonly string[], options: RunToolOptions): Promise<ToolResult> {
  const [program, ...args] = command
  if (program === undefined) throw new TypeError('A command has at least a program.')
  const child = spawn(program, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: toolEnvironment,
    detached: true,
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  })
  const output = collectOutput()
  child.stdout.on('data', output.add)
  child.stderr.on('data', output.add)
  return new Promise((resolve, reject) => {
    const ended = endEarly(child, options)
    const finish = (code: number | null) => {
      const { timedOut, cancelled } = ended()
      child.stdout.destroy()
      child.stderr.destroy()
      const ok = code === 0 && !timedOut && !cancelled
      resolve({ ok, code, timedOut, output: output.text(), ...(cancelled && { cancelled }) })
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

/** Kills a program at its deadline or when the signal aborts. Returns a function that ends the supervision and returns what happened. */
function endEarly({ pid }: ChildProcess, { deadline, signal }: RunToolOptions) {
  const state = { timedOut: false, cancelled: false }
  const end = (why: keyof typeof state) => {
    state[why] = true
    if (pid !== undefined) killGroup(pid)
  }
  const timer = setTimeout(() => end('timedOut'), deadline)
  const cancel = () => end('cancelled')
  if (signal?.aborted === true) cancel()
  else signal?.addEventListener('abort', cancel, { once: true })
  return () => {
    clearTimeout(timer)
    signal?.removeEventListener('abort', cancel)
    return state
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
