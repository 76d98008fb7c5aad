import type { Operation, OperationKind } from '@bangui/shared'
import { randomUUID } from 'node:crypto'
import { AppError } from '../../lib/errors.ts'
import { redactFailure } from '../../redact-by-role.ts'
import { createMemoryStore } from '../../state/memory-store.ts'
import type { Store } from '../../state/state-store.ts'

/** How long an operation is listed after its end. */
const LISTED_AFTER_END_MS = 30_000

/** How many operations are known at once. */
const MAX_OPERATIONS = 100

/** Counting operations among them, which viewers can begin too: bans must have room. */
const MAX_COUNTINGS = 50

export interface OperationRequest {
  /** the client's own @default a random one */
  readonly id?: string | undefined
  readonly kind: OperationKind
  /** a few words for people, such as "Banning 5,000 addresses in sshd" */
  readonly title: string
  readonly total: number | null
  readonly cancellable: boolean
}

/** The handle that the work of an operation is given. */
export interface OperationHandle {
  /** aborts when somebody cancels */
  readonly signal: AbortSignal
  readonly progress: (done: number, total?: number | null) => void
}

/** Long work under way, and how it gets on. */
export interface Operations {
  /**
   * Runs work, reports its progress, and returns its result. Work that returns after it was cancelled counts as
   * cancelled. @throws AppError operation_known if an operation with this id is running, busy if there are too many
   */
  run<TResult>(
    request: OperationRequest,
    work: (operation: OperationHandle) => Promise<TResult>,
  ): Promise<TResult>
  /** Returns the operations under way and those that ended lately, the oldest first. */
  list(): readonly Operation[]
  /** Cancels an operation; returns false where it does not run or cannot be cancelled. */
  cancel(id: string): boolean
  readonly store: Store<readonly Operation[]>
}

/** Keeps operations in memory. */
export function createOperations({ clock }: { readonly clock: () => number }): Operations {
  const store = createMemoryStore<readonly Operation[]>({ initial: [] })
  const aborts = new Map<string, AbortController>()

  const isFresh = ({ endedAt }: Operation) =>
    endedAt === null || Math.abs(clock() - endedAt) < LISTED_AFTER_END_MS
  const change = (id: string, over: Partial<Operation>) =>
    void store.update((all) =>
      all.map((operation) => (operation.id === id ? { ...operation, ...over } : operation)),
    )

  const countings = () =>
    store.get().filter(({ kind, endedAt }) => kind === 'statistics' && endedAt === null).length

  const begin = (id: string, { kind, title, total, cancellable }: OperationRequest) => {
    if (aborts.has(id)) throw new AppError('operation_known')
    if (aborts.size >= MAX_OPERATIONS || (kind === 'statistics' && countings() >= MAX_COUNTINGS))
      throw new AppError('busy')
    const abort = new AbortController()
    aborts.set(id, abort)
    const operation: Operation = {
      id,
      kind,
      title,
      done: 0,
      total,
      state: 'running',
      startedAt: clock(),
      endedAt: null,
      message: null,
      cancellable,
    }
    void store.update((all) =>
      withNew(
        all.filter((one) => one.id !== id && isFresh(one)),
        operation,
      ),
    )
    return abort
  }

  const end = (id: string, over: Partial<Operation>) => {
    aborts.delete(id)
    change(id, { ...over, endedAt: clock(), cancellable: false })
  }

  return {
    store,
    list: () => store.get().filter(isFresh),

    cancel(id) {
      const operation = store.get().find((one) => one.id === id)
      const abort = aborts.get(id)
      if (!abort || !operation?.cancellable) return false
      abort.abort(new AppError('operation_cancelled'))
      return true
    },

    async run(request, work) {
      const id = request.id ?? randomUUID()
      const { signal } = begin(id, request)
      const progress = (done: number, total?: number | null) =>
        change(id, total === undefined ? { done } : { done, total })
      try {
        const result = await work({ signal, progress })
        end(id, { state: signal.aborted ? 'cancelled' : 'done' })
        return result
      } catch (error) {
        // the client may also have disconnected
        const isCancelled =
          signal.aborted || (error instanceof AppError && error.code === 'operation_cancelled')
        end(id, isCancelled ? { state: 'cancelled' } : { state: 'failed', message: redactFailure(error) })
        throw error
      }
    },
  }
}

/** Removes the oldest operations that have ended; running ones stay. */
function withNew(all: readonly Operation[], operation: Operation): readonly Operation[] {
  const surplus = all.length + 1 - MAX_OPERATIONS
  if (surplus <= 0) return [...all, operation]
  const ended = all.filter(({ endedAt }) => endedAt !== null).slice(0, surplus)
  return [...all.filter((one) => !ended.includes(one)), operation]
}
