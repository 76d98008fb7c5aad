import type { OperationRecord } from '@bangui/db'
import { type Operation, type OperationKind } from '@bangui/shared'
import { AppError } from '../../lib/errors.ts'
import type { Logger } from '../../lib/logger.ts'
import { redactFailure } from '../../redact-by-role.ts'
import {
  CANCELLED,
  DONE,
  type OperationHandle,
  type OperationRequest,
  type RecordedRequest,
} from './operation.ts'
import type { OperationStore } from './operation-store.ts'
import { createOperationWriter, type OperationWriter } from './operation-writer.ts'
import {
  createRunningOperations,
  type RunningOperation,
  type RunningOperations,
} from './running-operations.ts'

/** These go through where no record can be written: a full disk blocks no emergency. */
const unrecordedKinds: readonly OperationKind[] = ['ban', 'unban', 'jail.stop', 'daemon.stop', 'rollback']

/** What people and BanGUI do to a host, and how it gets on. */
export interface Operations extends Pick<RunningOperations, 'list' | 'listRunning' | 'cancel' | 'store'> {
  /**
   * Runs work that changes a host: its record is written before, and closed after it. Work that returns after it was
   * cancelled counts as cancelled.
   * @throws AppError operation_known if the id was used before, undo_none, busy if too many operations are running;
   * DatabaseError
   */
  run<TResult>(
    request: RecordedRequest<TResult>,
    work: (operation: OperationHandle) => Promise<TResult>,
  ): Promise<TResult>
  /** Runs work that only reads: its progress is shown, and no record is kept. @throws AppError operation_known, busy */
  show<TResult>(
    request: OperationRequest,
    work: (operation: Pick<OperationHandle, 'signal' | 'progress'>) => Promise<TResult>,
  ): Promise<TResult>
  /** From now on, work that fails counts as interrupted: BanGUI is shutting down. */
  close(): void
  /** Tries once more to store the ends that could not be stored. Never rejects. */
  flush(): Promise<void>
  /** Returns the record with its end, where the end could not be stored yet. */
  withEnd(record: OperationRecord): OperationRecord
  readonly records: OperationStore
}

export interface OperationsOptions {
  readonly clock: () => number
  readonly records: OperationStore
  readonly log: Logger
  /** after how long an end that could not be stored is stored again, in milliseconds @default 30,000 */
  readonly retryMs?: number
}

/** Creates {@link Operations}: progress is in memory, and the record stores it as it comes. */
export function createOperations({ clock, records, log, retryMs = 30_000 }: OperationsOptions): Operations {
  const all = createRunningOperations(clock)
  const writer = createOperationWriter({ records, log, retryMs })
  let isClosing = false

  const endWith = (one: RunningOperation, error: unknown) => {
    // the client may also have disconnected
    const isCancelled =
      one.signal.aborted || (error instanceof AppError && error.code === 'operation_cancelled')
    if (isCancelled) one.end('cancelled', null)
    else one.end(isClosing ? 'interrupted' : 'failed', redactFailure(error))
  }

  const during = async <TResult>(
    one: RunningOperation,
    work: () => Promise<TResult>,
    outcomeOf?: RecordedRequest<TResult>['outcomeOf'],
  ): Promise<TResult> => {
    try {
      const result = await work()
      const { state, message } = outcomeOf?.(result) ?? (one.signal.aborted ? CANCELLED : DONE)
      one.end(state, message)
      return result
    } catch (error) {
      endWith(one, error)
      throw error
    }
  }

  /** Returns why no record could be written; undefined: it was. */
  const record = async (
    one: RunningOperation,
    request: RecordedRequest<never>,
  ): Promise<string | undefined> => {
    try {
      await begin(records, one.operation, request)
      return undefined
    } catch (error) {
      if (!(error instanceof AppError) && unrecordedKinds.includes(request.kind)) {
        log.error({ event: 'operation_not_stored', err: error }, 'an operation begins without a record')
        return error instanceof Error ? error.message : String(error)
      }
      one.drop()
      throw error
    }
  }

  /** The record knows what an undo left, and what a change can be undone. */
  const amend = async (ids: readonly (string | null)[]): Promise<void> => {
    for (const id of ids) {
      const found = id === null ? undefined : await records.find(id).catch(() => undefined)
      if (found && found.state !== 'running')
        all.amend(found.id, { undoable: found.isUndoable, resumable: found.isResumable })
    }
  }

  return {
    list: all.list,
    listRunning: all.listRunning,
    cancel: all.cancel,
    store: all.store,
    records,
    close: () => void (isClosing = true),
    flush: () => writer.flush(),
    withEnd: (stored) => ({ ...stored, ...writer.endOf(stored.id) }),

    async run(request, work) {
      const one = all.begin(request)
      const recordError = await record(one, request)
      try {
        const handle = handleOf(one, { recordError, records, writer, log })
        return await during(one, () => work(handle), request.outcomeOf)
      } finally {
        const { id, title, done, total, state, endedAt, message, undoes } = one.operation
        if (recordError === undefined) {
          await writer.end(id, { title, done, total, state, endedAt: endedAt ?? clock(), message })
          await amend([id, undoes])
        }
      }
    },

    async show(request, work) {
      const one = all.begin(request)
      const progress: OperationHandle['progress'] = (done, total) =>
        one.change(total === undefined ? { done } : { done, total })
      return during(one, () => work({ signal: one.signal, progress }))
    },
  }
}

/** Writes that an operation begins, or goes on. @throws AppError operation_known, undo_none */
async function begin(
  records: OperationStore,
  operation: Operation,
  { params = null, resumes, host, askedBy }: RecordedRequest<never>,
): Promise<void> {
  const { id, kind, title, total, actor, undoes, startedAt } = operation
  if (resumes) {
    if (!(await records.reopen(id, { by: resumes.by, askedBy }))) throw new AppError('resume_none')
    return
  }
  const hostId = host.id
  const begun = await records.begin({
    id,
    hostId,
    kind,
    title,
    total,
    actor,
    undoes,
    startedAt,
    params,
    askedBy,
  })
  if (begun === 'known') throw new AppError('operation_known')
  if (begun === 'undone') throw new AppError('undo_none')
  if (begun === 'running') throw new AppError('operation_running')
}

interface Recording {
  readonly recordError: string | undefined
  readonly records: OperationStore
  readonly writer: OperationWriter
  readonly log: Logger
}

function handleOf(one: RunningOperation, { recordError, records, writer, log }: Recording): OperationHandle {
  const { id, actor, total: totalBefore, done: reached } = one.operation
  const change = (over: Partial<Operation>) => {
    one.change(over)
    const { title, done, total } = one.operation
    if (recordError === undefined) writer.progress(id, { title, done, total })
  }
  return {
    id,
    actor,
    total: totalBefore,
    reached,
    signal: one.signal,
    recordError,
    step: (step) => one.change({ step }),
    commit: () => one.change({ cancellable: false }),
    progress: (done, total) => change(total === undefined ? { done } : { done, total }),
    describe: (title, total) => change({ title, total }),
    async keep(kind, items) {
      if (recordError !== undefined || items.length === 0) return
      await records.addItems(id, kind, items)
      one.kept.add(kind)
    },
    async replace(kind, items) {
      if (recordError !== undefined) return
      try {
        await records.replaceItems(id, kind, items)
        one.kept.add(kind)
      } catch (error) {
        log.error(
          { event: 'operation_not_stored', err: error },
          'an operation cannot be continued after an interruption',
        )
      }
    },
  }
}
