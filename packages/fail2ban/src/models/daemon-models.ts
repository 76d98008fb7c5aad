import type { EventSourceStatus, HostEvent, OfflineReason } from '@bangui/shared'
import type { DaemonInstance } from '../daemon-instance.ts'

/** The outcome of a probe. A failure is a value. */
export type ProbeOutcome = ProbeAnswer | ProbeFailure

export interface ProbeAnswer {
  readonly ok: true
  readonly version: string
  /** names of the jails that the daemon has */
  readonly jails: readonly string[]
  readonly currentlyBanned: number
  readonly totalBanned: number
  readonly currentlyFailed: number
  readonly totalFailed: number
  readonly instance: DaemonInstance
}

export interface ProbeFailure {
  readonly ok: false
  readonly reason: OfflineReason
  /** a sentence that a person can act on: which path, which user, what to do */
  readonly message: string
  /** a connection to the daemon is open: it is alive, only silent */
  readonly connected: boolean
}

/** The commands that a daemon knows, which follows from its version alone (source: fail2ban's ChangeLog). */
export interface DaemonCapabilities {
  /** `stats`, `status --all`: 1.1.0 */
  readonly stats: boolean
  /** `status <jail> short`: 0.11.2 */
  readonly shortStatus: boolean
  /** `get <jail> banip --with-time`: 0.11.1 */
  readonly banWithTime: boolean
  /** `banned`, `get <jail> banned`: 0.11.2 */
  readonly banned: boolean
  /** unban by network: 0.11.2 */
  readonly unbanNetwork: boolean
  /** `skip_if_nologs`, `ignoreip = file:`: 1.1.1 */
  readonly skipIfNoLogs: boolean
  /** a parameter of a filter or an action also replaces its conditional options (`[Init?family=inet6]`): 1.1.1 */
  readonly conditionalParameters: boolean
}

/** The result of loading the configuration. */
export interface LoadOutcome {
  readonly ok: boolean
  /** jails that ran before, or that the configuration switches on, and do not run */
  readonly missingJails: readonly string[]
  readonly output: string | null
}

/** Facts about the host, for messages. */
export interface HostInfo {
  readonly socketPath: string
  /** the argument vector that starts the daemon */
  readonly startCommand: readonly string[]
  /** the user as whom BanGUI connects to the daemon */
  readonly uid: number
  /** the addresses of the machine, as text without a zone */
  readonly addresses: readonly string[]
}

/** The events that fail2ban logged after the previous batch. */
export interface HostEventBatch {
  readonly events: readonly HostEvent[]
  /** to resume after these; opaque */
  readonly position: string
  readonly status: EventSourceStatus
}
