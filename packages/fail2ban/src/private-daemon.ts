import { readdirSync, readFileSync } from 'node:fs'
import { access, appendFile, constants, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { sleep } from '@bangui/async'
import { serverProgram } from './config/tools.ts'
import { StartFailedError, ToolMissingError } from './errors.ts'
import { findDaemonProcess, inspectProcess } from './host/daemon-process.ts'
import { runTool, type ToolResult } from './host/run-tool.ts'
import { localTime } from './local-time.ts'
import { toolEnvironment } from './tool-environment.ts'
import { createDaemonConnection } from './wire/daemon-connection.ts'
import {
  appendJail,
  jailLogPath,
  privatePaths,
  writeConfig,
  type PrivateJail,
  type PrivatePaths,
} from './private-daemon/files.ts'

export type { PrivateJail } from './private-daemon/files.ts'

export interface PrivateDaemonOptions {
  /** where everything goes; a temporary folder that {@link PrivateDaemon.dispose} removes when not given */
  readonly folder?: string
  readonly jails?: readonly PrivateJail[]
  /** the folder of another fail2ban's programs */
  readonly binDir?: string
}

/** A real fail2ban in a folder of its own, with actions that do nothing: nothing of the machine is touched. */
export interface PrivateDaemon extends PrivatePaths, AsyncDisposable {
  /** the fail2ban-client in use */
  readonly clientProgram: string
  /** what every call of fail2ban-client needs to mean this daemon */
  readonly clientArguments: readonly string[]
  /** the argument vector that starts this daemon */
  readonly startCommand: readonly string[]
  /** Starts the daemon and waits until it answers. @throws StartFailedError, ToolMissingError */
  start(): Promise<void>
  /** Stops the daemon and waits until its process has ended. */
  stop(): Promise<void>
  /** Sends a signal to its process, if there is one. */
  kill(signal: NodeJS.Signals): Promise<void>
  /** Its process id, undefined when it does not run. */
  pid(): Promise<number | undefined>
  /** Runs fail2ban-client against this daemon. */
  client(...args: readonly string[]): Promise<ToolResult>
  /**
   * Asks the daemon itself, without a program, and returns its reply.
   * @throws Fail2banUnavailableError, Fail2banCommandError
   */
  ask(...args: readonly string[]): Promise<unknown>
  /** Appends a line to the log that a jail reads. */
  writeLog(jailName: string, line: string): Promise<void>
  /** Appends a line that the default filter counts as a failed login of now. */
  logFailure(jailName: string, address: string, user?: string): Promise<void>
  /** Adds a jail to the configuration; nothing is loaded. */
  addJail(jail: PrivateJail): Promise<void>
  /** Adds a jail that is switched off, and whose action kills the daemon as soon as the jail starts. */
  addCrashingJail(name: string): Promise<void>
  /** Ends whatever is left of it, and removes the folder if it was made here. Safe to repeat. */
  dispose(): Promise<void>
}

/** Only what hangs takes so long: eight starts at once on a busy machine take half a minute. */
const TOOL_TIMEOUT_MS = 120_000
const STOP_TIMEOUT_MS = 60_000

/** The kernel's limit for a socket's path is 107 bytes, and fail2ban's own tools want some room. */
const MAX_SOCKET_PATH_BYTES = 100

/**
 * Writes the configuration of a fail2ban of its own; {@link PrivateDaemon.start} runs it.
 * @throws ToolMissingError when fail2ban is not installed, StartFailedError when the folder's path is too long
 */
export async function createPrivateDaemon(options: PrivateDaemonOptions = {}): Promise<PrivateDaemon> {
  const clientProgram =
    options.binDir === undefined ? 'fail2ban-client' : join(options.binDir, 'fail2ban-client')
  await assertRunnable(clientProgram)
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'f2b-')))
  const paths = privatePaths(folder)
  if (Buffer.byteLength(paths.socketPath) > MAX_SOCKET_PATH_BYTES) {
    throw new StartFailedError(`The folder ${folder} has too long a path for a socket. Use a shorter one.`)
  }
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const jails = new Map((options.jails ?? []).map((jail) => [jail.name, jail]))
  await writeConfig(paths, [...jails.values()])
  const clientArguments = ['-c', paths.configDir, '-s', paths.socketPath, '-p', paths.pidfile]
  const client = (...args: readonly string[]) =>
    runTool([clientProgram, ...clientArguments, ...args], { deadline: TOOL_TIMEOUT_MS })
  // as fail2ban's service does: fail2ban-client would start fail2ban-server, a second interpreter
  const server = (...args: readonly string[]) =>
    runTool([serverProgram({ client: clientProgram }), ...clientArguments, ...args], {
      deadline: TOOL_TIMEOUT_MS,
    })
  const ask = async (...args: readonly string[]) => {
    const connection = createDaemonConnection({
      socketPath: paths.socketPath,
      defaultDeadline: TOOL_TIMEOUT_MS,
    })
    try {
      return await connection.request(args)
    } finally {
      await connection.close()
    }
  }
  const addJail = async (jail: PrivateJail) => {
    jails.set(jail.name, jail)
    await appendJail(paths, jail)
  }
  const logOf = (name: string) => {
    const jail = jails.get(name)
    if (!jail) throw new TypeError(`This daemon has no jail ${name}.`)
    return jailLogPath(paths, jail)
  }
  const dispose = async () => {
    await endProcesses(paths)
    if (options.folder === undefined) await rm(folder, { recursive: true, force: true })
  }
  return {
    ...paths,
    clientProgram,
    clientArguments,
    startCommand: [serverProgram({ client: clientProgram }), ...clientArguments, 'start'],
    start: () => startPrivate(paths, server),
    stop: () => stopPrivate(paths, ask),
    kill: (signal) => signalPrivate(paths, signal),
    pid: () => pidOf(paths),
    client,
    ask,
    writeLog: (name, line) => appendFile(logOf(name), `${line}\n`),
    logFailure: (name, address, user = 'root') =>
      appendFile(
        logOf(name),
        `${localTime(new Date())} host app[1]: Failed login for ${user} from ${address}\n`,
      ),
    addJail,
    addCrashingJail: (name) => addJail({ name, enabled: false, options: { action: 'crash' } }),
    dispose,
    [Symbol.asyncDispose]: dispose,
  }
}

