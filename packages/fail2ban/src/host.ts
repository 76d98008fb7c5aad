import type {
  ChangeResult,
  DaemonLog,
  Jail,
  JailDetail,
  OfflineReason,
  RollbackResult,
  RollbackStep,
  SavedChange,
  SwitchPreview,
} from '@bangui/shared'
import type { DaemonSignal } from './connection.ts'

/** What one look at the daemon found. It never throws: a failure is a value. */
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
  /** tells one life of the daemon from the next (socket inode and process id) */
  readonly identity: string
}

export interface ProbeFailure {
  readonly ok: false
  readonly reason: OfflineReason
  /** a sentence that a person can act on: which path, which user, what to do */
  readonly message: string
  /** a connection to the daemon is open: it is alive, only silent */
  readonly connected: boolean
}

/** Whether this daemon answers to a command; follows from its version alone (facts: fail2ban's ChangeLog). */
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
}

/** What may be changed of fail2ban's configuration. */
export type ConfigWrite = 'off' | 'jails' | 'all'

/** How the jails stand after a load, beside what should be. */
export interface LoadOutcome {
  readonly ok: boolean
  /** jails that ran before, or that the configuration switches on, and do not run */
  readonly missingJails: readonly string[]
  readonly output: string | null
}

/** The result of applying a prepared change. */
export interface ApplyOutcome extends ChangeResult {
  /** set when the change did harm that undoing it by itself did not put right */
  readonly harm: null | {
    readonly cause: 'load_refused' | 'jails_missing'
    readonly missingJails: readonly string[]
  }
}

/** Called as a long verb moves on. */
export type OnStep<TStep extends string> = (step: TStep) => void

/** Facts about the host that messages name. */
export interface HostInfo {
  readonly socketPath: string
  /** the argument vector that starts the daemon */
  readonly startCommand: readonly string[]
  /** the user that talks to the daemon */
  readonly uid: number
}

/**
 * One fail2ban host: narrow, typed verbs. The server never touches a socket, a configuration file or a command line
 * tool itself. Every argument is validated on this side of the seam. Verbs that change something never overlap: a
 * second one is refused with {@link HostBusyError}.
 */
export interface Fail2banHost {
  /** Facts that messages name. */
  info(): HostInfo
  /** One look at the daemon: ping, version, status, totals. Each call has its deadline of 5 s; never rejects. */
  probe(): Promise<ProbeOutcome>
  /**
   * Tells when the connection closed by itself (the daemon ended) or a silent daemon answers again. Returns the
   * function that stops it.
   */
  onSignal(listener: (signal: DaemonSignal) => void): () => void
  /** Every jail that the configuration knows, running or not, and those that only the daemon knows. */
  listJails(): Promise<Jail[]>
  /** One jail with its effective settings and where each comes from. @throws JailUnknownError */
  getJail(name: string): Promise<JailDetail>
  /**
   * What switching a jail on or off would do: staged, tested and rehearsed, nothing touched. One after the other; with
   * four waiting, more is refused with {@link HostBusyError}.
   */
  previewSwitch(name: string, enabled: boolean): Promise<SwitchPreview>
  /**
   * Stages, tests and rehearses switching a jail on or off, and saves what stands. The live folder is untouched.
   * Undefined: nothing to do. @throws ConfigRefusedError, JailUnknownError, ConfigReadOnlyError
   */
  prepareSwitch(name: string, enabled: boolean): Promise<SavedChange | undefined>
  /** Writes a prepared change, loads it as narrowly as possible, compares the jails, undoes a refused load once. */
  applyChange(changeId: string): Promise<ApplyOutcome>
  /**
   * Undoes a change: the saved files go back (none on record: the jail is switched off in its `.local`, or where it is
   * only missing, loaded again, and switched off if that is refused), a daemon that runs is loaded again, one that does
   * not is started. Safe to repeat.
   */
  rollback(change: RollbackRequest, onStep: OnStep<RollbackStep>): Promise<RollbackResult>
  /**
   * Settles the changes that BanGUI was cut off in and gives them with their new state: `applied` (the daemon runs as
   * it wanted), `failed` (never loaded, the files are back), `applying` (no daemon to ask: a rollback undoes it). Copies
   * of the configuration that were left then are removed.
   */
  settleInterrupted(): Promise<SavedChange[]>
  /** Starts the daemon; a success only when it answers, and still does two seconds later with the jails that should run. */
  start(): Promise<LoadOutcome>
  /** Stops the daemon. Bans stay in its database and are restored at the next start. */
  stop(): Promise<void>
  /** Loads the whole configuration, tested and rehearsed first. @throws ConfigRefusedError */
  reload(): Promise<LoadOutcome>
  /** Stops and starts, configuration tested and rehearsed first. `onStopped` is called when the old process is gone. */
  restart(onStopped: () => void): Promise<LoadOutcome>
  /** The last lines of fail2ban's own log. */
  readLog(): Promise<DaemonLog>
  /** Ends the connection. */
  close(): Promise<void>
}

export interface RollbackRequest {
  readonly changeId: string | null
  readonly jailName: string
  readonly missingJails: readonly string[]
}
