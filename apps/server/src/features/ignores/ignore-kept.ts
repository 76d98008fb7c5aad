import type { IgnoreRecord } from '@bangui/db'
import type { StoredEvent } from '@bangui/shared'

/** How the configuration was brought up to date. `later`: another change is in the way, and BanGUI tries again. */
export interface WriteOutcome {
  readonly state: 'done' | 'off' | 'later' | 'failed'
  /** a sentence; null: there is nothing to say */
  readonly problem: string | null
}

/** How the allow list stands after it was kept. */
export interface Kept {
  readonly written: WriteOutcome
  /** why running jails did not get an entry, as sentences */
  readonly unset: readonly string[]
  /** a sentence that says why fail2ban could not be asked; null: it could */
  readonly offline: string | null
}

/** What has to be done for the allow list without anybody asking for it. */
export interface DueIgnores {
  /** the entries whose end has come */
  readonly ended: readonly IgnoreRecord[]
}

/** Keeps the allow list of a host: in the running jails, and in the configuration. */
export interface IgnoreKeeper {
  /** Sets what is missing in the running jails, writes what is not written, and removes what has ended, in both. */
  keep(change: { readonly operationId: string; readonly title: string }): Promise<Kept>
  /** Sets what is missing in the running jails, as after a load of a jail. Never rejects. */
  hold(): Promise<void>
  /** Looks at what was stored: a load of a jail drops what was set until then. */
  noteLoads(stored: readonly StoredEvent[]): void
  /** Returns what has to be written or has ended; null: nothing, or it cannot be done now. */
  findDue(): Promise<DueIgnores | null>
  /** how the last attempt to write ended; null: there was none, or it wrote all */
  readonly problem: WriteOutcome | null
}
