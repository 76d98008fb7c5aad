import type {
  Change,
  ChangeLoad,
  ChangeRefusal,
  ChangeResult,
  ChangeTest,
  ConfigChangeFile,
  ConfigMessage,
  DaemonBan,
  Edit,
  EventSourceStatus,
  HostEvent,
  LockOutCheck,
  LockOutRisk,
  OfflineReason,
  LISTS_JAIL,
  MANUAL_JAIL,
  RevertChoice,
  SettingChange,
  FilterTest,
  FilterTestReport,
} from '@bangui/shared'
import type { DaemonInstance } from './daemon-instance.ts'

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

/** Which changes of fail2ban's configuration are allowed. */
export type ConfigWrite = 'off' | 'jails' | 'all'

/** The result of loading the configuration. */
export interface LoadOutcome {
  readonly ok: boolean
  /** jails that ran before, or that the configuration switches on, and do not run */
  readonly missingJails: readonly string[]
  readonly output: string | null
}

/** The result of applying a prepared change. */
export interface ApplyOutcome extends ChangeResult {
  /** set when the change failed, and was not undone, or not everything was restored: a rollback is needed */
  readonly failure: null | {
    readonly cause: 'crashed' | 'not_back' | 'load_refused' | 'jails_missing'
    readonly missingJails: readonly string[]
  }
  /** until when the change has to be confirmed; absent: it is kept without, or was not applied */
  readonly confirmBy?: number
}

/** How a change is applied. */
export interface ApplyOptions {
  /** the change has to be confirmed this long after its load, in milliseconds, at most an hour @default it is kept without */
  readonly confirmWithinMs?: number | undefined
}

