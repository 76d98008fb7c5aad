import { spawn } from 'node:child_process'
import { logLimits, type LogBatch } from '@bangui/shared'
import { ToolMissingError } from '../errors.ts'
import { readLogTarget } from '../events/log-target.ts'
import { createLineSplitter } from '../events/split-lines.ts'
import { runTool } from '../host/run-tool.ts'
import { toolEnvironment } from '../tool-environment.ts'

const DEADLINE_MS = 10_000

/** Only fields that journald itself vouches for: anybody can log under any identifier. */
export const ownJournalMatches = '_SYSTEMD_UNIT=fail2ban.service + _UID=0 _COMM=fail2ban-server'

/** Returns why there is no journal to read; null: there is one. */
export const journalProblem = (): string | null =>
  readLogTarget('SYSTEMD-JOURNAL').kind === 'journal'
    ? null
    : 'There is no systemd journal here. In a container, mount /var/log/journal (or /run/log/journal) and /etc/machine-id of the host.'

const command = (matches: string, limit: number, options: readonly string[] = []) => [
  'journalctl',
  '--quiet',
  '--no-pager',
  '--output=short-iso',
  `--lines=${limit}`,
  ...options,
  ...matches.trim().split(/\s+/),
]

/** Returns the last entries of the journal with these matches, each as a line with its time; `problem`: why there are none. */
export async function readJournal(
  matches: string,
  limit: number,
  signal?: AbortSignal,
): Promise<{ lines: string[]; problem: string | null }> {
  const missing = journalProblem()
  if (missing !== null) return { lines: [], problem: missing }
  const printed = createEndOf(logLimits.bytes)
  try {
    const result = await runTool(command(matches, limit), {
      deadline: DEADLINE_MS,
      onStdout: printed.add,
      ...(signal && { signal }),
    })
    signal?.throwIfAborted()
    const lines = printed.text().split('\n')
    if (!result.ok) return { lines: [], problem: `journalctl cannot read the journal: ${result.output}` }
    return { lines: lines.filter((line) => line !== '').slice(-limit), problem: null }
  } catch (error) {
    if (error instanceof ToolMissingError)
      return { lines: [], problem: 'The program journalctl is not installed.' }
    throw error
  }
}

/** Collects bytes and keeps the last of them, from the beginning of a line on: whoever writes to the journal decides how long entries are. */
export function createEndOf(maxBytes: number) {
  let chunks: Buffer[] = []
  let kept = 0
  const cut = () => {
    const end = Buffer.concat(chunks).subarray(-maxBytes)
    const whole = end.subarray(end.indexOf(NEWLINE) + 1)
    chunks = [whole]
    kept = whole.length
  }
  return {
    add(chunk: Buffer): void {
      chunks.push(chunk)
      kept += chunk.length
      // not at each chunk, since what is kept is copied
      if (kept > 2 * maxBytes) cut()
    },
    text(): string {
      if (kept > maxBytes) cut()
      return Buffer.concat(chunks).toString('utf8')
    },
  }
}

const NEWLINE = 0x0a

/** Yields the last entries of the journal and then new ones, until the signal aborts. */
export async function* followJournal(
  { matches, own }: { readonly matches: string; readonly own: boolean },
  limit: number,
  signal: AbortSignal,
): AsyncGenerator<LogBatch> {
  const nothing = { own, lines: [], restarted: false, dropped: 0, problem: null }
  const missing = journalProblem()
  if (missing !== null) {
    yield { ...nothing, problem: missing }
    return
  }
  const [program = '', ...args] = command(matches, limit, ['--follow'])
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'ignore'], env: toolEnvironment })
  let problem = 'journalctl ended. Open the log again.'
  child.once('error', () => {
    problem = 'The program journalctl is not installed, or may not be run.'
  })
  const stop = () => child.kill('SIGKILL')
  signal.addEventListener('abort', stop, { once: true })
  try {
    const splitter = createLineSplitter()
    for await (const chunk of child.stdout) {
      const lines = splitter.push(chunk as Buffer)
      if (lines.length > 0) yield { ...nothing, lines }
    }
    if (!signal.aborted) yield { ...nothing, problem }
  } finally {
    signal.removeEventListener('abort', stop)
    stop()
  }
}
