import type {
  Change,
  ChangeLoad,
  ChangeRefusal,
  ChangeResult,
  ChangeTest,
  ConfigChangeFile,
  ConfigMessage,
  FilterTest,
  FilterTestReport,
  LockOutCheck,
  LockOutRisk,
  SettingChange,
} from '@bangui/shared'
import type { ConfigEdit } from './edit-models.ts'

/** Which changes of fail2ban's configuration are allowed. */
export type ConfigWrite = 'off' | 'jails' | 'all'

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
