import * as z from 'zod'

/**
 * Where a change of fail2ban's configuration stands: `prepared` (saved, the live folder untouched), `applying` (files are
 * being written and loaded), `applied`, `failed` (undone by itself), `reverted` (rolled back), `abandoned` (never applied).
 */
export type ChangeState = 'prepared' | 'applying' | 'applied' | 'failed' | 'reverted' | 'abandoned'

/** Why a change of the configuration is refused before anything is touched: by fail2ban, or because BanGUI cannot write. */
export const ChangeRefusal = z.enum(['config_refused', 'config_unwritable'])
export type ChangeRefusal = z.infer<typeof ChangeRefusal>

/** What a change did to its jail: switched it on or off, or changed its settings. */
export type ChangeKind = 'activate' | 'deactivate' | 'edit'

/** A file as it stood before a change; `content` null: there was none. */
export interface SavedFile {
  readonly path: string
  readonly content: Uint8Array | null
  readonly mode: number
  readonly uid: number
  readonly gid: number
}

/** A file as a change leaves it, to see whether it still is so; `content` null: the change removes it. */
export interface WrittenFile {
  readonly path: string
  readonly content: Uint8Array | null
}

/** A change with what stood before it and what it writes. */
export interface SavedChange {
  readonly id: string
  readonly kind: ChangeKind
  readonly jailName: string
  readonly createdAt: number
  readonly state: ChangeState
  readonly files: readonly SavedFile[]
  readonly written: readonly WrittenFile[]
  /** the jails that ran before */
  readonly jailsBefore: readonly string[]
}

/** Keeps what stood before each change; what `save` and `setState` returned from would survive a power cut. */
export interface ChangeJournal {
  save(change: SavedChange): Promise<void>
  get(id: string): Promise<SavedChange | undefined>
  setState(id: string, state: ChangeState): Promise<void>
  /** changes in state `applying`, the oldest first: BanGUI ended in the middle of them */
  listInterrupted(): Promise<SavedChange[]>
}
