import type { OperationItemKind } from '@bangui/db'
import type { Actor, OperationKind, OperationStep } from '@bangui/shared'

export interface OperationRequest {
  /** the client's own @default a random one */
  readonly id?: string | undefined
  readonly kind: OperationKind
  /** a few words for people, such as "Banning 5,000 addresses in sshd" */
  readonly title: string
  readonly total: number | null
  readonly cancellable: boolean
  /** the host that it is about @default the local one */
  readonly host?: OperationHost | undefined
}

/** The host of an operation: its id in the database and its public key. */
export interface OperationHost {
  readonly id: number
  readonly key: string
}

/** An operation that changes a host: it leaves a record. */
export interface RecordedRequest<TResult = unknown> extends OperationRequest {
  readonly actor: Actor
  /** the host that it changes */
  readonly host: OperationHost
  /** plain data: what it is asked to do @default nothing */
  readonly params?: unknown
  /** the id of the operation that this one undoes */
  readonly undoes?: string | undefined
  /** the names of the users for whom BanGUI itself does it @default nobody's */
  readonly askedBy?: readonly string[] | undefined
  /** continues the interrupted or cancelled operation of this id @default a new one */
  readonly resumes?: ResumedFrom | undefined
  /** Returns how it ended. @default done */
  readonly outcomeOf?: ((result: TResult) => Outcome) | undefined
}

/** Where an operation that goes on had ended. */
export interface ResumedFrom {
  readonly done: number
  readonly startedAt: number
  /** the name of whoever continues it; null: BanGUI adds to one of its own */
  readonly by: string | null
}

/** How work ended that was not cancelled and did not throw. */
export interface Outcome {
  readonly state: 'done' | 'partly' | 'failed' | 'cancelled'
  readonly message: string | null
}

export const DONE: Outcome = { state: 'done', message: null }
export const CANCELLED: Outcome = { state: 'cancelled', message: null }

/** The handle that the work of an operation is given. */
export interface OperationHandle {
  readonly id: string
  readonly actor: Actor
  /** how many items it has, as far as it was known when it began */
  readonly total: number | null
  /** how many items it had reached before, where it goes on */
  readonly reached: number
  /** aborts when somebody cancels */
  readonly signal: AbortSignal
  /** why no record could be written, as a sentence; undefined: it was */
  readonly recordError: string | undefined
  readonly progress: (done: number, total?: number | null) => void
  /** Shows what it does now. */
  readonly step: (step: OperationStep) => void
  /** From here on it cannot be cancelled any more. */
  readonly commit: () => void
  /** Names the operation more exactly than before it began. */
  readonly describe: (title: string, total: number | null) => void
  /** Keeps what its undo or its continuation needs. Does nothing without a record. */
  readonly keep: (kind: OperationItemKind, items: readonly unknown[]) => Promise<void>
  /** As `keep`, instead of what was kept. An error does not end the work. */
  readonly replace: (kind: OperationItemKind, items: readonly unknown[]) => Promise<void>
}