async function assertRunnable(program: string): Promise<void> {
  const folders = program.includes('/') ? [''] : toolEnvironment.PATH.split(delimiter)
  for (const folder of folders) {
    const isThere = await access(join(folder, program), constants.X_OK).then(
      () => true,
      () => false,
    )
    if (isThere) return
  }
  throw new ToolMissingError(program)
}

type Program = PrivateDaemon['client']

async function startPrivate(paths: PrivatePaths, server: Program): Promise<void> {
  const running = (await pidOf(paths)) !== undefined
  const result = await server(...(running ? ['start'] : ['-x', 'start']))
  // it may still come up, when nobody waits for it any more
  if (result.timedOut) await endProcesses(paths)
  if (!result.ok) throw new StartFailedError(result.output)
}

async function stopPrivate(paths: PrivatePaths, ask: PrivateDaemon['ask']): Promise<void> {
  const pid = await pidOf(paths)
  if (pid === undefined) return
  // the connection may close before the answer: whether it ended is seen by its process
  await ask('stop').catch(() => undefined)
  await untilGone(pid, paths, STOP_TIMEOUT_MS)
}

/** The pidfile goes and the socket closes in the last moments of the process. */
async function untilGone(pid: number, paths: PrivatePaths, deadline: number): Promise<void> {
  const end = performance.now() + deadline
  while ((await inspectProcess(pid)).state !== 'none') {
    if (performance.now() > end) throw new Error(`The private fail2ban in ${paths.folder} does not end.`)
    await sleep(10)
  }
}

async function pidOf(paths: PrivatePaths): Promise<number | undefined> {
  const found = await findDaemonProcess(paths.pidfile)
  return found.state === 'none' ? undefined : found.pid
}

async function signalPrivate(paths: PrivatePaths, signal: NodeJS.Signals): Promise<void> {
  const pid = await pidOf(paths)
  if (pid === undefined) return
  process.kill(pid, signal)
  if (signal === 'SIGKILL') await untilGone(pid, paths, STOP_TIMEOUT_MS)
}

/** Returns the arguments of a process, each with a NUL after it; empty: it has ended. */
function commandLineOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    return ''
  }
}

/** Ends every process that was started with this daemon's socket, known to its pidfile or not. */
async function endProcesses(paths: PrivatePaths): Promise<void> {
  // synchronous: /proc is no disk, and a promise for each of hundreds of processes costs many times as much
  for (const entry of readdirSync('/proc')) {
    const pid = Number(entry)
    if (!Number.isInteger(pid) || pid === process.pid) continue
    const args = commandLineOf(pid).split('\0')
    if (!args.some((arg) => arg.endsWith('fail2ban-server')) || !args.includes(paths.socketPath)) continue
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      continue // it ended in the same moment
    }
    await untilGone(pid, paths, STOP_TIMEOUT_MS)
  }
}
