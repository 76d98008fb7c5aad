/** Where a change of fail2ban's configuration stands. */
export type ChangeState = 'prepared' | 'applying' | 'applied' | 'failed' | 'reverted' | 'abandoned'

export type ChangeKind = 'activate' | 'deactivate'

/** A file as it stood before a change; `content` null: there was none. */
export interface SavedFile {
  readonly path: string
  readonly content: Uint8Array | null
  readonly mode: number
  readonly uid: number
  readonly gid: number
}

/** A file as a change leaves it; `content` null: it removes the file. */
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
  readonly jailsBefore: readonly string[]
}
