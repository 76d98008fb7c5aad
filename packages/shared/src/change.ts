import * as z from 'zod'

/**
 * The state of a change of fail2ban's configuration: `prepared` (saved, the live folder untouched), `applying` (files are
 * being written and loaded), `applied`, `failed` (undone automatically), `reverted` (rolled back), `abandoned` (never applied).
 */
export type ChangeState = 'prepared' | 'applying' | 'applied' | 'failed' | 'reverted' | 'abandoned'

/** Why a change of the configuration is refused before anything is touched: by fail2ban, or because BanGUI cannot write. */
export const ChangeRefusal = z.enum(['config_refused', 'config_unwritable'])
export type ChangeRefusal = z.infer<typeof ChangeRefusal>

/** What a change did to its jail: switched it on or off, or changed its settings. */
export type ChangeKind = 'activate' | 'deactivate' | 'edit'

/** A file before a change; `content` null: it did not exist. */
export interface SavedFile {
  readonly path: string
  readonly content: Uint8Array | null
  readonly mode: number
  readonly uid: number
  readonly gid: number
}

/** A file as a change leaves it, to detect later edits; `content` null: the change removes it. */
export interface WrittenFile {
  readonly path: string
  readonly content: Uint8Array | null
}

/** A change of fail2ban's configuration. */
export interface Change {
  readonly id: string
  readonly kind: ChangeKind
  readonly jailName: string
  readonly createdAt: number
  readonly state: ChangeState
  /** the jails that ran before */
  readonly jailsBefore: readonly string[]
}

/** A change with the previous content of its files and what it writes. */
export interface SavedChange extends Change {
  readonly files: readonly SavedFile[]
  readonly written: readonly WrittenFile[]
}

/** Stores the previous content for each change. What `save` and `setState` stored survives a power cut. */
export interface ChangeJournal {
  save(change: SavedChange): Promise<void>
  get(id: string): Promise<SavedChange | undefined>
  setState(id: string, state: ChangeState): Promise<void>
  /** changes in state `applying`, the oldest first: BanGUI ended while it applied them */
  listInterrupted(): Promise<SavedChange[]>
}
