import type { OperationStep } from '@bangui/shared'
import type { DaemonConnection } from '../connection.ts'
import { CONFIG_TIMEOUT_MS } from '../config/tools.ts'
import type { DaemonClocks } from '../daemon-time/daemon-clocks.ts'
import type { ConfigWrite } from '../models/change-models.ts'
import type { ConfigReader } from './config-reader.ts'
import type { Loads } from './loads.ts'
import type { OutsideWatch } from './outside/outside-watch.ts'
import { runTool, type RunToolOptions, type ToolResult } from './run-tool.ts'
import type { ChangeStore } from './saved-change.ts'
import type { ProofLedger } from './proof-ledger.ts'
import type { StartedJails } from './started-jails.ts'
import type { SocketGuard } from './socket-guard.ts'

/** The context of every verb of a local host. */
export interface LocalHostContext {
  readonly socketPath: string
  readonly configDir: string
  readonly client: string
  /** null: the default of this machine */
  readonly startCommand: readonly string[] | null
  readonly configWrite: ConfigWrite
  /** the folders in which logs may be read */
  readonly logDirs: readonly string[]
  readonly changes: ChangeStore
  /** notices what others do to the files */
  readonly outside: OutsideWatch
  /** the bans that only test the firewall */
  readonly proofs: ProofLedger
  readonly connection: DaemonConnection
  readonly configReader: ConfigReader
  readonly clock: () => number
  readonly guard: SocketGuard
  /** of the daemon, whose local times are in its own zone */
  readonly clocks: DaemonClocks
  readonly started: StartedJails
  /** the loads under way */
  readonly loads: Loads
  /** called as a change that is made gets on; absent: nobody follows, as with a preview */
  readonly onStep?: ((step: OperationStep) => void) | undefined
  /** how long fail2ban's own test of a changed configuration and its rehearsal may take, in milliseconds @default CONFIG_TIMEOUT_MS */
  readonly testDeadline?: number
  /** how long a load may take, in milliseconds @default deadlines.load */
  readonly loadDeadline?: number
}

/** Deadlines in milliseconds. Loading and stopping unban one by one: with many bans and a real firewall that is slow. */
export const deadlines = {
  ping: 2000,
  read: 5000,
  load: 5 * 60_000,
  /** a test of the live files */
  test: CONFIG_TIMEOUT_MS,
  /** a load after one that was cancelled, which may block for the same reason */
  afterCancel: 15_000,
  stop: 5 * 60_000,
  startTool: 90_000,
  /** how long the old process may take to end after the daemon has confirmed the stop */
  gone: 30_000,
  /** how long a daemon may stay silent after a load */
  busy: 60_000,
  up: 10_000,
  /** how long a daemon may be offline after its tool has reported success */
  seen: 1000,
  staysUp: 2000,
} as const

/** Runs fail2ban-client for this daemon: always with its own folder and socket. */
export const runClient = (
  context: LocalHostContext,
  args: readonly string[],
  options: RunToolOptions,
): Promise<ToolResult> =>
  runTool([context.client, '-c', context.configDir, '-s', context.socketPath, ...args], options)

/** Runs fail2ban-client to load a configuration; {@link Loads} can end it. */
export const runLoad = (context: LocalHostContext, args: readonly string[]): Promise<ToolResult> => {
  const { loads, loadDeadline: deadline = deadlines.load } = context
  return loads.run((signal) => runClient(context, args, { deadline, signal }))
}
