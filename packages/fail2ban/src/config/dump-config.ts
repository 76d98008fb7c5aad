import { execFile } from 'node:child_process'
import { pacedChunks } from '@bangui/async'
import { cleanText } from '@bangui/shared'
import { ToolMissingError } from '../errors.ts'
import { toolEnvironment } from '../tool-environment.ts'
import { parsePythonLiteral, PythonLiteralError } from './python-literal.ts'
import type { PythonValue } from './python-literal.ts'
import type { ConfigFolder } from './stage.ts'
import { CONFIG_TIMEOUT_MS, describeLateTest, tidyOutput } from './tools.ts'
import type { ConfigTools } from './tools.ts'

const MAX_OUTPUT = 32 * 1024 * 1024
/** So many take a few milliseconds. */
const LINES_AT_ONCE = 200

/** One command as fail2ban-client would send it to the daemon. */
export type StreamCommand = readonly PythonValue[]

/** The command stream of a configuration, with the live folder where fail2ban read a copy; `output` is what else the tool wrote. */
export interface ConfigDump {
  /** false: fail2ban refuses the whole configuration, or a part of it */
  readonly ok: boolean
  /** false: fail2ban-client was killed, as at the deadline, before it had finished */
  readonly ended: boolean
  readonly stream: readonly StreamCommand[]
  readonly output: string
}

export interface DumpOptions {
  /** milliseconds @default CONFIG_TIMEOUT_MS */
  readonly deadline?: number
  readonly signal?: AbortSignal
  /** the same run is fail2ban's own test (`-t`), but for a missing log, which it only warns of @default false */
  readonly isTest?: boolean
}

/** What the test prints after the commands. */
const TEST_PASSED = 'OK: configuration test is successful'

/**
 * Asks `fail2ban-client -d` for the commands of a configuration folder: the exact source of effective values, for the
 * jails that are switched on. @throws ToolMissingError
 */
export async function dumpConfig(
  folder: ConfigFolder,
  tools: ConfigTools,
  options: DumpOptions = {},
): Promise<ConfigDump> {
  const { ok, ended, stdout, stderr } = await run(
    tools.client,
    ['-c', folder.path, '-d', ...(options.isTest === true ? ['-t'] : [])],
    options,
  )
  const { stream, rest } = await parseStream(stdout, folder)
  const output = tidyOutput(cleanText([stderr, ...rest].join('\n')).slice(0, 64 * 1024), folder)
  return { ok: ok && rest.length === 0, ended, stream, output }
}

async function parseStream(text: string, { path, configDir }: ConfigFolder) {
  const stream: StreamCommand[] = []
  const rest: string[] = []
  for await (const lines of pacedChunks(text.split('\n'), LINES_AT_ONCE)) {
    for (const line of lines) {
      if (line.trim() === '' || line === TEST_PASSED) continue
      const command = line.startsWith('[') ? parseLine(line) : undefined
      if (command === undefined) rest.push(line)
      else
        stream.push(line.includes(path) ? command.map((value) => renamed(value, path, configDir)) : command)
    }
  }
  return { stream, rest }
}

/** Returns a value with a text replaced wherever it stands in it. */
function renamed(value: PythonValue, from: string, to: string): PythonValue {
  if (typeof value === 'string') return value.replaceAll(from, to)
  if (Array.isArray(value)) return value.map((each) => renamed(each, from, to))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, renamed(each, from, to)]))
}

function parseLine(line: string): StreamCommand | undefined {
  try {
    const value = parsePythonLiteral(line)
    return Array.isArray(value) ? value : undefined
  } catch (error) {
    if (error instanceof PythonLiteralError) return undefined
    throw error
  }
}

interface RunResult {
  readonly ok: boolean
  readonly ended: boolean
  readonly stdout: string
  readonly stderr: string
}

function run(
  program: string,
  args: readonly string[],
  { deadline = CONFIG_TIMEOUT_MS, signal, isTest = false }: DumpOptions,
): Promise<RunResult> {
  return new Promise((resolve, reject) => {
    const options = {
      timeout: Math.max(1, Math.ceil(deadline)),
      killSignal: 'SIGKILL',
      maxBuffer: MAX_OUTPUT,
      env: toolEnvironment,
    } as const
    execFile(
      program,
      args,
      signal === undefined ? options : { ...options, signal },
      (error, stdout, stderr) => {
        if (error === null) return resolve({ ok: true, ended: true, stdout, stderr })
        if (error.code === 'ENOENT' || error.code === 'EACCES')
          return reject(new ToolMissingError(program, { cause: error }))
        if (error.name === 'AbortError') return reject(error)
        if (error.killed === true)
          return resolve({
            ok: false,
            ended: false,
            stdout: '',
            stderr: `${stderr}\n${isTest ? describeLateTest(deadline) : `fail2ban-client did not finish within ${deadline / 1000} s, or its output was too long.`}`,
          })
        resolve({ ok: false, ended: typeof error.signal !== 'string', stdout, stderr })
      },
    )
  })
}
