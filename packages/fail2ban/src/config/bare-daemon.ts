import { spawn } from 'node:child_process'
import { existsSync, realpathSync, statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { sleep, withTimeout } from '@bangui/async'
import { cleanText } from '@bangui/shared'
import type { DaemonConnection } from '../connection.ts'
import { StartFailedError, ToolMissingError } from '../errors.ts'
import { toolEnvironment } from '../tool-environment.ts'
import { createDaemonConnection } from '../wire/daemon-connection.ts'
import { makeTemporaryFolder, removeTemporaryFolder } from './temporary-folder.ts'

/** A fail2ban-server of our own that knows no jail, no log and no database; disposing kills it and removes its folder. */
export interface BareDaemon extends AsyncDisposable {
  readonly connection: DaemonConnection
}

export interface BareDaemonOptions {
  /** a folder with a fail2ban.conf; nothing is loaded from it */
  readonly configPath: string
  /** milliseconds until it must be up */
  readonly deadline: number
  readonly signal?: AbortSignal
}

/** How long its process may take to end, before its folder is removed. */
const END_TIMEOUT_MS = 2_000

/** The longest path that is used for a socket: the kernel takes 107 bytes. */
const MAX_SOCKET_PATH = 100

/** Ends the daemon with us, however we end; busybox has a `setpriv` too, which cannot do it. */
const guard = ['/usr/bin/setpriv', '/bin/setpriv'].find(
  (path) => existsSync(path) && basename(realpathSync(path)) === 'setpriv',
)

/**
 * Starts `fail2ban-server --async` in a temporary folder with its own socket, process file and log, and waits until it answers.
 * @throws StartFailedError with its own words, ToolMissingError
 */
export async function startBareDaemon(program: string, options: BareDaemonOptions): Promise<BareDaemon> {
  const folder = await makeFolder()
  const socketPath = join(folder, 's')
  const started = startProcess(program, folder, options)
  const connection = createDaemonConnection({ socketPath })
  const dispose = async () => {
    started.kill()
    await connection.close()
    await withTimeout(() => started.ended, { milliseconds: END_TIMEOUT_MS, onTimeout: () => undefined })
    await removeTemporaryFolder(folder)
  }
  try {
    await waitUntilUp(connection, started, options)
    return { connection, [Symbol.asyncDispose]: dispose }
  } catch (error) {
    await dispose()
    throw error
  }
}

async function makeFolder(): Promise<string> {
  const base = tmpdir().length + 30 < MAX_SOCKET_PATH ? tmpdir() : '/tmp'
  return makeTemporaryFolder('bgr', base)
}

interface Started {
  readonly socketPath: string
  readonly ended: Promise<void>
  /** why it ended; undefined while it runs */
  reason(): Promise<Error | undefined>
  kill(): void
}

function startProcess(program: string, folder: string, { configPath, signal }: BareDaemonOptions): Started {
  const args = ['--async', '-f', '-c', configPath, '-s', join(folder, 's'), '-p', join(folder, 'p')]
  args.push('--logtarget', join(folder, 'log'), '--loglevel', 'ERROR', '--syslogsocket', 'auto')
  const command = guard === undefined ? [program, ...args] : [guard, '--pdeathsig', 'KILL', program, ...args]
  const child = spawn(command[0] ?? program, command.slice(1), {
    cwd: folder,
    detached: true,
    env: toolEnvironment,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let errors = ''
  child.stderr.on('data', (chunk: Buffer) => {
    if (errors.length < 8192) errors += chunk.toString()
  })
  let failure: Error | undefined
  const kill = () => {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
    try {
      process.kill(-child.pid, 'SIGKILL')
    } catch {
      // it ended in the same moment
    }
  }
  signal?.addEventListener('abort', kill, { once: true })
  const ended = new Promise<void>((resolve) => {
    child.once('error', (cause) => {
      failure = new ToolMissingError(program, { cause })
      resolve()
    })
    child.once('exit', (code) => {
      signal?.removeEventListener('abort', kill)
      if (code === 126 || code === 127) failure = new ToolMissingError(program)
      failure ??= new StartFailedError('')
      resolve()
    })
  })
  const reason = async () => {
    if (!(failure instanceof StartFailedError)) return failure
    const log = await readFile(join(folder, 'log'), 'utf8').catch(() => '')
    return new StartFailedError(
      `fail2ban-server ended immediately. ${cleanText(`${errors}\n${log}`).slice(0, 4000)}`.trim(),
    )
  }
  return { socketPath: join(folder, 's'), ended, reason, kill }
}

async function waitUntilUp(
  connection: DaemonConnection,
  started: Started,
  options: BareDaemonOptions,
): Promise<void> {
  const end = performance.now() + options.deadline
  for (;;) {
    options.signal?.throwIfAborted()
    const reason = await started.reason()
    if (reason !== undefined) throw reason
    if (isSocket(started.socketPath) && (await answers(connection, end))) return
    if (performance.now() > end)
      throw new StartFailedError('The fail2ban-server for the rehearsal did not start in time.')
    await sleep(5)
  }
}

/** The socket is there a moment before it is listened to. */
const answers = (connection: DaemonConnection, end: number) =>
  connection.request(['ping'], { deadline: Math.max(1, end - performance.now()) }).then(
    () => true,
    () => false,
  )

/** Synchronous: it is asked many times until the socket is there, and a rejection costs more than the look. */
const isSocket = (path: string) => statSync(path, { throwIfNoEntry: false })?.isSocket() === true
