import type { ChangeJournal } from '@bangui/shared'
import type { DaemonConnection } from '../connection.ts'
import type { DaemonClocks } from '../daemon-time/daemon-clocks.ts'
import type { ConfigWrite } from '../host.ts'
import { runTool, type ToolResult } from './run-tool.ts'
import type { StartedJails } from './started-jails.ts'

/** What every verb of a local host works with. */
export interface HostContext {
  readonly socketPath: string
  readonly configDir: string
  readonly client: string
  /** null: the default of this machine */
  readonly startCommand: readonly string[] | null
  readonly configWrite: ConfigWrite
  readonly journal: ChangeJournal
  readonly connection: DaemonConnection
  readonly clock: () => number
  /** of the daemon, whose local times are in its own zone */
  readonly clocks: DaemonClocks
  readonly started: StartedJails
}

/** Deadlines in milliseconds. Loading and stopping unban one by one: with many bans and a real firewall that is slow. */
export const deadlines = {
  ping: 2000,
  read: 5000,
  load: 5 * 60_000,
  stop: 5 * 60_000,
  startTool: 90_000,
  /** how long the old process may take to go after the daemon said that it stops */
  gone: 30_000,
  /** how long a daemon may stay silent after a load */
  busy: 60_000,
  up: 10_000,
  /** how long a daemon may be gone after its tool said that it is ready */
  seen: 1000,
  staysUp: 2000,
} as const

/** Runs fail2ban-client for this daemon: always with its own folder and socket. */
export const runClient = (
  context: HostContext,
  args: readonly string[],
  deadline: number = deadlines.load,
): Promise<ToolResult> =>
  runTool([context.client, '-c', context.configDir, '-s', context.socketPath, ...args], { deadline })
