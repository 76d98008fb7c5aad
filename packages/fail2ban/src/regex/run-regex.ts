import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { StringDecoder } from 'node:string_decoder'
import type { RegexProblem } from '@bangui/shared'
import { regexProgram } from '../config/tools.ts'
import { makeTemporaryFolder, removeTemporaryFolder } from '../config/temporary-folder.ts'
import { runTool, type ToolResult } from '../host/run-tool.ts'
import { createRegexTrace, type RegexTrace } from './regex-trace.ts'

/** One run of fail2ban-regex. */
export interface RegexRun {
  /** the fail2ban-client whose fail2ban-regex is used */
  readonly client: string
  /** the folder with `filter.d` */
  readonly folder: string
  /** a file of `filter.d`, with its ending */
  readonly file: string
  readonly mode?: string | undefined
  readonly lines: readonly string[]
  /** the variable TZ for times without a zone */
  readonly timeZone: string
  readonly signal?: AbortSignal | undefined
  /** in milliseconds @default 15 s */
  readonly deadline?: number | undefined
  /** in bytes @default 512 MiB */
  readonly maxMemoryBytes?: number | undefined
}

/** What a run printed, and why it did not come to its end. */
export interface RegexRunResult {
  readonly trace: RegexTrace
  readonly problem: RegexProblem | null
}

const DEADLINE_MS = 15_000
/**
 * Up to 1.0.2, fail2ban-regex imports distutils, to read the journal. Python before 3.12 has it; setuptools, where it is installed, would
 * load itself instead, which takes longer than all the rest. Without distutils, fail2ban-regex only reads no journal.
 */
const STDLIB_DISTUTILS = { SETUPTOOLS_USE_DISTUTILS: 'stdlib' }
const MAX_MEMORY_BYTES = 512 * 1024 * 1024
const MAX_STDOUT_BYTES = 256 * 1024 * 1024
const MAX_PRINTED_LINE = 1024 * 1024

/**
 * Lets fail2ban-regex match lines, as the daemon would: the first regex that matches decides, and host names are not looked up. The
 * lines are in a file that only this user can read; a line or a regex is never an argument.
 * @throws ToolMissingError; the reason of the signal when it aborts
 */
export async function runRegex(run: RegexRun): Promise<RegexRunResult> {
  const trace = createRegexTrace(run.lines)
  const folder = await makeTemporaryFolder('bangui-stage')
  const tooMuch = new AbortController()
  const signals = [tooMuch.signal, ...(run.signal ? [run.signal] : [])]
  try {
    const path = join(folder, 'lines')
    await writeFile(path, run.lines.map((line) => `${line}\n`).join(''), { mode: 0o600 })
    run.signal?.throwIfAborted()
    const filter = run.mode === undefined ? run.file : `${run.file}[mode="${run.mode}"]`
    const options = ['-c', run.folder, '-e', 'utf-8', '--raw', '--log-level', '5', '--out', 'row']
    const reader = readPrinted(trace, () => tooMuch.abort())
    const result = await runTool([regexProgram(run), ...options, '--', path, filter], {
      deadline: run.deadline ?? DEADLINE_MS,
      signal: AbortSignal.any(signals),
      cwd: folder,
      env: { TZ: run.timeZone, ...STDLIB_DISTUTILS },
      maxMemoryBytes: run.maxMemoryBytes ?? MAX_MEMORY_BYTES,
      // a regex that backtracks forever must not outlive BanGUI
      maxCpuSeconds: Math.ceil((run.deadline ?? DEADLINE_MS) / 1000) + 5,
      onStdout: reader.push,
    })
    run.signal?.throwIfAborted()
    reader.end()
    const seconds = (run.deadline ?? DEADLINE_MS) / 1000
    if (tooMuch.signal.aborted)
      return {
        trace,
        problem: { kind: 'output', message: 'fail2ban-regex printed too much. Test fewer lines.' },
      }
    if (result.timedOut) return { trace, problem: { kind: 'timeout', message: whyTimeout(trace, seconds) } }
    if (result.outOfMemory) return { trace, problem: { kind: 'memory', message: whyMemory(trace) } }
    return { trace, problem: result.ok ? null : { kind: 'refused', message: whyRefused(trace, result) } }
  } finally {
    await removeTemporaryFolder(folder)
  }
}

/** Cuts the output into lines, and gives up where there is too much of it. */
function readPrinted(trace: RegexTrace, onTooMuch: () => void) {
  const decoder = new StringDecoder('utf8')
  let rest = ''
  let bytes = 0
  return {
    push(chunk: Buffer): void {
      bytes += chunk.length
      const parts = `${rest}${decoder.write(chunk)}`.split('\n')
      rest = parts.pop() ?? ''
      if (bytes > MAX_STDOUT_BYTES || rest.length > MAX_PRINTED_LINE) {
        rest = ''
        onTooMuch()
      }
      for (const line of parts) trace.push(line)
    },
    end: () => {
      if (rest !== '') trace.push(rest)
    },
  }
}

/** fail2ban-regex prints the same reason as a message of its log and as an error. */
function whyRefused({ messages }: RegexTrace, { output, code }: ToolResult): string {
  const reasons = [...messages, output]
    .map((text) => text.replace(/^ERROR: /, ''))
    .filter((text) => text !== '')
  return [...new Set(reasons)].join('\n') || `fail2ban-regex ended with code ${code}.`
}

const whereWas = ({ at }: RegexTrace): string => {
  if (at.line === null) return ''
  const regex = at.regex === null ? '' : ` with regex ${at.regex + 1}`
  return ` It was working on line ${at.line + 1}${regex}.`
}

const whyTimeout = (trace: RegexTrace, seconds: number) =>
  `fail2ban-regex did not finish within ${seconds} seconds and was ended.${whereWas(trace)} A regex with nested repetitions, such as (a+)+, can take forever on some lines, and would stop the jail. Make the repetition unambiguous, or anchor it.`

const whyMemory = (trace: RegexTrace) =>
  `fail2ban-regex needed more than 512 MiB of memory and was ended.${whereWas(trace)} Make the repetitions of the regex shorter.`
