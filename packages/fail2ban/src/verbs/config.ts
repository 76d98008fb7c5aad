import type { AbortOptions, Steps } from '@bangui/async'
import type {
  Change,
  CheckedPath,
  CheckLogsInput,
  ConfigFile,
  ConfigFiles,
  ConfigNotice,
  ConfigParts,
  ConfigScope,
  DraftComparison,
  Edit,
  EffectiveInput,
  EffectiveSetting,
  FilterTest,
  FilterTestResult,
  FoundService,
  OperationStep,
  OutsideEntry,
  OwnFile,
  RegexTest,
  RegexTestInput,
  RevertChoice,
  RevertComparison,
  RollbackResult,
  RollbackStep,
  Time,
  UpgradeFile,
} from '@bangui/shared'
import type {
  ApplyOptions,
  ApplyOutcome,
  ChangeInput,
  ChangePreview,
  KeptChange,
  PreparedChange,
  PreviewInput,
  RollbackRequest,
  SettleRequest,
  UnconfirmedOnHost,
} from '../models/change-models.ts'

/** The verbs about fail2ban’s configuration. */
export interface ConfigVerbs {
  /** Returns the notices about the configuration as a whole. Never rejects because of errors in it. */
  listNotices(): Promise<ConfigNotice[]>
  /** Returns the jails, filters and actions of the configuration, and which jail uses which. @throws config_unreadable */
  listParts(): Promise<ConfigParts>
  /** Returns the files of the configuration folder, also of a configuration that fail2ban would refuse. @throws config_unreadable */
  listFiles(): Promise<ConfigFiles>
  /**
   * Returns the text of a file, by its path relative to the configuration folder; null: there is no such file.
   * @throws config_unreadable for a link out of the folder, and for what may not be read
   */
  readFile(path: string): Promise<ConfigFile | null>
  /**
   * Yields the files of the configuration that no package owns, with their content, one after the other: at most 1,000 files, 1 MiB of
   * one and 8 MiB in all. What cannot be read has a problem instead. @throws config_unreadable
   */
  readOwnFiles(): AsyncIterable<OwnFile>
  /** Returns what upgrades left beside the files of the configuration, with the differences, at most 50. @throws config_unreadable */
  listUpgradeFiles(): Promise<UpgradeFile[]>
  /**
   * Returns the effective settings of a jail, a filter, an action, `[DEFAULT]` or fail2ban itself, each with every place that sets it.
   * `name` null: for the last two. Empty: there is no such filter or action. @throws jail_unknown, config_unreadable
   */
  listSettings(scope: ConfigScope, name: string | null): Promise<EffectiveSetting[]>
  /** Returns the values of `mode` that the files of a filter name; empty: it has none, or there is no such filter. */
  listFilterModes(filter: string): Promise<string[]>
  /**
   * Returns the services that are installed or run here and that stock jails protect, those without an enabled jail first. Looks at
   * names of files and processes only. @throws config_unreadable
   */
  findServices(): Promise<FoundService[]>
  /**
   * Returns the files of lines of a `logpath`: whether each exists and may be read, when it was written last, and how many of its last
   * lines a filter matches, which is not known for all at the first call. @throws invalid_argument, config_unreadable
   */
  checkLogs(input: CheckLogsInput): Promise<CheckedPath[]>
  /**
   * Returns what fail2ban-regex makes of lines, with a filter, an edited one, or loose regexes: bounded in time, memory and output, which
   * is then the `problem` of the result, as is a filter or a log that cannot be read. One test at a time; with four waiting, further ones are
   * refused with `busy`. @throws tool_missing, invalid_argument; the reason of the signal
   */
  testRegex(input: RegexTestInput, options?: AbortOptions): Promise<RegexTest>
  /** Returns which of a filter's tests pass with the present configuration. @throws as testRegex */
  runFilterTests(
    filter: string,
    tests: readonly FilterTest[],
    options?: AbortOptions,
  ): Promise<FilterTestResult[]>
  /**
   * Returns what edits would change in the files, and what is wrong with each of them, without a test by fail2ban. With four comparisons
   * waiting, further ones are refused with `busy`. @throws config_unreadable
   */
  compareDraft(edits: readonly Edit[]): Promise<DraftComparison>
  /**
   * Returns the settings of a part as edits would leave them, without what the daemon has; edits that cannot be made are left out. Null:
   * the part would not be there, nothing may be changed, or the edits include other files than before. Turns as for compareDraft. @throws config_unreadable
   */
  listDraftedSettings(edits: readonly Edit[], part: EffectiveInput): Promise<EffectiveSetting[] | null>
  /**
   * Returns what a change would do: staged, tested and rehearsed, nothing changed. One preview at a time; with four waiting,
   * further ones are refused with `busy`. @throws jail_unknown, invalid_argument, config_unreadable
   */
  preview(input: PreviewInput): Promise<ChangePreview>
  /**
   * Stages, tests and rehearses a change, and saves it with the present files. The live folder is not changed. Returns
   * undefined where there is nothing to do. A change without edits loads the configuration as it stands; one that only stops a
   * jail is not refused because another change waits.
   * @throws filter_tests_failed, config_refused, config_unwritable, config_changed, config_read_only, change_pending, jail_unknown,
   * jail_disabled, invalid_argument, daemon_unavailable
   */
  stage(input: ChangeInput): Promise<PreparedChange | undefined>
  /**
   * Writes a staged change, does its load and nothing else, sets its runtime settings, compares the jails, and undoes a
   * refused load once. @throws config_changed, config_unwritable, daemon_unavailable, change_pending before anything is changed;
   * load_cancelled, outcome_unknown for a change without files
   */
  apply(changeId: string, options?: ApplyOptions): Promise<ApplyOutcome>
  /** Yields what the change does that is being made, step by step, until the signal aborts. */
  changeSteps(options?: AbortOptions): AsyncIterable<OperationStep>
  /** Keeps a change that waits to be confirmed. @throws config_changed where it does not, or no longer */
  confirm(changeId: string): Promise<void>
  /** Returns the change that waits to be confirmed, also past its time; null: there is none. While there is one, no other is made. */
  findUnconfirmed(): Promise<UnconfirmedOnHost | null>
  /**
   * Undoes a change: restores the saved files, then loads a running daemon again, or starts the daemon. Without saved files,
   * the jail is switched off in its `.local`; a jail that is only missing is loaded again, and switched off if that is
   * refused. May be repeated.
   */
  rollback(change: RollbackRequest): Steps<RollbackStep, RollbackResult>
  /**
   * Resolves the changes that the end of BanGUI interrupted, and returns them with their new state: `applied` (the daemon has
   * loaded the change), `failed` (never loaded, or to be confirmed: the files are restored), `applying` (no daemon to ask: a rollback undoes it).
   * Removes leftover copies of the configuration.
   */
  settleInterrupted(request?: SettleRequest): Promise<Change[]>
  /**
   * Looks whether somebody else has changed the files since the last look, and saves what was changed as a change that can be read and
   * reverted. A file is read only where its size or time differs. Returns those that were noticed after a time, by the host's clock; the
   * first look of a host only remembers the files. @throws config_unreadable, config_unwritable
   */
  noteOutsideChanges(after: Time): Promise<OutsideEntry[]>
  /** Returns what is kept of a change, with its files before and after it; null: nothing. @throws config_unwritable where its record is damaged */
  readChange(changeId: string): Promise<KeptChange | null>
  /**
   * Returns what a revert of a change would do to the files as they are now, without a test by fail2ban, and the options that were
   * changed since: somebody has to choose about each of them first. @throws config_unreadable
   */
  compareRevert(changeId: string, choices: readonly RevertChoice[]): Promise<RevertComparison>
  /** Returns the changes that the end of BanGUI interrupted and that are not resolved, the oldest first. */
  listInterrupted(): Promise<Change[]>
  /** Deletes the saved files of a change, unless it is being applied. Does nothing where there are none. */
  forget(changeId: string): Promise<void>
  /** Cancels the load under way by killing its program; the verb that made the load cleans up. Returns whether there was a load. */
  cancelLoad(): Promise<boolean>
}