/** A change that waits to be confirmed. */
export interface UnconfirmedOnHost {
  readonly change: Change
  readonly risks: readonly LockOutRisk[]
  readonly withinMs: number
  /** until when */
  readonly confirmBy: number
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

export interface DaemonBanPage {
  readonly rows: readonly DaemonBan[]
  /** for the next page; stays valid, so that rows which come later are found with it */
  readonly cursor: string
  readonly done: boolean
  /** rows in all; null: not counted */
  readonly total: number | null
}

export interface LiveBansQuery {
  readonly from: number | null
  readonly to: number | null
  readonly jail: string | null
  /** canonical text of an address or network */
  readonly address: string | null
  /** also the bans of networks that hold `address` @default false */
  readonly withHolders?: boolean
  readonly cursor: string | null
  readonly limit: number
}

export interface JailBan {
  readonly address: string
  readonly bannedAt: number
  /** seconds, -1 is permanent */
  readonly duration: number
  readonly until: number | null
}

export interface ReadingOptions {
  readonly signal?: AbortSignal | undefined
}

export interface BatchOptions {
  readonly signal?: AbortSignal | undefined
}

/** How far a list of addresses is: before a batch is sent, and after it is done. */
export interface BatchStep {
  /** addresses that are sent or done */
  readonly sent: number
  readonly done: number
}

/** How a batch of bans ended. */
export interface BannedBatch {
  /** of each address, whether it was banned before */
  readonly before: readonly boolean[]
  /** how many were banned now */
  readonly banned: number
  /** how long the daemon took, in milliseconds, without what it did before */
  readonly tookMs: number
}

/** How an unban of a list ended. */
export interface BatchUnbanned {
  readonly unbanned: number
  readonly absent: number
  readonly done: number
}

export interface UnbanOptions extends BatchOptions {
  /** a network ends its own ban alone, where it has one */
  readonly exactly?: boolean | undefined
}

export interface JailIgnoreList {
  /** addresses, networks and host names */
  readonly entries: readonly string[]
  readonly files: readonly IgnoredFile[]
}

/** A file whose addresses a jail ignores (`file:` in `ignoreip`). */
export interface IgnoredFile {
  readonly path: string
  /** canonical */
  readonly addresses: readonly string[]
  /** words that are no address and no network, such as host names */
  readonly others: number
  /** why the content is not known, as a sentence; null: it is known */
  readonly problem: string | null
}

/** Times in whole seconds, -1 is permanent. */
export interface JailTuning {
  readonly bantime?: number | undefined
  readonly findtime?: number | undefined
  readonly maxretry?: number | undefined
  /** addresses and networks to ignore from now on */
  readonly addIgnored?: readonly string[] | undefined
  readonly removeIgnored?: readonly string[] | undefined
}

/** Switches a jail on or off. */
export interface SwitchEdit {
  readonly kind: 'switch'
  readonly jail: string
  readonly enabled: boolean
}

/** Writes settings of a jail into its `.local`. */
export interface SettingsEdit {
  readonly kind: 'settings'
  readonly jail: string
  readonly settings: JailTuning
  /**
   * what was changed until the next load and ends with this one: names of settings, and addresses of the ignore list
   * @default nothing
   */
  readonly giveUp?: readonly string[] | undefined
}

/** Sets up a jail that reads no log: `bangui` for manual bans that last longer than a jail's own, or `blocklists`. */
export interface ManualJailEdit {
  readonly kind: 'manual_jail'
  /** @default 'bangui' */
  readonly name?: typeof MANUAL_JAIL | typeof LISTS_JAIL | undefined
}

/** What a host has kept of a change. */
export interface KeptChange {
  readonly files: readonly (Pick<ConfigChangeFile, 'file' | 'now'> & {
    /** null: there was no file */
    readonly before: string | null
    readonly after: string | null
  })[]
  /** paths of files of which nothing is kept */
  readonly omitted: readonly string[]
  /** when the files were last seen as before, for a change that somebody else made */
  readonly since: number | null
  readonly tested: ChangeTest | null
}

/** Takes an earlier change back. */
export interface RevertEdit {
  readonly kind: 'revert'
  readonly changeId: string
  /** about options that were changed again since @default such an option stops the revert */
  readonly choices?: readonly RevertChoice[] | undefined
}

/** An entry that ignore lists of the configuration should have. */
export interface AddedIgnore {
  /** canonical: an address, a network or a host name */
  readonly entry: string
  /** null: every jail, on or off */
  readonly jail: string | null
}

/** An entry that sections of the configuration should no longer have. */
export interface RemovedIgnore {
  readonly entry: string
  /** `DEFAULT` and names of jails: other sections keep it */
  readonly sections: readonly string[]
}

/** Changes ignore lists of the configuration. Nothing is loaded: running jails get their entries by `ignores.set`. */
export interface IgnoresEdit {
  readonly kind: 'ignores'
  readonly add: readonly AddedIgnore[]
  readonly remove: readonly RemovedIgnore[]
}

/** The ignore list of a running jail as the daemon has it. */
export interface RunningIgnores {
  readonly jail: string
  /** addresses, networks and host names */
  readonly entries: readonly string[]
  /** paths of files with more addresses (`file:`, fail2ban 1.1.1) */
  readonly files: readonly string[]
  /** the jail never bans the addresses of its own machine */
  readonly self: boolean
  /** it asks a command (`ignorecommand`), which BanGUI does not run */
  readonly hasCommand: boolean
}

/** An entry of an ignore list in the configuration, with its place; a reference (`%(name)s`) is filled in. */
export interface ConfiguredIgnore {
  /** canonical where it is an address or a network */
  readonly entry: string
  readonly file: string | null
  /** counts from 1 */
  readonly line: number | null
}

/** The ignore lists of the configuration. */
export interface ConfiguredIgnores {
  /** `DEFAULT` first, then every jail that sets a list of its own, on or off */
  readonly sections: readonly { readonly section: string; readonly entries: readonly ConfiguredIgnore[] }[]
  /** every configured jail, with whether it never bans the addresses of its own machine */
  readonly jails: readonly { readonly jail: string; readonly self: boolean }[]
}

/** What a running jail should ignore from now on, and no longer, until its next load. */
export interface SetIgnores {
  readonly jail: string
  /** canonical addresses, networks and host names */
  readonly add: readonly string[]
  readonly remove: readonly string[]
}

/** Why a running jail did not get what it should ignore. */
export interface UnsetIgnores {
  readonly jail: string
  /** a sentence for people */
  readonly problem: string
}

/** A host name, and the addresses that it has now. */
export interface ResolvedName {
  readonly name: string
  /** canonical; empty: it does not resolve */
  readonly addresses: readonly string[]
}

export type ConfigEdit = SwitchEdit | SettingsEdit | ManualJailEdit | RevertEdit | IgnoresEdit | Edit

/**
 * What a change without files loads: everything, or one jail. A jail that does not run is started, however it is to be loaded; one
 * that runs is reloaded by `start`.
 */
export type LoadRequest =
  | { readonly all: true }
  | { readonly jail: string; readonly how: 'start' | 'stop' | 'reload' | 'restart' }

/** A change of the configuration that is asked for. */
export interface ChangeInput {
  /** made one after the other; none: the change only loads */
  readonly edits: readonly ConfigEdit[]
  /** what a change without edits loads */
  readonly load?: LoadRequest | undefined
  /** a few words for people, such as "Activating jail sshd" */
  readonly title: string
  /** samples of filters, of which those are tested that the change touches @default none */
  readonly filterTests?: readonly FilterTest[] | undefined
  /** the change is staged although samples fail @default false */
  readonly ignoreFailedTests?: boolean | undefined
  /** the caller may change no more than `BANGUI_CONFIG_WRITE=jails` allows, where the host allows more */
  readonly level?: 'jails' | undefined
}

/** A change that is asked about. */
export interface PreviewInput extends Pick<ChangeInput, 'edits' | 'filterTests'> {
  /** the addresses of people that the change should not ban, of which the first 500 are looked for @default nobody is looked for */
  readonly people?: readonly string[] | undefined
}

/** What a change would do. */
export interface ChangePreview {
  /** there is nothing to do */
  readonly already: boolean
  /** null if it would work, else why not */
  readonly refused: string | null
  readonly refusedReason: ChangeRefusal | null
  /** the configuration is read-only on this host */
  readonly readOnly: boolean
  readonly files: readonly FileDiff[]
  readonly warnings: readonly string[]
  /** what fail2ban says about the configuration as it would be */
  readonly messages: readonly ConfigMessage[]
  /** a jail is loaded */
  readonly loads: boolean
  /** everything that the load changes in the running jails */
  readonly changes: readonly SettingChange[]
  readonly load: ChangeLoad
  /** why it can lock people out */
  readonly risks: readonly LockOutRisk[]
  /** whether it would have banned people; null: nobody was named, it cannot lock anybody out, or it would be refused */
  readonly lockOut: LockOutCheck | null
  /** how the samples do that the change touches; empty where fail2ban refuses it */
  readonly filterTests: readonly FilterTestReport[]
  /** the bans that end with jails that are switched off */
  readonly bansEnding: number
  /** the bans that are lifted for a moment, while their jail or fail2ban restarts */
  readonly bansInterrupted: number
}

interface FileDiff {
  readonly path: string
  readonly diff: string
}

/** A change that was staged and saved, and is not applied yet. */
export interface PreparedChange extends Pick<Change, 'load' | 'runtime' | 'expect'> {
  readonly changeId: string
  /** the SHA-256 of each file before and after; null: there is none */
  readonly files: readonly {
    readonly path: string
    readonly before: string | null
    readonly after: string | null
  }[]
  readonly diff: readonly FileDiff[]
  /** warnings that do not stop the change */
  readonly messages: readonly string[]
  /** why it can lock people out */
  readonly risks: readonly LockOutRisk[]
}

export interface SettleRequest {
  /** the ids of the changes that are known to have been applied: only their record could not be stored then */
  readonly applied: readonly string[]
}

export interface RollbackRequest {
  readonly changeId: string | null
  /** null: no change is known to have caused it; the missing jails are loaded again */
  readonly jailName: string | null
  readonly missingJails: readonly string[]
}
