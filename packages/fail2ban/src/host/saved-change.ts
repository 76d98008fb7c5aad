import {
  loadSteps,
  type Change,
  type ChangeConfirmation,
  type ChangeState,
  type ChangeTest,
  type LockOutRisk,
  type OutsideChange,
} from '@bangui/shared'
import type { LogPosition } from './log-tail.ts'

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

/** A change with the previous content of its files and what it writes. */
export interface SavedChange extends Change {
  readonly files: readonly SavedFile[]
  readonly written: readonly WrittenFile[]
  /** why it can lock people out @default it cannot */
  readonly risks?: readonly LockOutRisk[] | undefined
  /** it has to be confirmed @default it does not */
  readonly confirmation?: ChangeConfirmation | undefined
  /** where fail2ban's log ended before a load without files; undefined: that is no file */
  readonly log?: LogPosition | undefined
  /** how fail2ban tested it @default it did not */
  readonly tested?: ChangeTest | undefined
  /** somebody else made it @default BanGUI did */
  readonly outside?: OutsideChange | undefined
}

/** Returns whether a change has no files: it loads the configuration as it stands, and there is nothing to restore. */
export const isLoadOnly = ({ written }: Pick<SavedChange, 'written'>): boolean => written.length === 0

/** Returns whether a change only stops jails that the configuration switches on. */
export const isStopOnly = (change: SavedChange): boolean =>
  isLoadOnly(change) &&
  loadSteps(change.load).length > 0 &&
  loadSteps(change.load).every(({ how }) => how === 'stop')

/** A record of a change that cannot be used. */
export interface DamagedRecord {
  readonly folder: string
  /** a sentence that says what is wrong */
  readonly message: string
}

/** The changes of a host with their files. What `save` and `setState` stored survives a power cut. */
export interface ChangeStore {
  /** @throws ConfigUnwritableError; nothing is kept then */
  save(change: SavedChange): Promise<void>
  /** Undefined: there is none of that id. @throws ConfigUnwritableError where its record is damaged */
  get(id: string): Promise<SavedChange | undefined>
  /** Stores the state of a change, and until when it has to be confirmed where that is given. @throws ConfigUnwritableError */
  setState(id: string, state: ChangeState, confirmation?: ChangeConfirmation): Promise<void>
  /** Returns the change in state `provisional`, of which there is one at most; damaged ones are left out. */
  findProvisional(): Promise<SavedChange | undefined>
  /** Returns the changes that were prepared at a time or later, the oldest first; damaged ones are left out. */
  listSince(time: number): Promise<SavedChange[]>
  /** Returns the changes in state `applying`, the oldest first: BanGUI ended while it applied them. Leaves damaged ones out. */
  listInterrupted(): Promise<SavedChange[]>
  /**
   * Deletes what is left of saves that were cut off, and changes that were prepared before `before` and never applied.
   * Returns the records that are damaged, which stay.
   */
  clean(before: number): Promise<DamagedRecord[]>
  /** Deletes a change and its files, unless it is being applied. */
  forget(id: string): Promise<void>
}

/** Returns what the host tells about a change: its files stay on the host. */
export const withoutFiles = ({
  files: _files,
  written: _written,
  risks: _risks,
  confirmation: _confirmation,
  tested: _tested,
  outside: _outside,
  ...change
}: SavedChange): Change => change
