import type {
  ConfigNotice,
  DaemonBan,
  DaemonDatabaseStatus,
  DaemonLog,
  Jail,
  JailDetail,
  JailFilter,
  RollbackResult,
  RollbackStep,
  SavedChange,
  SettingsPreview,
  SwitchPreview,
} from '@bangui/shared'
import type { ConnectionEvent } from './connection.ts'
import type {
  ApplyOutcome,
  BatchOptions,
  DaemonBanPage,
  HostEventBatch,
  HostInfo,
  JailBan,
  JailIgnoreList,
  JailTuning,
  LiveBansQuery,
  LoadOutcome,
  OnStep,
  PreparedSettings,
  ProbeOutcome,
  ReadingOptions,
  RollbackRequest,
  UnbanOptions,
} from './host-models.ts'
import type { LiveCounts } from './live-counts.ts'

/**
 * One fail2ban host: narrow, typed verbs. The server never touches a socket, a configuration file or a command line
 * tool itself. Every argument is validated on this side of the seam. Verbs that change something never overlap: a
 * second one is refused with {@link HostBusyError}.
 */
export interface Fail2banHost {
  /** Facts that messages name. */
  info(): HostInfo
  /** Probes the daemon: ping, version, status, totals. Each command has a deadline of 5 s; never rejects. */
  probe(): Promise<ProbeOutcome>
  /**
   * Calls the listener when the connection closed by itself (the daemon ended) or a silent daemon answers again.
   * Returns the function that stops listening.
   */
  onConnectionEvent(listener: (event: ConnectionEvent) => void): () => void
  /** Returns every configured jail, running or not, and those that only the daemon has. */
  listJails(): Promise<Jail[]>
  /** Returns the notices about the configuration as a whole. Never rejects because of errors in it. */
  listConfigNotices(): Promise<ConfigNotice[]>
  /** One jail with its effective settings and where each comes from. @throws JailUnknownError */
  getJail(name: string): Promise<JailDetail>
  /**
   * What switching a jail on or off would do: staged, tested and rehearsed, nothing touched. One after the other; with
   * four waiting, more is refused with {@link HostBusyError}.
   */
  previewSwitch(name: string, enabled: boolean): Promise<SwitchPreview>
  /**
   * Stages, tests and rehearses switching a jail on or off, and saves the change with the present files. The live folder is not
   * changed. Returns undefined where there is nothing to do.
   * @throws ConfigRefusedError, JailUnknownError, ConfigReadOnlyError
   */
  prepareSwitch(name: string, enabled: boolean): Promise<SavedChange | undefined>
  /**
   * Writes a prepared change, loads it as narrowly as possible, compares the jails, and undoes a refused load once.
   * `keep` are temporary changes of the jail that this load must not end.
   */
  applyChange(changeId: string, keep?: JailTuning): Promise<ApplyOutcome>
  /**
   * Undoes a change: the saved files go back (none on record: the jail is switched off in its `.local`, or where it is
   * only missing, loaded again, and switched off if that is refused), a daemon that runs is loaded again, one that does
   * not is started. Safe to repeat.
   */
  rollback(change: RollbackRequest, onStep: OnStep<RollbackStep>): Promise<RollbackResult>
  /**
   * Resolves the changes that the end of BanGUI interrupted, and returns them with their new state: `applied` (the daemon has
   * loaded the change), `failed` (never loaded, the files are restored), `applying` (no daemon to ask: a rollback undoes it).
   * Removes leftover copies of the configuration.
   */
  settleInterrupted(): Promise<SavedChange[]>
  /** Cancels the load under way by killing its program; the verb that made the load cleans up. Returns whether there was a load. */
  cancelLoad(): boolean
  /** Starts the daemon; a success only when it answers, and still does two seconds later with the jails that should run. */
  start(): Promise<LoadOutcome>
  /** Stops the daemon. Bans stay in its database and are restored at the next start. */
  stop(): Promise<void>
  /** Loads the whole configuration, tested and rehearsed first. @throws ConfigRefusedError */
  reload(): Promise<LoadOutcome>
  /**
   * Stops and starts the daemon, after testing and rehearsing the configuration. `onStopped` is called when the old process has
   * ended.
   */
  restart(onStopped: () => void): Promise<LoadOutcome>
  /** Returns the last lines of fail2ban's own log. */
  readLog(): Promise<DaemonLog>
  /**
   * Yields what fail2ban logs, until the signal aborts: through rotation, truncation, restarts and a log that is missing for a
   * while. Resumes after `position`, the opaque text of the last batch that was processed; null: from the beginning of the log
   * (its last 32 MB). Never rejects because of the log or the daemon: `status` has such problems.
   */
  watchEvents(options: {
    readonly position: string | null
    readonly signal: AbortSignal
  }): AsyncIterable<HostEventBatch>
  /** Returns a page of the history in fail2ban's own database, oldest first. @throws DaemonDatabaseError */
  readBanHistory(options: { readonly cursor: string | null; readonly limit: number }): Promise<DaemonBanPage>
  /** Pages of the bans in force as fail2ban's database has them (`bips`). @throws DaemonDatabaseError */
  readActiveBans(options: { readonly cursor: string | null; readonly limit: number }): Promise<DaemonBanPage>
  /**
   * Returns one page of fail2ban's own history, newest first (`source: "live"`). A caller that gives up leaves the
   * queue.
   * @throws DaemonDatabaseError, HostBusyError if too many wait
   */
  listLiveBans(
    query: LiveBansQuery,
    options?: ReadingOptions,
  ): Promise<{ rows: readonly DaemonBan[]; nextCursor: string | null }>
  /**
   * Counts over fail2ban's own history (`source: "live"`). Those who ask the same while it is counted share the answer;
   * what nobody waits for any more leaves the line. @throws DaemonDatabaseError, HostBusyError where too many wait
   */
  countLiveBans(
    query: { readonly from: number; readonly to: number; readonly bucketSeconds: number },
    options?: ReadingOptions,
  ): Promise<LiveCounts>
  /**
   * Returns since when fail2ban's own database has every ban, epoch milliseconds: since its first ban, or for as long as
   * fail2ban keeps bans (`dbpurgeage`), whichever is longer. @throws DaemonDatabaseError, HostBusyError
   */
  liveBansSince(options?: ReadingOptions): Promise<number>
  /** How fail2ban's own database stands; never rejects. */
  databaseStatus(): Promise<DaemonDatabaseStatus>
  /** The bans of a jail with their ends, from the daemon: slow with many. @throws JailUnknownError, Fail2banUnavailableError */
  listJailBans(jail: string): Promise<readonly JailBan[]>
  /**
   * Waits until a daemon that has just started has restored its bans: what it lists before is not all.
   * @throws Fail2banUnavailableError
   */
  whenBansRestored(): Promise<void>
  /** Bans in force by jail, cheaply. @throws Fail2banUnavailableError */
  countJailBans(): Promise<ReadonlyMap<string, number>>
  /** How long each jail bans for now, in seconds, -1 is permanent; cheaply. @throws Fail2banUnavailableError */
  listBantimes(): Promise<ReadonlyMap<string, number>>
  /**
   * Bans canonical addresses in a jail, in batches of about 100 ms. Stops between batches when the signal aborts.
   * @throws JailUnknownError, Fail2banUnavailableError; `onProgress` reports what was done until then
   */
  ban(
    jail: string,
    addresses: readonly string[],
    options?: BatchOptions,
  ): Promise<{ banned: number; already: number; done: number }>
  /** Ends bans; null: in every jail. A network ends those of all that it holds, unless `exactly`. @throws as {@link ban} */
  unban(
    jail: string | null,
    addresses: readonly string[],
    options?: UnbanOptions,
  ): Promise<{ unbanned: number; absent: number; done: number }>
  /** Every address, network and host name that a jail ignores now, those in files included. @throws JailUnknownError */
  listIgnored(jail: string): Promise<readonly string[]>
  /** The ignore list of a jail as the daemon has it, and what the files in it hold. @throws JailUnknownError */
  getIgnoreList(jail: string): Promise<JailIgnoreList>
  /** Starts a jail that the configuration has, as it stands there. Tested and rehearsed first. */
  startJail(name: string): Promise<void>
  /** Takes a jail out of the daemon until it is loaded again. @throws JailUnknownError */
  stopJail(name: string): Promise<void>
  /** Loads a jail's configuration again; tested and rehearsed first. */
  reloadJail(name: string): Promise<LoadOutcome>
  setIdle(name: string, idle: boolean): Promise<void>
  /** Changes a running jail until the next reload. @throws JailUnknownError, Fail2banCommandError */
  tuneJail(name: string, changes: JailTuning): Promise<void>
  /** A running jail's settings as the daemon has them now. @throws JailUnknownError */
  getTuning(name: string): Promise<JailTuning>
  /** Returns the filter of a running jail, as the daemon has it. @throws JailUnknownError */
  getFilter(name: string): Promise<JailFilter>
  /** Returns what {@link prepareSettings} would do, and every change of the jail by the load. */
  previewSettings(name: string, settings: JailTuning): Promise<SettingsPreview>
  /** As {@link prepareSwitch}: writes settings of a jail into its `.local`, to be applied with {@link applyChange}. */
  prepareSettings(name: string, settings: JailTuning): Promise<PreparedSettings | undefined>
  /** As {@link prepareSwitch}: sets up the jail `bangui` for manual bans that last longer than a jail's own. */
  prepareManualJail(): Promise<SavedChange | undefined>
  /** Ends the connection. */
  close(): Promise<void>
}
